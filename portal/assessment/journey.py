"""Which page comes when: the questions and the answers so far in, the pages of this person's way out. Pure.

Who, then safety, place and what would help; then the first question of each topic, and more while there is room; then strengths
and how to be contacted. Nobody sees more than `MOST_PAGES` before the plan, so what there is no room for is offered with the
answers instead. Room is given by what was chosen at the beginning alone, so that no page appears behind somebody's back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from portal.assessment.answers import Answers, kept
from portal.assessment.definition import ALWAYS, HELP, ROOM, Assessment, Chosen, Question, Topic

MOST_PAGES: Final = 15
PARTS_ALOUD: Final = 2  # parts of life on a page that is read out: at most 12 pages before the plan
SAFETY: Final = "safety"
PLACE: Final = "place"
STRENGTHS: Final = "strengths"
CONTACT: Final = "contact"
QUESTIONS: Final = "questions"
_CHECK: Final = 1  # the page on which answers are checked counts too
WHO: Final = "who"


@dataclass(frozen=True)
class Step:
    """One page: `kind` is one of the names above, or `help`; `questions` are those asked on it, one unless somebody asks them aloud.

    `page`, where they are asked aloud: these and those that an answer on the page may yet call for, so that it is shown only once.
    """

    kind: str
    questions: tuple[Question, ...] = ()
    page: tuple[Question, ...] = ()

    @property
    def shown(self) -> tuple[Question, ...]:
        """All that stand on the page, in order."""
        return self.page or self.questions

    def is_answered(self, answers: Answers) -> bool:
        """Whether the page has been answered."""
        if self.kind == QUESTIONS:
            return all(question.id in answers.chosen for question in self.questions)
        return HELP in answers.chosen if self.kind == HELP else self.kind in answers.done


def list_steps(assessment: Assessment, answers: Answers, *, is_aloud: bool = False) -> tuple[Step, ...]:
    """The pages of this way, in order, as far as the answers show it. `is_aloud`: two topics a page, whole."""
    before = [*(Step(QUESTIONS, (question,)) for question in assessment.start), Step(SAFETY), Step(PLACE), Step(HELP)]
    if HELP not in answers.chosen:
        return tuple(before)
    if is_aloud:
        return (*before, *_aloud(assessment, answers), Step(STRENGTHS), Step(CONTACT))
    room = _room(assessment, answers, len(before))
    asked = [Step(QUESTIONS, (question,)) for question in _asked(assessment, answers) if question.id in room]
    return (*before, *asked, *(Step(kind) for kind in (STRENGTHS, CONTACT) if kind in room))


def list_pages(assessment: Assessment, answers: Answers, *, is_aloud: bool = False) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The pages of this way, and those that it has no room for, to be answered by whoever wants to."""
    steps = list_steps(assessment, answers, is_aloud=is_aloud)
    if HELP not in answers.chosen:
        return steps, ()
    kinds, shown = {step.kind for step in steps}, {question.id for step in steps for question in step.questions}
    asked = {question.id for question in _asked(assessment, answers)}
    last = [Step(QUESTIONS, (question,)) for question in assessment.end if question.id in asked and question.id not in shown]
    return steps, (*last, *(Step(kind) for kind in (STRENGTHS, CONTACT) if kind not in kinds))


def settled(assessment: Assessment, answers: Answers, *, is_aloud: bool = False) -> Answers:
    """The answers without those that no page shows any more after the others: nobody could see or change them."""
    now = kept(answers, assessment)
    pages = list_pages(assessment, now, is_aloud=is_aloud)
    seen = {HELP, *(question.id for steps in pages for step in steps for question in step.questions)}
    return replace(now, chosen={name: options for name, options in now.chosen.items() if name in seen})


def next_step(assessment: Assessment, answers: Answers, *, is_aloud: bool = False) -> Step | None:
    """The first page that is not answered; None when it is time for the plan."""
    steps = list_steps(assessment, answers, is_aloud=is_aloud)
    return next((step for step in steps if not step.is_answered(answers)), None)


