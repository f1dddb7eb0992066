"""The questions from their files: `content/assessments/*.yaml` in, one frozen `Assessment` out; whoever helps is in it too.

What is wrong with a file stops the start and says which file, which question and what to mend. What only walking can prove
(that every path ends well) is in `checking`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from portal.assessment.definition import ALWAYS, HELP, MANY, NOT_SURE, ONE, ROOM, Assessment, Condition, Option, Question, Topic
from portal.errors import ContentError
from portal.pack import read_yaml
from portal.taxonomy.terms import Taxonomy

FIRST: Final = "wellbeing.yaml"
SECOND: Final = "carer.yaml"
_OF_QUESTION: Final = frozenset({"id", "label", "short", "why", "choose", "ask", "options", "scale", "needs", "show_if"})
_OF_TOPIC: Final = frozenset({"id", "group", "questions", "is_for_carer", "ask_anyway"})
_OF_OPTION: Final = frozenset({"id", "label", "needs", "weight", "alone", "urgent", "seek"})


def load_assessment(folder: Path, taxonomy: Taxonomy, urgent: Iterable[str]) -> Assessment:
    """Read both files; `urgent` are the ids of the cards of urgent help. Raises `ContentError`."""
    first, second = (read_yaml(folder / name) for name in (FIRST, SECOND))
    try:
        scale = first["scale"]
        carer = _condition(second.get("show_if"))
        carers = tuple(_topic(row, scale, carer) for row in second["topics"])
        assessment = Assessment(
            start=tuple(_question(row, scale) for row in first["start"]),
            topics=_in_order(tuple(_topic(row, scale) for row in first["topics"]), carers),
            end=tuple(_question(row, scale) for row in first["end"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ContentError(f"{folder}: {error}") from error
    if problems := list(_problems(assessment, taxonomy, set(urgent))):
        raise ContentError(f"{folder}: {problems[0]}" + (f" ({len(problems)} problems in all)" if len(problems) > 1 else ""))
    return assessment


def _in_order(topics: tuple[Topic, ...], carers: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """A carer's topics follow the one of the same group, which leads into them. Raises `ValueError` where there is none."""
    if lost := [carer.id for carer in carers if carer.group not in {topic.group for topic in topics}]:
        raise ValueError(f"{', '.join(lost)} of {SECOND} has a group that no topic of {FIRST} is about")
    return tuple(one for topic in topics for one in (topic, *(carer for carer in carers if carer.group == topic.group)))


def _topic(row: dict[str, Any], scale: list[dict[str, Any]], carer: Condition | None = None) -> Topic:
    if strange := set(row) - _OF_TOPIC:
        raise ValueError(f"topic {row.get('id')}: {', '.join(sorted(strange))} is not a key of a topic")
    conditions = (carer,) if carer else ()
    questions = tuple(_question(question, scale, conditions) for question in row["questions"])
    return Topic(row["id"], row["group"], questions, bool(row.get("is_for_carer")), bool(row.get("ask_anyway")))


def _question(row: dict[str, Any], scale: list[dict[str, Any]], conditions: tuple[Condition, ...] = ()) -> Question:
    name = row.get("id") or f"the question {row.get('label')!r}"
    if strange := set(row) - _OF_QUESTION:
        raise ValueError(f"{name}: {', '.join(sorted(strange))} is not a key of a question")
    if missing := [key for key in ("id", "label", "short", "why") if not row.get(key)] + (
        [] if row.get("scale") or row.get("options") else ["options"]
    ):
        raise ValueError(f"{name}: {', '.join(missing)} is missing")
    needs = row.get("needs", {})
    options = [{**each, "needs": needs.get(each["id"], [])} for each in scale] if row.get("scale") else row["options"]
    if strange := set(needs) - {each["id"] for each in options}:
        raise ValueError(f"{row['id']}: needs of {', '.join(sorted(strange))}, which is no option")
    if row.get("scale") and "options" in row:
        raise ValueError(f"{name}: it has the scale's options, or its own, not both")
    own = (_condition(row["show_if"]),) if "show_if" in row else ()
    return Question(
        id=row["id"],
        label=row["label"],
        short=row["short"],
        why=row["why"],
        choose=row.get("choose", ONE),
        ask=row.get("ask", ALWAYS),
        options=tuple(_option(row["id"], each) for each in options),
        conditions=(*conditions, *own),
        is_for_carer=bool(conditions),
    )


def _option(question: str, row: dict[str, Any]) -> Option:
    if strange := set(row) - _OF_OPTION:
        raise ValueError(f"{question}: {', '.join(sorted(strange))} is not a key of an option")
    if missing := [key for key in ("id", "label") if not row.get(key)]:
        raise ValueError(f"{question}: {', '.join(missing)} of an option is missing")
    if (weight := row.get("weight", "some")) not in ("high", "some"):
        raise ValueError(f"{question}: weight of {row['id']} is high or some, not {weight!r}")
    needs = tuple(row.get("needs", ()))
    seek = tuple(row.get("seek", ()))
    return Option(row["id"], row["label"], needs, weight == "high", bool(row.get("alone")), row.get("urgent", ""), seek)


def _condition(row: Mapping[str, Any] | None) -> Condition:
    if not row:
        return Condition()
    key = next(iter(row))
    parts = row[key] if key in ("any", "all") else [row]
    terms = tuple((question, frozenset(options)) for part in parts for question, options in part.items())
    return Condition(terms, needs_all=key != "any")


def _problems(assessment: Assessment, taxonomy: Taxonomy, urgent: set[str]) -> Iterable[str]:
    ids = Counter(question.id for question in assessment.questions())
    yield from (f"question {name} is there twice" for name, count in ids.items() if count > 1)
    groups = [topic.group for topic in assessment.topics]
    yield from (f"no group of needs is called {group}" for group in groups if group not in taxonomy.groups)
    before = {HELP: {NOT_SURE, *(topic.id for topic in assessment.offered_topics)}}
    for question in assessment.questions():
        yield from _problems_of(question, taxonomy, urgent)
        for name, options in (term for condition in question.conditions for term in condition.terms):
            if not options <= before.get(name, set()):
                yield f"{question.id}: show_if names {name} with {', '.join(sorted(options))}, which was not asked before it"
        before[question.id] = set(question.by_id)


def _problems_of(question: Question, taxonomy: Taxonomy, urgent: set[str]) -> Iterable[str]:
    if question.choose not in (ONE, MANY) or question.ask not in (ALWAYS, ROOM):
        yield f"{question.id}: choose is one or many, ask is always or room"
    ids = Counter(option.id for option in question.options)
    yield from (f"{question.id}: option {name} is there twice" for name, count in ids.items() if count > 1)
    for option in question.options:
        if unknown := [need for need in option.needs if need not in taxonomy.needs]:
            yield f"{question.id}, {option.id}: needs {', '.join(unknown)} are not in the taxonomy"
        if option.urgent and option.urgent not in urgent:
            yield f"{question.id}, {option.id}: no card of urgent help is called {option.urgent}"
    ways_out = [option for option in question.options if option.id == NOT_SURE or option.is_alone]
    if question.choose == MANY and not any(option.is_alone for option in question.options):
        yield f"{question.id}: nobody can answer that none is true"
    if question.choose == ONE and question.id != "who" and not ways_out:
        yield f"{question.id}: nobody can answer that they are not sure"
