"""Amounts of money that advice names, by financial year: one table in, the amounts of a day out.

An amount without a row for the year is empty, and the line that names it is left out: an old amount is worse than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from portal.errors import ContentError
from portal.pack import read_yaml

NEW_YEAR: Final = (4, 6)  # 6 April, when benefits and charges change
_KEYS: Final = frozenset({"amount", "source", "checked_on"})


@dataclass(frozen=True)
class Money:
    """Every amount's name, and the amounts of each financial year, named by the calendar year in which it begins."""

    names: tuple[str, ...]
    by_year: Mapping[int, Mapping[str, str]]

    def amounts_on(self, day: date) -> Mapping[str, str]:
        """Each name and its amount as written ("£23,250") on `day`; empty where that year has none."""
        known = self.by_year.get(financial_year(day), {})
        return {name: known.get(name, "") for name in self.names}


def financial_year(day: date) -> int:
    """The calendar year in which the financial year of `day` began."""
    return day.year if (day.month, day.day) >= NEW_YEAR else day.year - 1


def load_money(path: Path) -> Money:
    """Read `money.yaml`: `names`, and `years` with amounts, each with its source and the day it was read. Raises `ContentError`."""
    table = read_yaml(path)
    names = tuple(table["names"])
    for year, rows in table["years"].items():
        for name, row in rows.items():
            if name not in names or row.keys() != _KEYS or not row["amount"].startswith("£") or not row["source"].startswith("https://"):
                raise ContentError(f"{path}: {year}, {name}: needs one of the names, and {', '.join(sorted(_KEYS))}.")
    return Money(names, {int(year): {name: row["amount"] for name, row in rows.items()} for year, rows in table["years"].items()})
