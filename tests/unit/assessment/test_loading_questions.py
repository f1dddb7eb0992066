"""Questions from files: whole when they are sound; otherwise nothing starts, and it is said where and what to mend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.assessment.definition import ALWAYS, MANY, ROOM, Assessment, Condition
from portal.assessment.loading import FIRST, SECOND
from portal.errors import ContentError

Load = Callable[[dict[str, Any]], Assessment]
Files = dict[str, Any]


def home(files: Files, at: int = 0) -> Any:
    """A question about the home."""
    return files[FIRST]["topics"][0]["questions"][at]


def test_both_files_are_one_assessment_with_the_carers_topic_after_the_one_that_leads_to_it(load: Load, files: Files) -> None:
    assessment = load(files)
    assert [question.id for question in assessment.questions()] == ["who", "washing", "harder", "counted-on", "carer-hard", "last"]
    assert [topic.id for topic in assessment.topics] == ["home", "caring", "carer"]
    assert [topic.id for topic in assessment.offered_topics] == ["home", "caring"]
    assert [question.id for question in assessment.questions() if question.is_for_carer] == ["carer-hard"]


def test_a_scale_is_the_same_for_all_that_use_it_and_the_needs_are_the_questions_own(load: Load, files: Files) -> None:
    washing = load(files).by_id["washing"]
    assert [option.id for option in washing.options] == ["fine", "hurts", "not-sure"]
    assert [option.needs for option in washing.options] == [(), ("equipment",), ()]


def test_a_question_is_read_whole(load: Load, files: Files) -> None:
    harder = load(files).by_id["harder"]
    assert (harder.label, harder.short, harder.why, harder.choose, harder.ask) == ("harder?", "Harder", "So.", MANY, ROOM)
    assert harder.conditions == (Condition((("washing", frozenset({"hurts"})),)),)
    stairs, nothing = harder.options
    assert (stairs.needs, stairs.is_high, stairs.is_alone, stairs.urgent) == (("adaptations",), True, False, "abuse")
    assert (nothing.needs, nothing.is_high, nothing.is_alone, nothing.urgent) == ((), False, True, "")


def test_what_is_not_said_is_one_answer_always_asked(load: Load, files: Files) -> None:
    del home(files, 1)["ask"], files[FIRST]["end"][0]["choose"]
    assessment = load(files)
    assert assessment.by_id["harder"].ask == ALWAYS
    assert assessment.by_id["last"].choose == "one"


def test_a_carers_question_carries_the_condition_of_its_file_and_its_own(load: Load, files: Files) -> None:
    files[SECOND]["topics"][0]["questions"][0]["show_if"] = {"washing": ["hurts"]}
    shared, own = load(files).by_id["carer-hard"].conditions
    assert shared == Condition((("who", frozenset({"helping"})), ("counted-on", frozenset({"yes"}))), needs_all=False)
    assert own == Condition((("washing", frozenset({"hurts"})),))


def test_several_questions_in_one_condition_must_all_be_answered_so(load: Load, files: Files) -> None:
    files[FIRST]["end"][0]["show_if"] = {"washing": ["hurts"], "counted-on": ["no"]}
    [condition] = load(files).by_id["last"].conditions
    assert condition.needs_all
    assert dict(condition.terms) == {"washing": frozenset({"hurts"}), "counted-on": frozenset({"no"})}


def spoil(key: str, value: object, at: int = 0) -> Callable[[Files], None]:
    """Puts a value into a question about the home."""
    return lambda files: home(files, at).__setitem__(key, value)


def put(files: Files, option: dict[str, Any]) -> None:
    home(files, 1)["options"].append({"id": "more", "label": "More", **option})


WRONG: dict[str, tuple[Callable[[Files], None], tuple[str, ...]]] = {
    "a key that no question has": (spoil("lable", "x"), ("washing", "lable", "not a key of a question")),
    "a key that no option has": (lambda files: put(files, {"need": []}), ("harder", "need", "not a key of an option")),
    "needs of no option": (spoil("needs", {"often": ["equipment"]}), ("washing", "often", "no option")),
    "a weight": (lambda files: put(files, {"weight": "low"}), ("harder", "more", "high or some", "'low'")),
    "a way of choosing": (spoil("choose", "two"), ("washing", "one or many")),
    "a time of asking": (spoil("ask", "never"), ("washing", "always or room")),
    "a need that nobody knows": (lambda files: put(files, {"needs": ["hugs"]}), ("harder, more", "hugs", "not in the taxonomy")),
    "an urgent card that is not there": (lambda files: put(files, {"urgent": "fire"}), ("harder, more", "fire", "no card")),
    "an option twice": (lambda files: put(files, {"id": "stairs"}), ("harder", "stairs", "twice")),
    "a question twice": (spoil("id", "last"), ("question last", "twice")),
    "a group that is not there": (lambda files: files[FIRST]["topics"][0].update(group="den"), ("no group of needs", "den")),
    "a condition on a later question": (spoil("show_if", {"counted-on": ["yes"]}), ("washing", "counted-on", "not asked before")),
    "a condition on itself": (spoil("show_if", {"washing": ["hurts"]}), ("washing", "not asked before")),
    "a condition on no question": (spoil("show_if", {"weather": ["fine"]}), ("washing", "weather", "not asked before")),
    "a condition on no option": (spoil("show_if", {"washing": ["often"]}, 1), ("harder", "washing", "often")),
    "several answers and no none": (lambda files: home(files, 1)["options"].pop(), ("harder", "none is true")),
    "one answer and no not-sure": (lambda files: files[FIRST]["end"][0]["options"].pop(), ("last", "not sure")),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_its_question(load: Load, files: Files, what: str) -> None:
    spoil_it, words = WRONG[what]
    spoil_it(files)
    with pytest.raises(ContentError) as told:
        load(files)
    assert [word for word in words if word not in str(told.value)] == []


def test_the_first_of_several_problems_is_said_and_how_many_there_are(load: Load, files: Files) -> None:
    spoil("choose", "two")(files)
    spoil("ask", "never", 1)(files)
    with pytest.raises(ContentError, match=r"washing: choose is one or many.*\(2 problems in all\)"):
        load(files)


@pytest.mark.parametrize("key", ["id", "label", "short", "why"])
def test_what_is_missing_is_said_with_its_question(load: Load, files: Files, key: str) -> None:
    del home(files, 1)[key]
    with pytest.raises(ContentError) as told:
        load(files)
    assert key in str(told.value)
    assert key == "id" or "harder" in str(told.value), "which question is it?"


@pytest.mark.parametrize("key", ["scale", "start", "topics", "end"])
def test_a_part_that_is_missing_is_named(load: Load, files: Files, key: str) -> None:
    del files[FIRST][key]
    with pytest.raises(ContentError, match=key):
        load(files)


@pytest.mark.parametrize("name", [FIRST, SECOND])
@pytest.mark.parametrize("content", ["", "[]", "word", "{", "topics: 3"])
def test_a_file_of_another_shape_is_refused(load: Load, files: Files, name: str, content: str) -> None:
    with pytest.raises(ContentError):
        load({**files, name: content})


def test_a_file_that_is_not_there_is_named(load: Load, files: Files) -> None:
    del files[SECOND]
    with pytest.raises(ContentError, match=SECOND):
        load(files)


@pytest.mark.parametrize("condition", [["washing"], "washing", {"any": {"washing": ["hurts"]}}, {"washing": 3}])
def test_a_condition_of_another_shape_is_refused(load: Load, files: Files, condition: object) -> None:
    spoil("show_if", condition, 1)(files)
    with pytest.raises(ContentError):
        load(files)


def test_options_that_are_one_word_and_no_list_are_refused(load: Load, files: Files) -> None:
    spoil("show_if", {"washing": "hurts"}, 1)(files)
    with pytest.raises(ContentError):
        load(files)


def test_no_topic_of_a_carer_is_lost(load: Load, files: Files) -> None:
    files[SECOND]["topics"][0]["group"] = "mood"  # a group that no topic of the first file is about
    with pytest.raises(ContentError, match="carer"):
        load(files)
