"""What the questions are: frozen, whole, checked; ids and English words only. `loading` reads them from `content/assessments/`.

A condition names questions and options by id, never by label, so that content in any language works the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

ONE: Final = "one"
MANY: Final = "many"
ALWAYS: Final = "always"
ROOM: Final = "room"
NOT_SURE: Final = "not-sure"
HELP: Final = "help"  # the question that topics answer

Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Condition:
    """Holds when any (or `needs_all`) of its terms does: a term is a question and the options of which one was chosen."""

    terms: tuple[tuple[str, frozenset[str]], ...] = ()
    needs_all: bool = True

    def holds(self, chosen: Chosen) -> bool:
        """Whether the answers so far meet it; without terms always."""
        return self._met([not wanted.isdisjoint(chosen.get(question, ())) for question, wanted in self.terms])

    def could_hold(self, chosen: Chosen) -> bool:
        """The same, where what is not answered yet may still be answered so."""
        return self._met([question not in chosen or not wanted.isdisjoint(chosen[question]) for question, wanted in self.terms])

    def _met(self, met: Sequence[bool]) -> bool:
        return not met or (all(met) if self.needs_all else any(met))


@dataclass(frozen=True)
class Option:
    """An answer to choose. `needs` that it reveals, strongest first; `is_high` brings them before others; `is_alone` excludes others.

    `urgent` is the id of the card of urgent help that it calls for, empty for most. `seek` are words in the names of services that
    are meant above others: "parkinson" where a need takes in several illnesses.
    """

    id: str
    label: str
    needs: tuple[str, ...] = ()
    is_high: bool = False
    is_alone: bool = False
    urgent: str = ""
    seek: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question. `short` names it in a list of answers; `why` is the line beneath it."""

    id: str
    label: str
    short: str
    why: str
    choose: str
    ask: str
    options: tuple[Option, ...]
    conditions: tuple[Condition, ...] = ()
    is_for_carer: bool = False

    @cached_property
    def by_id(self) -> Mapping[str, Option]:
        """Option id → option."""
        return {option.id: option for option in self.options}

    def holds(self, chosen: Chosen) -> bool:
        """Whether it is asked after these answers."""
        return all(condition.holds(chosen) for condition in self.conditions)

    def could_hold(self, chosen: Chosen) -> bool:
        """Whether it may yet be asked."""
        return all(condition.could_hold(chosen) for condition in self.conditions)

    def called_for_by(self, questions: Sequence[Question]) -> tuple[tuple[Question, tuple[Option, ...]], ...]:
        """Those of `questions` that its conditions name, each with the answers that they name."""
        known = {question.id: question for question in questions}
        terms = [(known[name], options) for condition in self.conditions for name, options in condition.terms if name in known]
        return tuple((question, tuple(option for option in question.options if option.id in options)) for question, options in terms)


@dataclass(frozen=True)
class Topic:
    """Questions about one part of life; `group` is the group of needs whose label and icon it carries.

    A carer's is asked unchosen; one that `is_asked_anyway` too, while there is room for its first question.
    """

    id: str
    group: str
    questions: tuple[Question, ...]
    is_for_carer: bool = False
    is_asked_anyway: bool = False

    def is_chosen(self, chosen: Chosen) -> bool:
        """Whether somebody wants it: by choosing it, by not being sure, or by looking after someone."""
        return self.is_for_carer or bool({self.id, NOT_SURE} & set(chosen.get(HELP, ())))


@dataclass(frozen=True)
class Assessment:
    """Everything that is asked: before, by topic, and at the end."""

    start: tuple[Question, ...]
    topics: tuple[Topic, ...]
    end: tuple[Question, ...]

    def questions(self) -> Iterator[Question]:
        """All of them in order."""
        yield from self.start
        for topic in self.topics:
            yield from topic.questions
        yield from self.end

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Question id → question."""
        return {question.id: question for question in self.questions()}

    @property
    def offered_topics(self) -> tuple[Topic, ...]:
        """Topics to choose from."""
        return tuple(topic for topic in self.topics if not topic.is_for_carer)

    def list_asked(self, chosen: Chosen) -> tuple[Question, ...]:
        """Questions that these answers lead to, in order, whether or not there is room for all of them.

        Only answers to questions that are themselves asked lead any further.
        """
        heard: dict[str, Sequence[str]] = {HELP: chosen.get(HELP, ())}
        asked = []
        for question in self._of_chosen_topics(chosen):
            if question.holds(heard):
                asked.append(question)
                heard[question.id] = chosen.get(question.id, ())
        return tuple(asked)

    def _of_chosen_topics(self, chosen: Chosen) -> Iterator[Question]:
        yield from self.start
        for topic in self.topics:
            if topic.is_chosen(chosen) or topic.is_asked_anyway:
                yield from topic.questions if topic.is_chosen(chosen) else topic.questions[:1]
        yield from self.end
