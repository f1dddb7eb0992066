"""The questions as content: sound by walking, in plain words, and with somewhere to go for every need that an answer reveals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from questioning import assessment, taxonomy
from questioning import settings as content_settings

from portal import clock
from portal.assessment.checking import find_unmet, list_needs
from portal.assessment.definition import HELP, NOT_SURE
from portal.cli import main
from portal.config import Settings
from portal.db import opened, reading
from portal.directory.queries import find_public
from portal.localities.place import Place
from portal.localities.place import place as find_place
from portal.pack import find_file, read_yaml
from portal.search.menu import Diner, menu
from portal.signposting.making import Signposts

MOST_WORDS = 20  # of a sentence: what the health service writes by
LONGEST_LABEL = 80  # letters of an answer that can be taken in at a glance on a phone
FORBIDDEN = re.compile(
    r"\b(assess\w*|referr\w*|service users?|pathways?|eligib\w*|click here|outcomes?|signpost\w*|vulnerable|frail\w*|domiciliary)\b", re.I
)
CALLED_SO = re.compile(r"\b(care|carer's) assessment\b")  # what the law calls what anybody can ask for
ARE_YOU = re.compile(r"\bare you (a|an|the|his|her|their) ", re.I)


def texts() -> Iterator[tuple[str, str]]:
    """Everything that is asked, by where it stands."""
    for question in assessment().questions():
        yield from ((f"{question.id}, {name}", getattr(question, name)) for name in ("label", "short", "why"))
        yield from ((f"{question.id}, {option.id}", option.label) for option in question.options)


def steps() -> list[tuple[str, str]]:
    return [(row["id"], row["label"]) for row in read_yaml(find_file(content_settings(), "steps.yaml"))["steps"]]


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:])\s+", text) if part]


def test_portal_assessment_check_finds_nothing(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["assessment", "check"], env={"PORTAL_STATE": str(tmp_path)})
    assert result.exit_code == 0, result.output
    said = re.fullmatch(r"(\d+) questions, ([\d,]+) path classes walked, longest (\d+) pages, shortest (\d+)\. Sound\.\n", result.stdout)
    assert said, result.stdout
    questions, classes, longest, shortest = (int(number.replace(",", "")) for number in said.groups())
    assert questions == len(assessment().by_id)
    assert classes >= 500
    assert longest <= 15
    assert shortest <= 6


def test_portal_assessment_check_says_which_needs_no_listing_meets_where_listings_are_loaded(demo: Settings) -> None:
    state = str(demo.instance.parent)
    result = CliRunner().invoke(main, ["assessment", "check"], env={"PORTAL_STATE": state})
    with opened(demo.database_url) as engine:
        unmet = find_unmet(engine, assessment())
    assert ("No service in the directory yet for" in result.stdout) is bool(unmet)


def test_portal_assessment_graph_draws_where_it_says(tmp_path: Path) -> None:
    out = tmp_path / "questions.svg"
    result = CliRunner().invoke(main, ["assessment", "graph", "--out", str(out)], env={"PORTAL_STATE": str(tmp_path)})
    assert (result.exit_code, result.stdout) == (0, f"Drawn: {out}\n"), result.output
    assert ET.fromstring(out.read_text("utf-8")).tag.endswith("svg")  # noqa: S314 - it is our own


def test_every_need_that_an_answer_reveals_is_met_by_a_service_of_the_demo(demo: Settings) -> None:
    with opened(demo.database_url) as engine:
        assert find_unmet(engine, assessment()) == ()


def offered(app: Flask, place: str) -> set[str]:
    """Needs for which a plan has a service to show to somebody there."""
    given: Signposts = app.extensions["signposting"]
    found = find_place(place, given.searcher.extents.gazetteer)
    with reading(given.engine) as session:
        diner = Diner(found if isinstance(found, Place) else None, clock.today(), (), lambda ids: find_public(session, ids))
        offers = menu(given.searcher, given.index.snapshot().generation, list_needs(assessment()), diner)
    return {need for need, offer in offers.items() if offer.hits}


@pytest.mark.parametrize("place", ["", "Old Town", "Quayside", "Westcroft", "Northgate", "Fernhill", "Eastmoor", "Millbrook", "Southlea"])
def test_every_need_that_an_answer_reveals_has_a_service_for_a_grown_up_wherever_they_live(reader: FlaskClient, place: str) -> None:
    here = offered(reader.application, place)
    assert [need for need in list_needs(assessment()) if need not in here] == []


@pytest.mark.parametrize(("where", "text"), list(texts()))
def test_what_is_asked_is_said_in_short_sentences_and_plain_words(where: str, text: str) -> None:
    assert text.strip() == text
    for sentence in sentences(text):
        assert len(sentence.split()) <= MOST_WORDS, f"{where}: {sentence}"
    assert not FORBIDDEN.search(text), f"{where}: {text}"
    assert not ARE_YOU.search(text), f"{where} asks people to call themselves something: {text}"
    assert len(text) <= LONGEST_LABEL


@pytest.mark.parametrize(("where", "text"), steps())
def test_small_steps_are_said_in_short_sentences_and_plain_words(where: str, text: str) -> None:
    assert text.endswith(".")
    for sentence in sentences(text):
        assert len(sentence.split()) <= MOST_WORDS, f"{where}: {sentence}"
    assert not FORBIDDEN.search(CALLED_SO.sub("", text)), f"{where}: {text}"


def test_nobody_is_asked_whether_they_are_a_carer() -> None:
    assert [where for where, text in texts() if re.search(r"\bcarers?\b", text, re.I)] == []


def test_words_that_are_hard_to_put_for_both_are_neutral() -> None:
    """The same question is asked of a person and of somebody who helps them: only questions about the answerer say "you" of their body."""
    about_both = [question for question in assessment().questions() if not question.is_for_carer and question.id != "counted-on"]
    for question in about_both:
        assert not re.search(r"\b(he|she|him|her|they|them)\b", question.label, re.I), question.label
        assert not re.search(r"\b(are|do|can|have) you\b", question.label, re.I), question.label


def test_topics_are_those_of_the_home_page_in_its_order() -> None:
    groups = [topic.group for topic in assessment().offered_topics]
    assert groups == [group for group in taxonomy().groups if group in groups]
    assert HELP not in assessment().by_id
    assert NOT_SURE not in {topic.id for topic in assessment().topics}
