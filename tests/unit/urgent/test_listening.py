"""Urgent words: which are heard, which harmless ones spare them, and in what order danger is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from portal.errors import ContentError
from portal.taxonomy.words import words
from portal.urgent.listening import UrgentWords, load_urgent_words

ORDER = ("danger", "suicide", "medical")
BOOKS = {
    "en": {
        "suicide": {"say": ["want to die", "suicide"], "unless": ["suicide prevention training"]},
        "medical": {"say": ["heart attack", "die"], "unless": ["heart attack recovery club", "die casting"]},
        "danger": {"say": ["hits me"]},
    },
    "tr": {"suicide": {"say": ["intihar"], "unless": ["intihar önleme eğitimi"]}, "medical": {"say": ["kalp krizi"]}},
    "ur": {"danger": {"say": ["مار رہا ہے"]}},
}


def write(folder: Path, books: dict[str, object]) -> Path:
    for language, book in books.items():
        (folder / f"{language}.yaml").write_text(yaml.safe_dump(book, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture
def heard(tmp_path: Path) -> UrgentWords:
    return load_urgent_words(write(tmp_path, BOOKS), ORDER)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("I want to die", ("suicide", "medical")),
        ("my husband hits me and I think of suicide", ("danger", "suicide")),
        ("Heart attack!", ("medical",)),
        ("intihar", ("suicide",)),
        ("babam kalp krizi geçiriyor he hits me", ("danger", "medical")),
        ("وہ مجھے مار رہا ہے", ("danger",)),
        ("lunch club", ()),
        ("", ()),
    ],
)
def test_danger_is_heard_in_every_language_at_once_and_told_gravest_first(
    heard: UrgentWords, question: str, kinds: tuple[str, ...]
) -> None:
    assert heard.hear(words(question)) == kinds


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("suicide prevention training", ()),
        ("intihar önleme eğitimi", ()),
        ("heart attack recovery club", ()),
        ("die casting", ()),
        ("suicide prevention training, because I want to die", ("suicide", "medical")),
        ("heart attack", ("medical",)),
        ("heart attack recovery club heart attack", ("medical",)),
    ],
)
def test_a_harmless_phrase_spares_only_what_it_spans(heard: UrgentWords, question: str, kinds: tuple[str, ...]) -> None:
    assert heard.hear(words(question)) == kinds


def test_a_kind_without_a_card_is_refused_by_its_file(tmp_path: Path) -> None:
    folder = write(tmp_path, {"en": {"fire": {"say": ["fire"]}}})
    with pytest.raises(ContentError, match=r"en\.yaml: no card for fire"):
        load_urgent_words(folder, ORDER)


@pytest.mark.parametrize("text", ["", "- a", "danger: [a]", "danger: 5", "danger: {say: ["])
def test_a_broken_book_is_refused_by_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "en.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"en\.yaml"):
        load_urgent_words(tmp_path, ORDER)


def test_without_books_nothing_is_heard(tmp_path: Path) -> None:
    assert load_urgent_words(tmp_path, ORDER).hear(["suicide"]) == ()
