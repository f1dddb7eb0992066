"""A plan as PDF: a `Document` in, bytes of A4 pages out, in every script, tagged for screen readers, the same for the same plan.

Set by Typst from `plan.typ`. What a plan says goes in as data and is never read as markup. Fonts are those of the build. One
compiler of each template serves a process, one file at a time (some milliseconds each); it is made when first used, for its threads
would not outlive a fork.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from portal.config import CHECKOUT
from portal.errors import ConfigError
from portal.i18n.languages import direction
from portal.sharing.plans.document import Document, Entry, Section, Words, readable

if TYPE_CHECKING:
    import typst

FONTS: Final = CHECKOUT / "portal" / "ui" / "fonts"
_TEMPLATE: Final = Path(__file__).with_name("plan.typ")
_LONG: Final = 600  # letters from which an entry may go on over a page's end, a new line counted as forty
_LINE: Final = 40
_PHONE_NUMBER: Final = re.compile(r"[+(]?\d[\d() ]{4,18}\d")
_one_at_a_time: Final = Lock()


def to_pdf(document: Document, *, is_large: bool = False) -> bytes:
    """The document as PDF/UA-1, in large print if wanted. Raises `ConfigError` when there are no fonts.

    Where it says something that no font here can write, such as Chinese, an empty frame stands for it and the file, though
    tagged, does not call itself PDF/UA. Lines from right to left are tagged piece by piece as they lie on the page: there, the
    page and the text of a plan serve a screen reader better.
    """
    return typeset(_TEMPLATE, {"plan": _data(document) | {"large": is_large}}, document.language)


def typeset(template: Path, inputs: Mapping[str, Any], language: str) -> bytes:
    """A template below `portal` with these inputs, each JSON, as PDF/UA-1 where its words can be written so, else as tagged PDF.

    Raises `ConfigError` when there are no fonts.
    """
    import typst

    given = {name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()}
    with _one_at_a_time:
        try:
            file = _set(template, given, "ua-1")
        except typst.TypstError:
            file = _set(template, given, None)
    if direction(language) == "ltr":  # Typst takes Panjabi, in whichever script, for a language from right to left
        return file.replace(b"/Direction/R2L", b"/Direction/L2R")
    return file


def _set(template: Path, inputs: dict[str, str], standard: Literal["ua-1"] | None) -> bytes:
    pages = _compiler(FONTS, template).compile(format="pdf", sys_inputs=inputs, pdf_standards=standard, timestamp=0)
    return cast(bytes, pages)


@cache
def _compiler(folder: Path, template: Path) -> typst.Compiler:
    if not any(folder.glob("*.ttf")):
        raise ConfigError(f"{folder} holds no fonts: run `make assets` first.")
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
    return typst.Compiler(template, root=CHECKOUT / "portal", font_paths=fonts)


def _data(document: Document) -> dict[str, Any]:
    own = document.language
    return {
        "title": _kept(document.title, own),
        "language": own,
        "direction": direction(own),
        "site": _kept(document.site, own),
        "made": _kept(f"{document.site} · {document.made_on}", own),
        "intro": [_kept(paragraph, own) for paragraph in document.intro],
        "sections": [_section(section, own) for section in document.sections],
        "closing": [_kept(paragraph, own) for paragraph in document.closing],
    }


def _section(section: Section, own: str) -> dict[str, Any]:
    groups = groupby(section.entries, lambda entry: entry.is_tick)
    return {
        "title": _kept(section.title, own),
        "intro": _kept(section.intro, own),
        "urgent": section.is_urgent,
        "groups": [{"ticks": ticks, "entries": [_entry(entry, own) for entry in entries]} for ticks, entries in groups],
    }


def _entry(entry: Entry, own: str) -> dict[str, Any]:
    return {
        "title": _words(entry.title, own) if entry.title else None,
        "lines": [_words(line, own) for line in entry.lines],
        "long": sum(len(line.text) + _LINE for line in entry.lines) > _LONG,
    }


def _words(words: Words, own: str) -> dict[str, str]:
    language = words.language or own
    around = language if direction(language) == "rtl" else own
    return {"text": _kept(words.text, around, language), "language": language.split("-")[0], "direction": direction(language)}


def _kept(text: str, own: str, language: str = "") -> str:
    """`text` as it is set: readable in its direction, and each telephone number on one line."""
    return _PHONE_NUMBER.sub(lambda number: number[0].replace(" ", "\u00a0"), readable(text, own, language))
