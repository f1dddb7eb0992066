"""The commissioners' page of what changed over time: one number of one need, month by month, as lines and as the table behind them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from babel import Locale
from flask import Blueprint, Flask, Response, current_app, render_template, request
from sqlalchemy import Engine

from portal.db import reading
from portal.i18n.request import keep_arguments
from portal.i18n.text import gettext, locale
from portal.insight.facts import EVERY
from portal.insight.monthly.lines import MOST, Number, Part, draw_part, follow, part_months
from portal.insight.monthly.queries import find_values, list_months
from portal.insight.monthly.wording import TITLES, amount, month_of, short_names
from portal.localities.collection import Locality
from portal.localities.versions import Versions
from portal.taxonomy.terms import Taxonomy
from portal.ui.caching import never
from portal.ui.charts import LineChart, Series, line_chart

MOST_GIVEN: Final = 400  # areas that an address can name


@dataclass(frozen=True)
class MonthlyRoom:
    """The database, the localities of each day, and what needs are called."""

    engine: Engine
    versions: Versions
    taxonomy: Taxonomy


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a need or `EVERY`, a number, and slugs of localities of any day."""

    need: str
    number: Number
    areas: tuple[str, ...]


def install(app: Flask, of_language: str, room: MonthlyRoom) -> None:
    """Serve this page."""
    app.extensions["monthly"] = room
    views = Blueprint("monthly", __name__)
    views.add_url_rule("/insight/over-time", "over_time", over_time)
    app.register_blueprint(views, url_prefix=of_language)


def over_time() -> Response:
    """One number over time, in the borough or in up to four areas."""
    room, asked = _room(), _asked()
    parts = _parts(room, asked)
    keep_arguments({"need": asked.need, "number": asked.number.value, "area": list(asked.areas)})
    shown = [(part, _chart(part, locale()), [_name(part, slug) for slug, _ in part.lines]) for part in parts]
    html = render_template(
        "monthly/over_time.html",
        asked=asked,
        parts=shown,
        choices=_choices(room, parts),
        taxonomy=room.taxonomy,
        TITLES=TITLES,
        MOST=MOST,
        EVERY=EVERY,
        amount=partial(amount, locale()),
    )
    return never(html)


def _parts(room: MonthlyRoom, asked: Asked) -> list[Part]:
    with reading(room.engine) as session:
        found = [(it, months, follow(asked.areas, it, room.versions)) for it, months in part_months(list_months(session), room.versions)]
        slugs = {slug for _version, _months, some in found for slug in some} | {EVERY}
        values = find_values(session, asked.number, asked.need, slugs)
    return [draw_part(version, months, some, values) for version, months, some in found]


def _chart(part: Part, spoken: Locale) -> LineChart:
    names = short_names([_name(part, slug) for slug, _values in part.lines])
    series = [Series(name, values) for name, (_slug, values) in zip(names, part.lines, strict=True)]
    return line_chart([month_of(spoken, month) for month in part.axis], series)


def _name(part: Part, slug: str) -> str:
    return str(gettext("All areas")) if slug == EVERY else part.version.localities[slug].name


def _choices(room: MonthlyRoom, parts: list[Part]) -> list[Locality]:
    """Localities to choose from: those of the newest months, then former ones on other ground."""
    found: dict[str, Locality] = {}
    for part in parts:
        for slug, place in part.version.localities.items():
            if part is parts[0] or not follow([slug], parts[0].version, room.versions):
                found.setdefault(slug, place)
    return list(found.values())


def _asked() -> Asked:
    """What the address asks for; what it cannot mean is as usual."""
    given, room = request.args, _room()
    number = next((each for each in Number if each == given.get("number")), Number.COVERS)
    need = given.get("need", EVERY)
    known = {slug for version in room.versions.every for slug in version.localities}
    areas = dict.fromkeys(slug for slug in given.getlist("area")[:MOST_GIVEN] if slug in known)
    return Asked(need if need in room.taxonomy.needs else EVERY, number, tuple(areas))


def _room() -> MonthlyRoom:
    room: MonthlyRoom = current_app.extensions["monthly"]
    return room
