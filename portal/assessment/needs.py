"""What answers reveal: the questions and the answers in, needs in order out, each with the answers that told of it. Pure.

Nothing is scored. The order is that of care: what was called hard or dangerous first, then the rest; the first need of every
answer before the second of any, so that each thing that somebody told us is heard before one of them is heard twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.assessment.answers import Answers
from portal.assessment.definition import Assessment, Option, Question
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class Told:
    """An answer: the question and the option; or, without them, a person's own words."""

    question: Question | None = None
    option: Option | None = None
    words: str = ""


@dataclass(frozen=True)
class Revealed:
    """A need, what told of it, strongest first, and whether it is a carer's own."""

    need: str
    told: tuple[Told, ...]
    is_for_carer: bool = False


def from_answers(assessment: Assessment, answers: Answers, heard: Sequence[str] = ()) -> tuple[Revealed, ...]:
    """Needs in order. `heard` are needs that the person's own words about a better life speak of."""
    told = [(_reason, _reason.option.needs) for _reason in list_told(assessment, answers) if _reason.option and _reason.option.needs]
    strong = sorted(told, key=lambda pair: not (pair[0].option and pair[0].option.is_high))
    own = [(Told(words=answers.texts.get("better", "")), tuple(heard))] if heard else []
    found: dict[tuple[str, bool], list[Told]] = {}
    for reason, need in _in_turn([*strong, *own]):
        found.setdefault((need, _is_for_carer(reason)), []).append(reason)
    return tuple(Revealed(need, tuple(reasons), is_for_carer) for (need, is_for_carer), reasons in found.items())


def list_told(assessment: Assessment, answers: Answers) -> Iterator[Told]:
    """Every answer in the order of the questions."""
    for question in assessment.list_asked(answers.chosen):
        for option in answers.chosen.get(question.id, ()):
            if option in question.by_id:
                yield Told(question, question.by_id[option])


def list_urgent(assessment: Assessment, answers: Answers) -> tuple[str, ...]:
    """Cards of urgent help that answers call for."""
    return tuple(dict.fromkeys(told.option.urgent for told in list_told(assessment, answers) if told.option and told.option.urgent))


def list_outcomes(revealed: Iterable[Revealed], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Care Act outcomes that the needs bear on, in the taxonomy's order."""
    touched = {outcome for each in revealed for outcome in taxonomy.needs[each.need].outcomes}
    return tuple(outcome for outcome in taxonomy.outcomes if outcome in touched)


def _in_turn(told: Sequence[tuple[Told, tuple[str, ...]]]) -> Iterator[tuple[Told, str]]:
    deepest = max((len(needs) for _, needs in told), default=0)
    for depth in range(deepest):
        yield from ((reason, needs[depth]) for reason, needs in told if depth < len(needs))


def _is_for_carer(told: Told) -> bool:
    return told.question is not None and told.question.is_for_carer
