"""A brief as it is set: tables of words, numbers and small charts on two pages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from portal.i18n.languages import direction
from portal.sharing.plans.document import readable
from portal.sharing.plans.pdf import typeset
from portal.ui.charts import Interval

_TEMPLATE: Final = Path(__file__).with_name("brief.typ")


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
    """Two pages. `language` is a code, `made_on` a day in words of that language; each of `closing` is a paragraph at the end."""

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
        "title": readable(brief.title, own),
        "language": own,
        "direction": direction(own),
        "site": readable(brief.site, own),
        "made": readable(f"{brief.site} · {brief.made_on}", own),
        "lead": readable(brief.lead, own),
        "pages": [[_table(table, own) for table in page] for page in brief.pages],
        "closing": [readable(text, own) for text in brief.closing],
    }
    return typeset(_TEMPLATE, {"brief": data}, own)


def _table(table: Table, own: str) -> Mapping[str, Any]:
    return {
        "title": readable(table.title, own),
        "lead": readable(table.lead, own),
        "head": [readable(each, own) for each in table.head],
        "rows": [[_cell(cell, own) for cell in row] for row in table.rows],
        "note": readable(table.note, own),
    }


def _cell(cell: Cell, own: str) -> Mapping[str, Any]:
    if isinstance(cell, Bar | Interval):
        return {"kind": type(cell).__name__, **asdict(cell)}
    if isinstance(cell, Name):
        return {"kind": "words", "text": readable(cell.text, own, "en"), "language": "en"}
    return {"kind": "words", "text": readable(cell or "", own), "language": own}
