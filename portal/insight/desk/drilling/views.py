"""One need in every locality, one locality for every need, and the two together with the services behind each number."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Flask, Response, request, url_for

from portal.db import reading
from portal.errors import IndexUnavailable, NotFound
from portal.i18n.request import keep_arguments
from portal.insight.desk.choosing import BY_NAME, choice_in, service_number_in
from portal.insight.desk.numbers import FIELDS, Number
from portal.insight.desk.queries import PAGE, Behind, list_behind
from portal.insight.desk.room import InsightRoom
from portal.insight.desk.views import away, page, read_matrix
from portal.insight.lacking import LACKING
from portal.insight.matrix import Cell
from portal.insight.unreached import Way, missing_languages, missing_ways, reaches
from portal.localities.collection import Locality
from portal.taxonomy.terms import Need
from portal.typed import whole_number
from portal.ui.charts import Interval, interval


def install(app: Flask, of_language: str) -> None:
    """Serve these pages."""
    views = Blueprint("drilling", __name__)
    views.add_url_rule("/insight/needs/<need>", "need", of_need)
    views.add_url_rule("/insight/areas/<slug>", "area", of_area)
    views.add_url_rule("/insight/areas/<slug>/<need>", "cell", of_cell)
    views.register_error_handler(IndexUnavailable, away)
    app.register_blueprint(views, url_prefix=of_language)


def of_need(need: str) -> Response:
    """One need: every locality, those with the least first, and who is not reached where."""
    room, found = read_matrix()
    known = _need(room, need)
    cells = sorted(found.of_need(need), key=lambda cell: (cell.gap.ratio is None, cell.gap.ratio or 0.0))
    return page("insight/need.html", found, need=known, cells=cells, **_reading())


def of_area(slug: str) -> Response:
    """One locality: which needs have less than expected, and the needs of one group in full."""
    room, found = read_matrix()
    known = _locality(room, slug)
    choice = replace(choice_in(request.args, room.taxonomy), sort=BY_NAME)
    keep_arguments({"group": choice.group})
    least = [(verdict, [each for each in found.of_locality(slug) if each.gap.verdict is verdict]) for verdict in LACKING]
    cells = [found.cell(slug, each.id) for each in room.taxonomy.needs_by_group[choice.group]]
    return page("insight/area.html", found, locality=known, choice=choice, cells=cells, least=least, **_reading())


def of_cell(slug: str, need: str) -> Response:
    """One need in one locality: the gap and how it comes about, who is not reached, and the services behind a number."""
    room, found = read_matrix()
    locality, known = _locality(room, slug), _need(room, need)
    cell = found.cell(slug, need)
    language = request.args.get("language", "")
    counted = Counted(service_number_in(request.args), language if language in found.languages else "")
    behind = _behind(room, room.figures.facts(found.day).services(need, slug, counted.field))
    keep_arguments(counted.arguments(page=behind.page))
    shown = {"cell": cell, "counted": counted, "behind": behind, "reaches": reaches(cell, room.need), **_reading()}
    return page("insight/cell.html", found, locality=locality, need=known, at=_at(slug, need, counted), **shown)


@dataclass(frozen=True)
class Counted:
    """Which number has its services listed: one of those that count services, or those in a language of the pack."""

    number: Number
    language: str = ""

    @property
    def field(self) -> str:
        """What the facts call it."""
        return self.language or FIELDS[self.number]

    def arguments(self, **changes: object) -> dict[str, Any]:
        """Of the address, with these changes; what is as usual is left out."""
        given = {"of": self.number.value, "language": self.language, "page": 1, **changes}
        return {name: value for name, value in given.items() if value and (name, value) not in (("page", 1), ("of", Number.COVERS.value))}


@dataclass(frozen=True)
class Listed:
    """One page of the services behind a number, of so many in all."""

    services: tuple[Behind, ...]
    count: int
    page: int
    pages: int


def _behind(room: InsightRoom, ids: Sequence[uuid.UUID]) -> Listed:
    pages = max(1, -(-len(ids) // PAGE))
    at = min(whole_number(request.args.get("page", "")) or 1, pages)
    with reading(room.engine) as session:
        return Listed(list_behind(session, ids, at), len(ids), at, pages)


def _at(slug: str, need: str, counted: Counted) -> object:
    return lambda **changes: url_for("drilling.cell", slug=slug, need=need, **counted.arguments(**changes))


def _reading() -> dict[str, object]:
    """How templates read a cell: its interval, and whom its services do not reach."""
    return {"drawn": _drawn, "missing_ways": missing_ways, "missing_languages": missing_languages, "ways": tuple(Way)}


def _drawn(cell: Cell) -> Interval | None:
    gap = cell.gap
    return None if gap.ratio is None else interval(gap.low or 0.0, gap.ratio, gap.high or 0.0)


def _locality(room: InsightRoom, slug: str) -> Locality:
    if slug not in room.localities:
        raise NotFound(f"no locality {slug!r}")
    return room.localities[slug]


def _need(room: InsightRoom, need: str) -> Need:
    if need not in room.taxonomy.needs:
        raise NotFound(f"no need {need!r}")
    return room.taxonomy.needs[need]
