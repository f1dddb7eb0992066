"""One word for one thing: translations that stray from the glossary are named; a glossary with a hole is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from portal.errors import ContentError
from portal.i18n.glossary import load_glossary, straying

TABLE = """term,note,pl,tr
carer,unpaid,opiekun|opieku,bakan
council,,council|urząd,belediye
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "glossary.csv").write_text(TABLE, "utf-8")
    return tmp_path


def catalogue(*pairs: tuple[str | tuple[str, str], str | tuple[str, ...]]) -> Catalog:
    made = Catalog(locale="pl")
    for english, polish in pairs:
        made.add(english, polish)
    return made


def strays(folder: Path, *pairs: tuple[str | tuple[str, str], str | tuple[str, ...]]) -> list[str]:
    return list(straying(catalogue(*pairs), "pl", load_glossary(folder, ("pl",))))


def test_a_translation_with_any_of_the_words_in_any_ending_keeps_to_it(folder: Path) -> None:
    assert strays(folder, ("Carers' week", "Tydzień OPIEKUNÓW"), ("Ask the council", "Zapytaj w urzędzie (Council)")) == []


def test_a_translation_with_none_of_them_is_named(folder: Path) -> None:
    [stray] = strays(folder, ("Are you a carer?", "Czy pomagasz?"), ("Care", "Opieka"), ("A carerless day", "Dzień"))
    assert "'carer' is none of opiekun | opieku in 'Are you a carer?'" in stray


def test_every_form_of_a_plural_counts_together_and_what_is_not_translated_does_not_count(folder: Path) -> None:
    assert strays(folder, (("%(num)s carer", "%(num)s carers"), ("%(num)s opiekun", "%(num)s opiekunów")), ("The council", "")) == []


def test_a_term_without_a_word_in_a_language_is_refused(folder: Path) -> None:
    with pytest.raises(ContentError, match="'carer' has no word in 'ur'"):
        load_glossary(folder, ("pl", "ur"))
    with pytest.raises(ContentError, match=r"glossary\.csv"):
        load_glossary(folder / "nowhere", ("pl",))
