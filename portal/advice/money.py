"""Amounts of money that advice names, by financial year: one table in, the amounts of a day out.

An amount without a row for the year is empty, and the line that names it is left out: an old amount is worse than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from portal.errors import ContentError
from portal.pack import read_yaml

NEW_YEAR: Final = (4, 6)  # 6 April, when benefits and charges change
_KEYS: Final = frozenset({"amount", "source", "checked_on"})


@dataclass(frozen=True)
class Figure:
    """An amount as it is written on a page ("£23,250"), where it was read, and when."""

    amount: str
    source: str
    checked_on: date


@dataclass(frozen=True)
class Money:
    """What every amount is, by name; and the amounts of each financial year, named by the calendar year in which it begins."""

    labels: Mapping[str, str]
    by_year: Mapping[int, Mapping[str, Figure]]

    def amounts_on(self, day: date) -> Mapping[str, str]:
        """Each name and its amount as written on `day`; empty where that year has none."""
        known = self.by_year.get(financial_year(day), {})
        return {name: known[name].amount if name in known else "" for name in self.labels}


def financial_year(day: date) -> int:
    """The calendar year in which the financial year of `day` began."""
    return day.year if (day.month, day.day) >= NEW_YEAR else day.year - 1


def load_money(path: Path) -> Money:
    """Read `money.yaml`: `names` with a label each, and `years` with amounts, each with its source and the day it was read.

    Raises `ContentError`.
    """
    table = read_yaml(path)
    try:
        labels = {str(name): str(about["label"]) for name, about in table["names"].items()}
        by_year = {int(year): {name: _figure(name, row, labels) for name, row in rows.items()} for year, rows in table["years"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{path}: {error}: needs `names` with a `label` each, and `years` with amounts.") from error
    for year, figures in by_year.items():
        if wrong := [name for name, figure in figures.items() if figure is None]:
            raise ContentError(f"{path}: {year}, {wrong[0]}: needs one of the names, and {', '.join(sorted(_KEYS))}.")
    return Money(labels, {year: {name: it for name, it in figures.items() if it} for year, figures in by_year.items()})


def _figure(name: str, row: Mapping[str, Any], labels: Mapping[str, str]) -> Figure | None:
    is_whole = name in labels and row.keys() == _KEYS and row["amount"].startswith("£") and row["source"].startswith("https://")
    return Figure(**row) if is_whole else None
