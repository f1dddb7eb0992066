"""Facts of advice pages: every amount of money of a year, the front door's line, and which pages somebody found still right."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter

from portal import clock
from portal.accounts.signing.views import this_member
from portal.advice.money import financial_year
from portal.council.content import Check, Content, LineWords
from portal.council.facts import FRONT_DOOR, counts
from portal.council.models import Kind
from portal.council.operations import Based, save
from portal.council.queries import Entry, find_entry, list_entries
from portal.db import reading
from portal.editing.council.amounts import Row, rows
from portal.editing.council.facts.forms import AmountForm, LineForm, line_form
from portal.editing.council.fields import version_of
from portal.editing.council.views import CONFLICT, council_room, form_page, meanwhile, names, written
from portal.errors import NotFound
from portal.i18n.languages import SOURCE
from portal.ui.caching import never, onward

WRITES: Final = "60 per minute"


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages."""
    limit = limiter.limit(WRITES, methods=["POST"])
    views = Blueprint("facts", __name__)
    views.add_url_rule("/council/money/<int:year>", "money", money)
    views.add_url_rule("/council/money/<int:year>/<name>", "amount", limit(amount), methods=["GET", "POST"])
    views.add_url_rule("/council/line", "line", limit(line), methods=["GET", "POST"])
    views.add_url_rule("/council/pages", "pages", pages)
    views.add_url_rule("/council/pages/<any(advice,site):kind>/<slug>/checked", "checked", limit(checked), methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def money(year: int) -> Response:
    """Every amount of a financial year, where it came from, who wrote it, and what is missing. Raises `NotFound` for another year."""
    found, who = _rows(year)
    this_year = financial_year(clock.today())
    years = [each for each in (this_year - 1, this_year, this_year + 1) if each != year]
    return never(render_template("council/money.html", rows=found, who=who, year=year, this_year=this_year, years=years))


def amount(year: int, name: str) -> Response:
    """One amount, written or put right."""
    row = next((each for each in _rows(year)[0] if each.name == name), None)
    if row is None:
        raise NotFound(f"no amount {name!r} of {year}")
    form = _amount_form(row)
    if request.method == "POST" and form.validate():
        based = Based(Kind.AMOUNT, f"{year}/{name}", version_of(form.version), this_member().acted_by)
        if written(lambda session: save(session, based, form.fact)):
            return onward(url_for("facts.money", year=year, _anchor=name))
        return _late(form, form.fact, _entry(Kind.AMOUNT, based.name), ("council/amount.html", {"row": row, "year": year}))
    html = render_template("council/amount.html", form=form, row=row, year=year, entry=row.entry, meanwhile=None)
    return form_page(html, 422 if form.errors else 200)


def line() -> Response:
    """The front door's number and hours."""
    room, entry = council_room(), _entry(Kind.LINE, FRONT_DOOR)
    door, shown = room.pack.front_door, room.standing.pack.front_door
    form = line_form(shown, request.form if request.method == "POST" else None)
    around = {"door": door, "shown": shown, "only_urgent": [it for it in room.pack.lines.values() if it.id != FRONT_DOOR]}
    if request.method == "GET":
        form.version.data = str(entry.version if entry else 0)
    elif form.validate():
        based = Based(Kind.LINE, FRONT_DOOR, version_of(form.version), this_member().acted_by)
        if written(lambda session: save(session, based, form.words(door))):
            return onward(url_for("facts.line", _anchor="main"))
        return _late(form, form.words(door), _entry(Kind.LINE, FRONT_DOOR), ("council/line.html", around))
    html = render_template("council/line.html", form=form, entry=entry, meanwhile=None, is_old=_is_old(entry), **around)
    return form_page(html, 422 if form.errors else 200)


def pages() -> Response:
    """Every page with the day by which somebody should read it again, the most overdue first."""
    room, today = council_room(), clock.today()
    with reading(room.engine) as session:
        entries = {entry.name: entry for entry in list_entries(session, Kind.CHECK)}
        who = names(session, (entry.changed_by for entry in entries.values()))
    found = [(f"{kind}/{slug}", page) for (kind, slug, language), page in room.library.on(today).by_name.items() if language == SOURCE]
    found.sort(key=lambda each: (each[1].review_by, each[0]))
    due = sum(page.review_by < today for _name, page in found)
    return never(render_template("council/pages.html", pages=found, entries=entries, who=who, today=today, due=due))


def checked(kind: str, slug: str) -> Response:
    """A page is still right, today. Raises `NotFound` for a page that is not there."""
    council_room().library.on(clock.today()).get_page(kind, slug, SOURCE)
    name = f"{kind}/{slug}"
    entry = _entry(Kind.CHECK, name)
    based = Based(Kind.CHECK, name, entry.version if entry else 0, this_member().acted_by)
    written(lambda session: save(session, based, Check(clock.today())))  # when somebody was quicker, it is checked all the same
    return onward(url_for("facts.pages", _anchor=f"{kind}-{slug}"))


def _rows(year: int) -> tuple[tuple[Row, ...], dict[str, str]]:
    room, this_year = council_room(), financial_year(clock.today())
    if not this_year - 1 <= year <= this_year + 1:
        raise NotFound(f"amounts of {year} are not kept here")
    with reading(room.engine) as session:
        entries = {entry.name: entry for entry in list_entries(session, Kind.AMOUNT)}
        who = names(session, (entry.changed_by for entry in entries.values()))
    return rows(room.money, entries, year), who


def _amount_form(row: Row) -> AmountForm:
    if request.method == "POST":
        return AmountForm(request.form)
    ours = row.of_council
    values = {"amount": ours.amount, "source": ours.source, "read_on": ours.read_on} if ours else {}
    return AmountForm(data={**values, "version": str(row.entry.version if row.entry else 0)})


def _entry(kind: Kind, name: str) -> Entry | None:
    with reading(council_room().engine) as session:
        return find_entry(session, kind, name)


def _is_old(entry: Entry | None) -> bool:
    """Whether the council's words about the line count no more, since the pack has changed."""
    return entry is not None and isinstance(entry.content, LineWords) and not counts(entry.content, council_room().pack)


def _late(form: AmountForm | LineForm, typed: Content, entry: Entry | None, page: tuple[str, dict[str, object]]) -> Response:
    """The form again, beside what somebody else saved meanwhile."""
    form.version.data = str(entry.version if entry else 0)
    template, around = page
    html = render_template(template, form=form, entry=entry, meanwhile=meanwhile(entry, typed), is_old=_is_old(entry), **around)
    return form_page(html, CONFLICT)
