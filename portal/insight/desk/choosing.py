"""What the address of a table asks for, and its rows in that order: what it cannot mean is as usual. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.insight.desk.numbers import FIELDS, OF_PEOPLE, Number, rate_of, value_of
from portal.insight.matrix import Cell, Matrix
from portal.localities.collection import Locality
from portal.taxonomy.terms import Need, Taxonomy

BY_NAME: Final = "name"
NO: Final = ""
YES: Final = "yes"


@dataclass(frozen=True)
class Choice:
    """One group of needs, one number, and the order of the localities.

    `sort` is `BY_NAME` or the id of a need of the group; `is_rate`: for each 1,000 people; `is_turned`: the most first.
    """

    group: str
    number: Number = Number.GAP
    sort: str = BY_NAME
    is_rate: bool = False
    is_turned: bool = False

    def arguments(self, **changes: object) -> dict[str, Any]:
        """Of the address, with these changes; what is as usual is left out."""
        given = {
            "group": self.group,
            "number": self.number.value,
            "sort": self.sort,
            "rate": YES if self.is_rate else NO,
            "most": YES if self.is_turned else NO,
            **changes,
        }
        return {name: value for name, value in given.items() if value and value != _USUAL.get(name)}


_USUAL: Final = {"number": Number.GAP.value, "sort": BY_NAME}


@dataclass(frozen=True)
class Row:
    """A locality and its cells of the needs that are shown."""

    locality: Locality
    cells: tuple[Cell, ...]


def choice_in(given: Mapping[str, str], taxonomy: Taxonomy) -> Choice:
    """What an address asks for."""
    group = given.get("group", "")
    group = group if group in taxonomy.groups else next(iter(taxonomy.groups))
    number = number_in(given)
    needs = {need.id for need in taxonomy.needs_by_group[group]}
    sort = given.get("sort", "")
    return Choice(
        group=group,
        number=number,
        sort=sort if sort in needs else BY_NAME,
        is_rate=given.get("rate") == YES and number is not Number.GAP,
        is_turned=given.get("most") == YES,
    )


def number_in(given: Mapping[str, str]) -> Number:
    """The number that an address asks for."""
    return next((number for number in Number if number == given.get("number")), Number.GAP)


def rows_of(matrix: Matrix, localities: Mapping[str, Locality], needs: tuple[Need, ...], choice: Choice) -> list[Row]:
    """A row for each locality in the order that is asked for: the least first, for there something may be missing."""
    rows = [Row(localities[slug], tuple(matrix.cell(slug, need.id) for need in needs)) for slug in matrix.localities]
    rows.sort(key=lambda row: row.locality.name.casefold())
    if choice.sort == BY_NAME:
        return rows[::-1] if choice.is_turned else rows
    keys = {slug: sort_key(matrix.cell(slug, choice.sort), choice) for slug in matrix.localities}
    known = sorted((row for row in rows if keys[row.locality.slug] is not None), key=lambda row: keys[row.locality.slug] or 0)
    unknown = [row for row in rows if keys[row.locality.slug] is None]
    return [*(known[::-1] if choice.is_turned else known), *unknown]


def sort_key(cell: Cell, choice: Choice) -> float | None:
    """What a cell is put in order by; None where nobody knows it. Hidden people stand first, where none of them would."""
    value = rate_of(cell, choice.number) if choice.is_rate else value_of(cell, choice.number)
    return 0.0 if value is None and choice.number in OF_PEOPLE else value


def service_number_in(given: Mapping[str, str]) -> Number:
    """The number that an address asks the services of: one that counts services."""
    return next((number for number in FIELDS if number == given.get("of")), Number.COVERS)


def find_need(given: Mapping[str, str], taxonomy: Taxonomy) -> Need:
    """The need that an address asks for; the first of all where it names none that there is."""
    return taxonomy.needs.get(given.get("need", "")) or next(iter(taxonomy.needs.values()))
