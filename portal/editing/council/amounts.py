"""Amounts of money as the council's desk shows them: the file's and the council's in, a row for each name and what is missing out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from portal.advice.money import Figure, Money
from portal.council.content import Amount
from portal.council.facts import Facts
from portal.council.queries import Entry

_POUNDS: Final = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,8})(\.\d\d)?", re.ASCII)


@dataclass(frozen=True)
class Row:
    """An amount of a year: what it is, the file's figure, the council's own, and the figure of the year before."""

    name: str
    label: str
    of_file: Figure | None
    of_council: Amount | None
    entry: Entry | None
    before: str

    @property
    def shown(self) -> str:
        """What pages say, empty where nothing is known."""
        return (self.of_council.amount if self.of_council else "") or (self.of_file.amount if self.of_file else "")


def rows(money: Money, entries: Mapping[str, Entry], year: int) -> tuple[Row, ...]:
    """A row for each amount of a financial year. `entries`: the council's, by "year/name"."""
    return tuple(_row(money, entries, year, name) for name in money.labels)


def _row(money: Money, entries: Mapping[str, Entry], year: int, name: str) -> Row:
    entry, earlier = entries.get(f"{year}/{name}"), entries.get(f"{year - 1}/{name}")
    ours, theirs = _content(entry), _content(earlier)
    was = money.by_year.get(year - 1, {}).get(name)
    before = (theirs.amount if theirs else "") or (was.amount if was else "")
    return Row(name, money.labels[name], money.by_year.get(year, {}).get(name), ours, entry, before)


def _content(entry: Entry | None) -> Amount | None:
    return entry.content if entry and isinstance(entry.content, Amount) and entry.content.amount else None


def missing(money: Money, facts: Facts, year: int) -> tuple[str, ...]:
    """Names of amounts that nobody has written for a year."""
    known = {*money.by_year.get(year, {}), *facts.amounts_of(year)}
    return tuple(name for name in money.labels if name not in known)


def as_pounds(typed: str) -> str:
    """An amount as pages write it ("86.45" and "£86.45" → "£86.45", "23250" → "£23,250"); empty for what is none."""
    found = _POUNDS.fullmatch(typed.strip())
    return f"£{int(found[1].replace(',', '')):,}{found[2] or ''}" if found else ""
