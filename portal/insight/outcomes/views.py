"""The commissioners' pages of what came of plans: over the quarters, and the report of each, which writes itself; and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request, url_for
from sqlalchemy import Engine

from portal import clock
from portal.db import reading
from portal.errors import NotFound
from portal.i18n.request import keep_arguments
from portal.i18n.text import gettext, locale
from portal.insight.outcomes.measures import MEASURES, Measure
from portal.insight.outcomes.queries import list_reports
from portal.insight.outcomes.report import Amount, Report, is_above
from portal.insight.outcomes.sheet import as_csv
from portal.insight.outcomes.wording import (
    ABOUT,
    COUNTED,
    SHARES,
    TITLES,
    amount_in_words,
    columns_of,
    mark_of,
    name_of,
    name_of_month,
    share_in_words,
)
from portal.insight.periods import Quarter, find_quarter, list_quarters
from portal.insight.protection import Share
from portal.localities.collection import Locality
from portal.localities.versions import Versions
from portal.ui.caching import never
from portal.ui.charts import LineChart, Series, line_chart


@dataclass(frozen=True)
class OutcomesRoom:
    """What these pages are made from."""

    engine: Engine
    versions: Versions


def install(app: Flask, of_language: str, room: OutcomesRoom) -> None:
    """Serve these pages."""
    app.extensions["outcomes"] = room
    views = Blueprint("outcomes", __name__)
    views.add_url_rule("/insight/outcomes", "outcomes", outcomes)
    views.add_url_rule("/insight/reports/<quarter>", "report", report)
    views.add_url_rule("/insight/reports/<quarter>/report.csv", "sheet", sheet)
    app.register_blueprint(views, url_prefix=of_language)


def _room() -> OutcomesRoom:
    room: OutcomesRoom = current_app.extensions["outcomes"]
    return room


@dataclass(frozen=True)
class Then:
    """What is shown of a measure in one quarter; nothing is `amount` where the area was another one then."""

    quarter: Quarter
    amount: Amount | None
    share: Share | None


def outcomes() -> Response:
    """Each measure over all quarters that can be reported, in the whole borough or in one locality."""
    room, today = _room(), clock.today()
    now = room.versions.on(today)
    place = now.localities.get(request.args.get("place", ""))
    with reading(room.engine) as session:
        reports = list_reports(session, room.versions, list_quarters(today))
    over_time = {measure.id: [_then(one, measure, place, now.key) for one in reports] for measure in MEASURES}
    keep_arguments({"place": place.slug} if place else {})
    charts = {measure: _chart(found) for measure, found in over_time.items()}
    shown = {"place": place, "localities": now.localities.values(), "over_time": over_time, "charts": charts}
    return never(render_template("outcomes/outcomes.html", quarters=[one.quarter for one in reports], **shown, **_words()))


def report(quarter: str) -> Response:
    """The report of a quarter."""
    now, before = _reports(quarter)
    return never(render_template("outcomes/report.html", report=now, above=_above(now, before), **_words()))


def sheet(quarter: str) -> Response:
    """The same numbers as a file."""
    found, _before = _reports(quarter)
    response = never(make_response(as_csv(locale(), found)))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="outcomes-{found.quarter.name}.csv"'
    return response


def _reports(name: str) -> tuple[Report, Report | None]:
    """The report of the quarter with this name, and that of the quarter before. Raises `NotFound` for one that is not reported."""
    room, today = _room(), clock.today()
    quarter = find_quarter(name, today)
    if quarter is None:
        raise NotFound(f"no report of {name!r}")
    reported = list_quarters(today)
    asked = reported[reported.index(quarter) :][:2]
    with reading(room.engine) as session:
        now, *before = list_reports(session, room.versions, asked)
    return now, before[0] if before else None


def _above(now: Report, before: Report | None) -> dict[str, bool | None]:
    """For each measure whether its share is more than in the quarter before; without those of which either quarter has none."""
    if before is None:
        return {}
    shares = {measure.id: (now.share(measure), before.share(measure)) for measure in MEASURES}
    return {one: is_above(*both) for one, both in shares.items() if None not in both}


def _then(report: Report, measure: Measure, place: Locality | None, key: str) -> Then:
    """A measure in one quarter: of all localities, or of `place`, a locality of the version with this key."""
    rows = [row for row in report.rows if place is None or (row.slug == place.slug and report.key == key)]
    return Then(report.quarter, report.whole(measure, rows) if rows else None, report.share(measure, rows))


def _chart(found: Sequence[Then]) -> LineChart | None:
    """The least and the most that a share can have been, over time; nothing to draw of fewer than two quarters."""
    known = found[::-1]
    if sum(each.share is not None for each in known) < 2:
        return None
    low = Series(str(gettext("at least")), tuple(each.share.low if each.share else None for each in known))
    high = Series(str(gettext("at most")), tuple(each.share.high if each.share else None for each in known))
    return line_chart([mark_of(each.quarter) for each in known], (low, high))


def _words() -> dict[str, object]:
    return {
        "TITLES": TITLES,
        "ABOUT": ABOUT,
        "COUNTED": COUNTED,
        "SHARES": SHARES,
        "MEASURES": MEASURES,
        "columns_of": columns_of,
        "amount_in_words": partial(amount_in_words, locale()),
        "share_in_words": partial(share_in_words, locale()),
        "name_of": partial(name_of, locale()),
        "name_of_month": partial(name_of_month, locale()),
        "file_of": lambda quarter: url_for("outcomes.sheet", quarter=quarter.name),
    }
