"""The council's pages of quality: a table by area or by organization, the same as a file, and the listings behind each number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from portal import clock
from portal.db import reading
from portal.editing.quality.listed import Wanted, count_listed, get_name_of_organization, list_listed
from portal.editing.quality.measures import Measure, rule_of
from portal.editing.quality.queries import PAGE, Asked, By, Row, Whole, count_organizations, count_places
from portal.editing.quality.room import QualityRoom
from portal.editing.quality.sheet import as_csv
from portal.editing.quality.wording import BAD, GOOD, NUMBERS, PARTS, SORTS, TITLES, names_of_places, percent
from portal.i18n.request import keep_arguments
from portal.i18n.text import gettext, locale
from portal.typed import uuid_in, whole_number
from portal.ui.caching import never

LAST_PAGE: Final = 9999


def install(app: Flask, of_language: str, room: QualityRoom) -> None:
    """Serve these pages."""
    app.extensions["quality"] = room
    views = Blueprint("quality", __name__)
    views.add_url_rule("/quality", "table", table)
    views.add_url_rule("/quality/table.csv", "sheet", sheet)
    views.add_url_rule("/quality/listings", "listings", listings)
    app.register_blueprint(views, url_prefix=of_language)


def _room() -> QualityRoom:
    room: QualityRoom = current_app.extensions["quality"]
    return room


@dataclass(frozen=True)
class View:
    """What the address of the table asks for."""

    by: By
    asked: Asked
    page: int

    def arguments(self, **changes: object) -> dict[str, Any]:
        """Of the address, with these changes; what is as usual is left out."""
        given = {"by": self.by.value, "sort": self.asked.sort, "nobody": "yes" if self.asked.is_unkept else "", **changes}
        return {name: value for name, value in given.items() if value and value != _USUAL.get(name)}


_USUAL: Final = {"by": By.PLACE.value, "sort": Measure.WORK.value, "page": 1}


def table() -> Response:
    """How good the listings are, by area or by organization."""
    room, view = _room(), _view()
    with reading(room.engine) as session:
        whole, rows = _counted(session, view, view.page)
        count = _pages(view, whole)
        if view.page > count:
            view = replace(view, page=count)
            whole, rows = _counted(session, view, view.page)
    keep_arguments(view.arguments(page=view.page))
    at = partial(url_for, "quality.table")
    shown = {"view": view, "whole": whole, "rows": rows, "count": count, "now": clock.local_now()}
    links = {
        "at": lambda **changes: at(**view.arguments(**changes)),
        "behind": partial(_behind, url_for("quality.listings")),
        "file": url_for("quality.sheet", **view.arguments()),
    }
    return never(render_template("quality/table.html", **shown, **links, **_words()))


def sheet() -> Response:
    """The same rows, all of them, as a file."""
    room, view = _room(), _view()
    with reading(room.engine) as session:
        whole, rows = _counted(session, view, None)
    heading = gettext("Organisation") if view.by is By.ORGANIZATION else gettext("Area")
    response = never(make_response(as_csv(str(heading), [_all(whole), *rows])))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="quality-{view.by.value}-{clock.today()}.csv"'
    return response


def listings() -> Response:
    """The listings behind a number."""
    room, wanted = _room(), _wanted()
    rule = rule_of(room.ground)
    with reading(room.engine) as session:
        total = count_listed(session, rule, wanted)
        count = max(1, -(-total // PAGE))
        wanted = replace(wanted, page=min(wanted.page, count))
        found = list_listed(session, rule, wanted)
        of = get_name_of_organization(session, wanted.organization_id) if wanted.organization_id else ""
    keep_arguments(_arguments(wanted, page=wanted.page))
    shown = {"wanted": wanted, "total": total, "count": count, "found": found, "of_organization": of, "measures": list(Measure)}
    at = _at(wanted)
    return never(render_template("quality/listings.html", at=at, place=_names().get(wanted.place, ""), **shown, **_words()))


def _counted(session: Session, view: View, page: int | None) -> tuple[Whole, list[Row]]:
    if view.by is By.ORGANIZATION:
        return count_organizations(session, view.asked, page)
    return count_places(session, view.asked, _names())


def _pages(view: View, whole: Whole) -> int:
    """How many pages the rows have: areas are few."""
    rows = whole.unkept if view.asked.is_unkept else whole.organizations
    return max(1, -(-rows // PAGE)) if view.by is By.ORGANIZATION else 1


def _all(whole: Whole) -> Row:
    return Row(str(gettext("All listings")), whole.counts)


def _names() -> dict[str, str]:
    return names_of_places(_room().ground)


def _words() -> dict[str, object]:
    return {
        "GOOD": GOOD,
        "BAD": BAD,
        "said": cache(lambda measure, number: NUMBERS[measure](number)),  # the same few again and again
        "PARTS": PARTS,
        "SORTS": SORTS,
        "TITLES": TITLES,
        "percent": cache(partial(percent, locale())),
    }


def _behind(address: str, row: Row | None, measure: str) -> str:
    """Where the listings behind a number of a row are (None: of all listings): put together here, for a page has hundreds."""
    counted = Measure(measure)
    wanted = Wanted(counted, row.place, row.organization_id) if row else Wanted(counted)
    return f"{address}?{urlencode(_arguments(wanted))}"


def _at(wanted: Wanted) -> Callable[..., str]:
    return lambda **changes: url_for("quality.listings", **_arguments(wanted, **changes))


def _view() -> View:
    """What the address asks for; what it cannot mean is as usual."""
    given = request.args
    by = By.ORGANIZATION if given.get("by") == By.ORGANIZATION else By.PLACE
    sort = given.get("sort", "")
    asked = Asked(rule_of(_room().ground), sort if sort in SORTS else Measure.WORK.value, given.get("nobody") == "yes")
    return View(by, asked if by is By.ORGANIZATION else replace(asked, is_unkept=False), _page())


def _wanted() -> Wanted:
    given = request.args
    measure = next((each for each in Measure if each == given.get("measure")), Measure.WORK)
    place = given.get("place", "")
    return Wanted(measure, place if place in _names() else "", uuid_in(given.get("organization", "")), _page())


def _arguments(wanted: Wanted, **changes: object) -> dict[str, Any]:
    given = {"measure": wanted.measure.value, "place": wanted.place, "organization": wanted.organization_id, **changes}
    return {name: str(value) for name, value in given.items() if value and (name, value) != ("page", 1)}


def _page() -> int:
    return min(whole_number(request.args.get("page", "")) or 1, LAST_PAGE)
