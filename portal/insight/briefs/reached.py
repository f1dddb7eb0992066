"""Whom the services of a brief do not reach, and what people asked for: cells in, one table out. No I/O.

Counts of people are those of the matrix, protected: "fewer than 10", or rounded. What order rows stand in is read from these alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portal.i18n.text import gettext as _
from portal.insight.briefs.document import Name, Table
from portal.insight.briefs.ground import Ground, count, need_of, plain, words
from portal.insight.desk.numbers import Number
from portal.insight.desk.wording import TITLES, WAYS, amount
from portal.insight.matrix import Cell
from portal.insight.provision import Provision
from portal.insight.unreached import Way, missing_ways, services_of
from portal.ui.filters import list_and, short_date

MOST: Final = 8  # rows


def who_is_not_reached(ground: Ground, cells: Sequence[Cell], provision: Provision, *, is_named: bool) -> tuple[Table, ...]:
    """How many services of a need reach people in each way, where some way is missing; what people asked for first.

    `provision` is all there is of these cells. No table where no way is missing and nothing was asked.
    """
    chosen = sorted((cell for cell in cells if _tells(cell)), key=_first)[:MOST]
    if not chosen:
        return ()
    area = (_("Area"),) if is_named else ()
    asked = (_(TITLES[Number.MISSED]), _(TITLES[Number.PLANNED])) if ground.matrix.quarter else ()
    return (
        Table(
            title=plain(_("Who is not reached")),
            lead=_silent(ground, provision),
            head=words(*area, _("Need"), *(_(WAYS[way]) for way in Way), *asked),
            rows=tuple(_row(ground, cell, is_named=is_named) for cell in chosen),
            note=_when(ground),
        ),
    )


def _tells(cell: Cell) -> bool:
    """Whether there is more to say than that there is no service."""
    return bool(cell.missed or cell.planned or (cell.provision.covers and missing_ways(cell)))


def _first(cell: Cell) -> tuple[int, int, int]:
    return -(cell.missed or 0) - (cell.planned or 0), -len(missing_ways(cell)), -(cell.people or 0)


def _row(ground: Ground, cell: Cell, *, is_named: bool) -> tuple[str | Name, ...]:
    asked = ((cell.missed, Number.MISSED), (cell.planned, Number.PLANNED)) if ground.matrix.quarter else ()
    return (
        *((Name(ground.localities[cell.locality].name),) if is_named else ()),
        need_of(ground, cell),
        *(count(ground, services_of(cell.provision, way)) for way in Way),
        *(plain(amount(ground.locale, people, number)) for people, number in asked),
    )


def _silent(ground: Ground, provision: Provision) -> str:
    """Languages that no service speaks, as the reader calls them."""
    silent = [ground.locale.languages.get(code, code) for code, services in provision.languages.items() if not services]
    said = _("No service here says that it speaks any of these: %(languages)s.", languages=list_and(ground.locale, silent))
    return plain(said) if silent else ""


def _when(ground: Ground) -> str:
    quarter = ground.matrix.quarter
    if quarter is None:
        return plain(_("Searches and plans are not shown: no whole quarter with these areas is over yet."))
    first, last = (short_date(ground.locale, day) for day in (quarter.first, quarter.last))
    return plain(
        _(
            "Searches and plans: from %(first)s to %(last)s. Counts from 0 to 9 are never shown. The rest are rounded to 5.",
            first=first,
            last=last,
        )
    )
