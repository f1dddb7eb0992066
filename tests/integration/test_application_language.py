"""No English under a language that has every word: a made-up catalogue wraps each message in ⟦…⟧, and pages must hold nothing bare.

Listings are in English and say so with `lang`, names are isolated in `<bdi>`; what is left is a message that nobody can translate.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, cast
from xml.etree.ElementTree import Element

import pytest
from babel import Locale
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from babel.units import format_unit
from contract import CheckedClient
from contract_rules import Page
from flask import Flask
from flask.testing import FlaskClient
from page_types import page_types

from portal.config import CHECKOUT
from portal.i18n.catalogues import extract
from portal.i18n.languages import LANGUAGES, Language
from portal.localities.gazetteer import load_gazetteer

CODE: Final = "it"  # one that the site does not speak, so every page is there in English or in messages
OPEN, CLOSE = "⟦", "⟧"
SPOKEN: Final = ("aria-label", "placeholder", "title", "alt", "data-label")
SILENT: Final = {"script", "style", "head", "bdi", "textarea"}  # in a box stands what somebody typed, or code to copy
WORD: Final = re.compile(r"[A-Za-z]{2,}")


def made_up_catalogue() -> Catalog:
    """Every message of the code and the content, each form wrapped, placeholders kept."""
    catalogue = Catalog(locale=CODE, domain="portal")
    for message in extract():
        if message.id:
            forms = (
                tuple(f"{OPEN}{text}{CLOSE}" for text in message.id)
                if isinstance(message.id, tuple | list)
                else f"{OPEN}{message.id}{CLOSE}"
            )
            catalogue.add(message.id, forms, context=message.context)
    return catalogue


@pytest.fixture
def foreign(make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of a site that speaks English and the made-up language."""
    monkeypatch.setitem(cast("dict[str, Language]", LANGUAGES), CODE, Language(CODE, "Italiano"))
    folder = tmp_path / "translations" / CODE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = made_up_catalogue()
    with (folder / "portal.mo").open("wb") as file:
        write_mo(file, catalogue)
    for written_out in (folder / "portal.po", tmp_path / "translations" / "portal.pot"):
        with written_out.open("wb") as file:
            write_po(file, catalogue)
    pack = tmp_path / "pack"
    shutil.copytree(CHECKOUT / "content" / "demo", pack, ignore=shutil.ignore_patterns("directory"))
    written = (pack / "pack.toml").read_text("utf-8")
    (pack / "pack.toml").write_text(re.sub(r"(?m)^languages = .*$", f'languages = ["en", "{CODE}"]', written), "utf-8")
    return CheckedClient(make_app(content=pack, translations=tmp_path / "translations"))


def bare_texts(page: Page) -> Iterator[str]:
    """What people see or hear that is neither in a message nor marked as another language's."""
    depth, known, names = 0, own_words(), place_names()
    for element, text in _spoken(page.all("body")[0]):
        kept = []
        for letter in text:
            depth += (letter == OPEN) - (letter == CLOSE)
            if depth == 0 and letter != CLOSE:
                kept.append(letter)
        bare = " ".join("".join(kept).split())
        if bare not in names and not set(WORD.findall(bare.casefold())) <= known:
            yield f"<{element.tag}> {bare}"
    assert depth == 0, "a message does not end"


def _spoken(element: Element) -> Iterator[tuple[Element, str]]:
    if element.tag not in SILENT and element.get("lang", CODE) == CODE:
        for name in SPOKEN:
            if name in element.attrib:
                yield element, element.get(name, "")
        yield element, element.text or ""
        for child in element:
            yield from _spoken(child)
            yield element, child.tail or ""


def own_words() -> set[str]:
    """Words that are the language's own by Unicode's locale data: days, months, languages, miles, "and"."""
    locale = Locale(CODE)
    said = [
        *locale.days["stand-alone"]["wide"].values(),
        *locale.months["format"]["wide"].values(),
        *locale.languages.values(),
        *(language.name for language in LANGUAGES.values()),
        format_list(["1", "2", "3"], locale=locale),
        format_unit(2, "mile", locale=locale),
    ]
    return {word for words in said for word in WORD.findall(str(words).casefold())}


def place_names() -> set[str]:
    """Names of places stay as they are in every language."""
    demo = CHECKOUT / "content" / "demo"
    borough = tomllib.loads((demo / "pack.toml").read_text("utf-8"))["borough"]
    return {borough, *(locality.name for locality in load_gazetteer(demo / "localities").localities.values())}


def test_pages_hold_no_english_that_is_not_marked_as_english(foreign: FlaskClient) -> None:
    app = foreign.application
    engine = app.extensions["directory"].engine
    left: dict[str, str] = {}
    for name, address in page_types(engine).items():
        response = foreign.get(f"/{CODE}{address}")
        for text in bare_texts(response.page):  # type: ignore[attr-defined]  # put there by CheckedClient
            left.setdefault(text, name)
    assert not left, "\n".join(f"{name}: {text}" for text, name in left.items())
