"""Pages of services and organizations, a calendar file for each place, and the report of a problem with a listing."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from sqlalchemy import Engine
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.db import writing
from portal.directory.bank_holidays import is_bank_holiday
from portal.directory.calendars import calendar_file
from portal.directory.counting import Counts
from portal.directory.forms import ReportForm
from portal.directory.linked_data import linked_organization, linked_service
from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.pages import ServicePage, service_page
from portal.directory.queries import find_closed_service, find_public, get_organization, list_service_ids
from portal.directory.reporting import report_problem
from portal.directory.similar import list_similar
from portal.directory.visitors import is_by_person, is_of_our_page
from portal.errors import NotFound
from portal.i18n.request import page_language
from portal.pack import Pack
from portal.standby import reading_now
from portal.taxonomy.terms import Taxonomy
from portal.ui.caching import never, public
from portal.ui.qr import qr_code


@dataclass(frozen=True)
class DirectoryRoom:
    """What the views of the directory share. `base_url` is where the site is public, for links that leave it; `secret` the site's."""

    engine: Engine
    taxonomy: Taxonomy
    pack: Pack
    base_url: str
    counts: Counts
    secret: str = field(repr=False)


def install(app: Flask, of_language: str, room: DirectoryRoom) -> None:
    """Serve the pages of the directory."""
    app.extensions["directory"] = room
    app.jinja_env.filters["bank_holiday"] = is_bank_holiday
    views = Blueprint("directory", __name__)
    views.add_url_rule("/services/<uuid:service_id>", "service", service)
    views.add_url_rule("/services/<uuid:service_id>/calendar/<uuid:owner>.ics", "calendar", calendar)
    views.add_url_rule("/services/<uuid:service_id>/report", "report", report, methods=["GET", "POST"])
    views.add_url_rule("/services/<uuid:service_id>/report/thanks", "reported", reported)
    views.add_url_rule("/organizations/<uuid:organization_id>", "organization", organization)
    app.register_blueprint(views, url_prefix=of_language)
    app.add_url_rule("/called", "directory.called", called, methods=["POST"])


def _room() -> DirectoryRoom:
    room: DirectoryRoom = current_app.extensions["directory"]
    return room


def service(service_id: uuid.UUID) -> Response:
    """One service; one that has closed says so."""
    room = _room()
    moment = clock.local_now()
    with reading_now(room.engine) as session:
        closed = find_closed_service(session, service_id)
        if closed is not None:
            return _closed(closed.name)
        page = service_page(session, room.taxonomy, service_id, moment)
        similar = list_similar(session, room.taxonomy, page.listing)
    if is_by_person(request.method, request.headers):
        room.counts.opened(service_id)
    address = room.base_url + url_for("directory.service", service_id=service_id)
    organization_address = room.base_url + url_for("directory.organization", organization_id=page.listing.organization_id)
    body = render_template(
        "directory/service.html",
        page=page,
        similar=similar,
        taxonomy=room.taxonomy,
        now=moment,
        address=address,
        qr=qr_code(address),
        data=linked_service(page, address, organization_address, page_language().code),
    )
    return public(body)


def _closed(name: str) -> Response:
    response = public(render_template("directory/closed.html", name=name))
    response.status_code = 410
    return response


def called() -> Response:
    """Count that "Call" was pressed on a listing. The script of our pages says so, and waits for no answer."""
    room = _room()
    if is_of_our_page(request.headers) and is_by_person(request.method, request.headers):
        with suppress(ValueError), reading_now(room.engine) as session:
            for service_id in find_public(session, [uuid.UUID(request.form.get("service", ""))]):
                room.counts.called(service_id)
    return never(Response(status=204))


def calendar(service_id: uuid.UUID, owner: uuid.UUID) -> Response:
    """The hours of the service, or of one of its places, for a calendar."""
    room = _room()
    with reading_now(room.engine) as session:
        page = service_page(session, room.taxonomy, service_id, clock.local_now())
    response = public(Response(_calendar_of(page, owner), mimetype="text/calendar"))
    response.headers["Content-Disposition"] = 'attachment; filename="times.ics"'
    return response


def _calendar_of(page: ServicePage, owner: uuid.UUID) -> bytes:
    if owner == page.when.place_id:
        return calendar_file(owner, page.listing.name, "", page.listing.hours)
    for venue in page.venues:
        if owner == venue.when.place_id:
            return calendar_file(owner, page.listing.name, ", ".join(venue.lines), venue.site.hours)
    raise NotFound(f"no place {owner} of service {page.listing.id}")


def organization(organization_id: uuid.UUID) -> Response:
    """One organization and its services."""
    room = _room()
    with reading_now(room.engine) as session:
        found = get_organization(session, organization_id)
        listings = list(list_listings(session, room.taxonomy, list_service_ids(session, organization_id)))
        address = room.base_url + url_for("directory.organization", organization_id=organization_id)
        body = render_template(
            "directory/organization.html",
            organization=found,
            listings=listings,
            taxonomy=room.taxonomy,
            data=linked_organization(found, address, page_language().code),
        )
        return public(body)


def report(service_id: uuid.UUID) -> Response | BaseResponse:
    """Say what is wrong with a listing."""
    room = _room()
    form = ReportForm(request.form)
    listing = _listing(service_id)
    if request.method == "POST" and form.validate():
        with writing(room.engine) as session:
            report_problem(session, room.secret, service_id, form.wrong(page_language().code))
        return redirect(url_for("directory.reported", service_id=service_id), 303)
    return never(render_template("directory/report.html", form=form, listing=listing))


def reported(service_id: uuid.UUID) -> Response:
    """A report was received; a page of its own, so that loading it again sends nothing twice."""
    return public(render_template("directory/reported.html", listing=_listing(service_id)))


def _listing(service_id: uuid.UUID) -> Listing:
    room = _room()
    with reading_now(room.engine) as session:
        return service_page(session, room.taxonomy, service_id, clock.local_now()).listing
