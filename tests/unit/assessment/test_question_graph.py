"""The picture of the questions: whole, well formed, self-contained, and safe whatever the questions say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from questioning import assessment, taxonomy

from portal.assessment.definition import Assessment
from portal.assessment.graph import WIDTH, draw
from portal.assessment.loading import FIRST

SVG = "{http://www.w3.org/2000/svg}"
Load = Callable[[dict[str, Any]], Assessment]


def drawn(assessed: Assessment) -> ET.Element:
    """The picture, read back as strictly as a browser reads a file of SVG."""
    return ET.fromstring(draw(assessed, taxonomy()))  # noqa: S314 - it is our own


@pytest.fixture(scope="module")
def picture() -> ET.Element:
    return drawn(assessment())


def said(picture: ET.Element) -> str:
    """All words, in one line."""
    return " ".join(" ".join("".join(text.itertext()) for text in picture.iter(f"{SVG}text")).split())


def test_every_question_every_answer_and_every_need_stands_on_it(picture: ET.Element) -> None:
    words = said(picture)
    for question in assessment().questions():
        assert question.label in words
        assert f"{question.id} · " in words
        for option in question.options:
            assert f"• {option.label}" in words
            assert all(need in words.replace("- ", "-") for need in option.needs)


def test_it_shows_how_everybody_begins_and_ends_and_each_topic_by_its_name(picture: ET.Element) -> None:
    words = said(picture)
    for page in ("Is anyone in danger?", "Where?", "What would help?", "What is already good?", "Check your answers", "Your next steps"):
        assert page in words
    for topic in assessment().offered_topics:
        assert taxonomy().groups[topic.group].label in words


def test_a_condition_is_said_in_words_and_drawn_from_each_answer(picture: ET.Element) -> None:
    assert "Asked if “Feeling lonely” is “Some of the time” or “Often or always” or “Not sure”" in said(picture)
    lines = [path for path in picture.iter(f"{SVG}path") if path.get("class") == "opens"]
    conditions = {condition for question in assessment().questions() for condition in question.conditions}
    assert len(lines) == sum(len(options) for condition in conditions for _, options in condition.terms)


def test_boxes_do_not_lie_on_each_other_and_nothing_is_outside(picture: ET.Element) -> None:
    width, height = int(picture.get("width", 0)), int(picture.get("height", 0))
    boxes = [tuple(int(rect.get(name, 0)) for name in ("x", "y", "width", "height")) for rect in picture.iter(f"{SVG}rect")][1:]
    assert len(boxes) == len(assessment().by_id) + 7
    for at, (x, y, wide, high) in enumerate(boxes):
        assert wide == WIDTH
        assert x + wide <= width
        assert y + high <= height
        for other_x, other_y, other_wide, other_high in boxes[at + 1 :]:
            assert x + wide <= other_x or other_x + other_wide <= x or y + high <= other_y or other_y + other_high <= y


def test_it_needs_nothing_from_elsewhere() -> None:
    text = draw(assessment(), taxonomy()).replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|href|<script|@import", text)


def test_words_with_signs_are_escaped(load: Load, files: dict[str, Any]) -> None:
    washing = files[FIRST]["topics"][0]["questions"][0]
    washing["label"] = 'Is <script>alert("1 & 2")</script> hard?'
    files[FIRST]["topics"][0]["questions"][1]["options"][0]["label"] = "]]> & <b>"
    words = said(drawn(load(files)))
    assert washing["label"] in words
    assert "• ]]> & <b>" in words


def test_long_words_are_wrapped(load: Load, files: dict[str, Any]) -> None:
    files[FIRST]["topics"][0]["questions"][0]["label"] = "very " * 60
    files[FIRST]["scale"][0]["label"] = "quite " * 60
    texts = ["".join(text.itertext()) for text in drawn(load(files)).iter(f"{SVG}text")]
    assert max(map(len, texts)) < 60
