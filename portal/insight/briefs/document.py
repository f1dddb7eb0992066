"""A brief as it is set: tables of words, numbers and small charts on two pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from portal.i18n.languages import SOURCE, direction
from portal.i18n.untranslated import END, START
from portal.sharing.plans.document import readable
from portal.sharing.plans.pdf import typeset
from portal.ui.charts import Interval

_TEMPLATE: Final = Path(__file__).with_name("brief.typ")
_SIGNS: Final = re.compile(f"[{START}{END}]")


@dataclass(frozen=True)
class Bar:
    """A bar of 0 to 100; `mark` is where another stands that it is held against."""

    length: int
    mark: int | None = None


@dataclass(frozen=True)
class Name:
    """A name that is English in every language, such as a locality's."""

    text: str


Cell = str | Name | Bar | Interval | None


@dataclass(frozen=True)
class Table:
    """A table under a title; each chart in it says what the words of its row say. `note` stands below."""

    title: str
    lead: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Brief:
    """Two pages. `language` is a code, `made_on` a day in words of that language; each of `closing` is a paragraph at the end.

    A message that the language does not have yet is English between the signs of `i18n.untranslated`, and is marked as English.
    """

    title: str
    language: str
    site: str
    made_on: str
    lead: str
    pages: tuple[tuple[Table, ...], tuple[Table, ...]]
    closing: tuple[str, ...]


def to_pdf(brief: Brief) -> bytes:
    """The brief as tagged PDF, two pages of A4; print gets smaller until it fits. Raises `ConfigError` when there are no fonts."""
    own = brief.language
    data = {
        "title": _said(brief.title, own),
        "language": own,
        "direction": direction(own),
        "site": readable(brief.site, own),
        "made": readable(f"{brief.site} · {brief.made_on}", own),
        "lead": _said(brief.lead, own),
        "pages": [[_table(table, own) for table in page] for page in brief.pages],
        "closing": [_said(text, own) for text in brief.closing],
    }
    return typeset(_TEMPLATE, {"brief": data}, own)


def _table(table: Table, own: str) -> Mapping[str, Any]:
    return {
        "title": _said(table.title, own),
        "lead": _said(table.lead, own),
        "head": [_said(each, own) for each in table.head],
        "rows": [[_cell(cell, own) for cell in row] for row in table.rows],
        "note": _said(table.note, own),
    }


def _cell(cell: Cell, own: str) -> Mapping[str, Any]:
    if isinstance(cell, Bar | Interval):
        return {"kind": type(cell).__name__, **asdict(cell)}
    return {"kind": "words", "said": _said(cell.text, own, SOURCE) if isinstance(cell, Name) else _said(cell or "", own)}


def _said(text: str, own: str, language: str = "") -> list[Mapping[str, str]]:
    """Words piece by piece, each with its language: the document's own, the one that is given, or English where signs say so."""
    pieces = [(piece.strip(), SOURCE if is_english else language or own) for is_english, piece in _pieces(text)]
    return [{"text": readable(piece, own, spoken), "language": spoken} for piece, spoken in pieces if piece]


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    for at, piece in enumerate(_SIGNS.split(text)):
        yield at % 2 == 1, piece