def _asked(assessment: Assessment, answers: Answers) -> list[Question]:
    start = {question.id for question in assessment.start}
    return [question for question in assessment.list_asked(answers.chosen) if question.id not in start]


def _aloud(assessment: Assessment, answers: Answers) -> Iterator[Step]:
    """Pages to read out. What stands on which page depends on the beginning alone, so that none changes under an adviser's hands."""
    asked = _asked(assessment, answers)
    parts = _parts(assessment, answers)
    for at in range(0, len(parts), PARTS_ALOUD):
        together = [question for part in parts[at : at + PARTS_ALOUD] for question in part]
        page = tuple(question for question in together if question in asked or question.called_for_by(together))
        if page:
            yield Step(QUESTIONS, tuple(question for question in page if question in asked), page=page)


def _parts(assessment: Assessment, answers: Answers) -> list[list[Question]]:
    """Questions that may be asked after the beginning, by part of life: a carer's with the topic that leads into them."""
    topics = [topic for topic in assessment.topics if topic.is_chosen(answers.chosen)]
    known = _known_at_first(assessment, answers, topics)
    parts: dict[str, list[Question]] = {}
    for topic in (*topics, Topic("end", "", assessment.end)):
        parts.setdefault(topic.group, []).extend(question for question in topic.questions if question.could_hold(known))
    return [part for part in parts.values() if part]


def _room(assessment: Assessment, answers: Answers, before: int) -> set[str]:
    """Ids of questions and pages that there is room for: the first question of each topic, and then what helps most."""
    topics = [topic for topic in assessment.topics if topic.is_chosen(answers.chosen)]
    known = _known_at_first(assessment, answers, topics)
    first = _first(topics, known)
    nearer, further = _more(topics, known)
    last = [question.id for question in assessment.end if question.could_hold(known)]
    room = MOST_PAGES - before - _CHECK - len(first)
    wanted = [STRENGTHS, *last, *nearer, CONTACT, *further]
    anyway = _anyway(assessment, answers, topics) if room > len(wanted) else []
    return {*first, *wanted[: max(0, room)], *(anyway if len(wanted) + len(anyway) <= room else ())}


def _first(topics: list[Topic], known: Chosen) -> list[str]:
    """The question of each topic that is always asked."""
    return [question.id for topic in topics for question in topic.questions if question.ask == ALWAYS and question.could_hold(known)]


def _anyway(assessment: Assessment, answers: Answers, topics: list[Topic]) -> list[str]:
    """The first question of a topic that is asked unchosen, and the one that an answer to it leads to."""
    known = _known_at_first(assessment, answers, [*topics, *(topic for topic in assessment.topics if topic.is_asked_anyway)])
    unchosen = [topic for topic in assessment.topics if topic.is_asked_anyway and topic not in topics]
    led_to = [topic for topic in assessment.topics if topic.is_for_carer and {it.group for it in unchosen} & {topic.group}]
    return _first([*unchosen, *led_to], known)


def _known_at_first(assessment: Assessment, answers: Answers, topics: list[Topic]) -> dict[str, tuple[str, ...]]:
    """The answers of the beginning, and nothing for each question that cannot be asked after them."""
    known = {name: answers.chosen[name] for name in (WHO, HELP) if name in answers.chosen}
    taken = {topic.id for topic in topics}
    for topic in assessment.topics:
        for question in topic.questions:
            if topic.id not in taken or not question.could_hold(known):
                known[question.id] = ()
    return known


def _more(topics: list[Topic], known: Chosen) -> tuple[list[str], list[str]]:
    """Further questions: the next of every topic; and those after it, again one of each topic before another of any."""
    waiting = [[question.id for question in topic.questions if question.ask == ROOM and question.could_hold(known)] for topic in topics]
    layers = [[question for question in layer if question] for layer in zip_longest(*waiting)]
    return (layers[0] if layers else []), [question for layer in layers[1:] for question in layer]
