"""Proof by walking that the questions work: an assessment in, the figures of every kind of way through it and what is wrong, in words, out.

People go in classes: who it is for, then one topic, two, all or "not sure", then of every question one answer for each set of
further questions that it opens, and all its answers together where several can be chosen. `walk` takes every class to the plan
as the pages would, answer by answer; `problems` judges what it saw, and that there is something to say to every need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from portal.assessment.answers import Answers, kept
from portal.assessment.definition import HELP, MANY, NOT_SURE, Assessment, Question
from portal.assessment.journey import MOST_PAGES, QUESTIONS, Step, list_steps
from portal.db import reading
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.directory.terms import ServiceNeed
from portal.taxonomy.terms import Taxonomy

SHORT_WAY: Final = 6
_CHECK: Final = 1  # the page on which answers are checked
_GROUPS: Final = ("adult", "carer")  # whom outcomes count for


@dataclass(frozen=True)
class Walked:
    """What was seen on the way: how many classes, the most pages before the plan, the fewest, questions asked, and what went wrong."""

    classes: int
    longest: int
    shortest: int
    asked: frozenset[str]
    faults: tuple[str, ...]

    def summary(self) -> str:
        """One line for who ran it."""
        ways = f"{self.classes:,} path classes walked, longest {self.longest} pages, shortest {self.shortest}"
        return f"{len(self.asked)} questions, {ways}. Sound."


@dataclass(frozen=True)
class Held:
    """What a plan can say: needs that have a small step, needs that have a page of advice, and the number to ring."""

    steps: frozenset[str]
    pages: frozenset[str]
    contact: str


def walk(assessment: Assessment) -> Walked:
    """Take every class of people to the plan."""
    walker = _Walker(assessment)
    walker.go_on(Answers(), ())
    return Walked(
        classes=len(walker.lengths),
        longest=max(walker.lengths, default=0),
        shortest=min(walker.short_ways, default=0),
        asked=frozenset(walker.asked),
        faults=tuple(dict.fromkeys(walker.faults)),
    )


@dataclass
class _Walker:
    """Goes every way; `short_ways` are pages seen by somebody who asks for the plan as soon as it is offered, after "What would help?"."""

    assessment: Assessment
    lengths: list[int] = field(default_factory=list)
    short_ways: list[int] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def go_on(self, answers: Answers, passed: tuple[Step, ...]) -> None:
        """On from the pages that were `passed`, every way that there is."""
        steps = list_steps(self.assessment, answers)
        if steps[: len(passed)] != passed:
            self.faults.append(f"{_name(passed[-1])}: after an answer, pages change that were behind it")
        elif len(steps) == len(passed):
            self._arrive(steps)
        else:
            self._ask(steps[len(passed)], answers, passed)

    def _ask(self, step: Step, answers: Answers, passed: tuple[Step, ...]) -> None:
        self._try_each_option(step, answers)
        for given in self._ways_on(step, answers):
            if step.is_answered(given):
                self.go_on(given, (*passed, step))

    def _arrive(self, steps: tuple[Step, ...]) -> None:
        self.lengths.append(len(steps) + _CHECK)
        kinds = [step.kind for step in steps]
        self.short_ways.append(kinds.index(HELP) + 2 if HELP in kinds else len(steps) + _CHECK)

    def _try_each_option(self, step: Step, answers: Answers) -> None:
        """Once for each question: that no answer is lost as soon as it is given, so that its page would come again."""
        for question in step.questions:
            tried = () if question.id in self.asked else question.options
            for option in tried:
                if not step.is_answered(self._with(answers, question, [option.id])):
                    self.faults.append(f"{question.id}, {option.id}: leads nowhere, its page comes again")
            self.asked.add(question.id)

    def _ways_on(self, step: Step, answers: Answers) -> Iterator[Answers]:
        if step.kind == HELP:
            yield from (answers.choosing(HELP, chosen) for chosen in _choices_of_help(self.assessment))
        elif step.kind == QUESTIONS:
            [question] = step.questions
            yield from (self._with(answers, question, options) for options in self.classes[question.id])
        else:
            yield answers.doing(step.kind)

    def _with(self, answers: Answers, question: Question, options: list[str]) -> Answers:
        return kept(answers.choosing(question.id, options), self.assessment)

    @cached_property
    def classes(self) -> Mapping[str, list[list[str]]]:
        """Question → answers that differ in the questions they open; who it is for is always told apart."""
        return {question.id: self._classes(question) for question in self.assessment.questions()}

    def _classes(self, question: Question) -> list[list[str]]:
        if question in self.assessment.start:
            return [[option.id] for option in question.options]
        first: dict[frozenset[tuple[str, int, int]], str] = {}
        for option in question.options:
            first.setdefault(_opens(self.assessment, question.id, option.id), option.id)
        together = [option.id for option in question.options if not option.is_alone] if question.choose == MANY else []
        return [*([option] for option in first.values()), *([together] if len(first) > 1 and len(together) > 1 else [])]


def _choices_of_help(assessment: Assessment) -> Iterator[tuple[str, ...]]:
    topics = [topic.id for topic in assessment.offered_topics]
    yield from ((topic,) for topic in topics)
    yield from combinations(topics, 2)
    yield from ((NOT_SURE,), tuple(topics))


def _opens(assessment: Assessment, question: str, option: str) -> frozenset[tuple[str, int, int]]:
    """The terms of conditions that an answer meets: by question, condition and term."""
    return frozenset(
        (asked.id, at, number)
        for asked in assessment.questions()
        for at, condition in enumerate(asked.conditions)
        for number, (name, options) in enumerate(condition.terms)
        if name == question and option in options
    )


def _name(step: Step) -> str:
    return ", ".join(question.id for question in step.questions) or step.kind


def problems(assessment: Assessment, taxonomy: Taxonomy, walked: Walked, held: Held) -> Iterator[str]:
    """Everything that is wrong, each in a sentence for who wrote the questions."""
    yield from walked.faults
    yield from (f"{question.id}: nobody is ever asked" for question in assessment.questions() if question.id not in walked.asked)
    if walked.longest > MOST_PAGES:
        yield f"somebody sees {walked.longest} pages before the plan; {MOST_PAGES} is the most"
    if not 0 < walked.shortest <= SHORT_WAY:
        yield f"the shortest way has {walked.shortest} pages; {SHORT_WAY} is the most"
    if not held.contact:
        yield "the plan has no number to ring: the pack's front door has none"
    for need in list_needs(assessment):
        if need not in held.steps | held.pages:
            yield f"{need}: an answer reveals it, and there is neither a small step nor a page of advice for it"
    yield from _untouched(assessment, taxonomy)


def _untouched(assessment: Assessment, taxonomy: Taxonomy) -> Iterator[str]:
    """Care Act outcomes that no answer bears on; a carer's are looked for in the questions about the carer, an adult's in the others."""
    for group in _GROUPS:
        questions = [question for question in assessment.questions() if question.is_for_carer == (group == "carer")]
        touched = {outcome for need in _needs_of(questions) for outcome in taxonomy.needs[need].outcomes}
        wanted = [outcome for outcome in taxonomy.outcomes.values() if group in outcome.counts_for and outcome.id not in touched]
        yield from (f"{outcome.id}: no answer about the {group} reveals a need that bears on “{outcome.label}”" for outcome in wanted)


def list_needs(assessment: Assessment) -> tuple[str, ...]:
    """Every need that some answer reveals, in the order of the questions."""
    return _needs_of(assessment.questions())


def find_unmet(engine: Engine, assessment: Assessment) -> tuple[str, ...]:
    """Needs that answers reveal and no public service meets; none where no listings are loaded, or there is no database yet."""
    query = select(ServiceNeed.need).join(Service, Service.id == ServiceNeed.service_id).where(Service.status.in_(PUBLIC_STATUSES))
    try:
        with reading(engine) as session:
            met = set(session.scalars(query.distinct()))
    except SQLAlchemyError:
        return ()
    return tuple(need for need in list_needs(assessment) if met and need not in met)


def _needs_of(questions: Iterable[Question]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need for question in questions for option in question.options for need in option.needs))
