"""Pages for everybody: "Is this your organisation?", and telling us of one that is missing. What is typed goes by POST only."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter

from portal.db import reading, writing
from portal.directory.queries import get_organization
from portal.editing.claiming import operations
from portal.editing.claiming.forms import AddressForm, ClaimForm, MissingForm
from portal.editing.claiming.operations import Answer
from portal.editing.claiming.queries import is_kept, list_alike
from portal.editing.claiming.room import ClaimingRoom
from portal.i18n.request import keep_arguments, page_language
from portal.ui.caching import never, onward

CLAIMS: Final = "10 per minute; 30 per day"  # from one address of the network
DETAILS: Final = "details"
NONE_OF_THESE: Final = "none"


def install(app: Flask, of_language: str, room: ClaimingRoom, limiter: Limiter) -> None:
    """Serve these pages."""
    app.extensions["claiming"] = room
    views, both = Blueprint("claiming", __name__), ["GET", "POST"]
    limited = limiter.shared_limit(CLAIMS, "claims", methods=["POST"])
    views.add_url_rule("/claim/<uuid:organization_id>", "claim", limited(claim), methods=both)
    views.add_url_rule("/claim/<uuid:organization_id>/sent", "sent", sent)
    views.add_url_rule("/add-organisation", "add", limited(add), methods=both)
    views.add_url_rule("/add-organisation/sent", "added", added)
    app.register_blueprint(views, url_prefix=of_language)


def claiming_room() -> ClaimingRoom:
    """What `install` was given."""
    room: ClaimingRoom = current_app.extensions["claiming"]
    return room


def claim(organization_id: uuid.UUID) -> Response:
    """Ask for an organization's listings: by an address, and where that is not enough, by telling a person more."""
    has_details = request.form.get("step") == DETAILS
    form = ClaimForm(request.form) if has_details else AddressForm(request.form)
    if request.method == "GET":
        return _claim_page(organization_id, AddressForm())
    if not form.validate():
        return _claim_page(organization_id, form, 422)
    room = claiming_room()
    with writing(room.engine) as session:
        answer = operations.claim(session, room.sender, organization_id, form.told(page_language().code))
    if answer is Answer.MORE:
        return _claim_page(organization_id, ClaimForm(data={"email": form.email.data}))
    return onward(url_for("claiming.sent", organization_id=organization_id, how=answer.value))


def sent(organization_id: uuid.UUID) -> Response:
    """What happens next; the same for every address."""
    how = Answer.INVITED if request.args.get("how") == Answer.INVITED else Answer.SENT
    keep_arguments({"how": how.value})
    with reading(claiming_room().engine) as session:
        name = get_organization(session, organization_id).name
        kept = is_kept(session, organization_id)
    return never(render_template("claiming/sent.html", name=name, is_invited=how is Answer.INVITED, is_kept=kept))


def add() -> Response:
    """Tell us of an organization that is missing; first, whether it is one of those that are here."""
    form, room = MissingForm(request.form), claiming_room()
    if request.method == "GET":
        return never(render_template("claiming/add.html", form=MissingForm()))
    if not form.validate():
        return _with_status(render_template("claiming/add.html", form=form), 422)
    if request.form.get("alike") != NONE_OF_THESE:
        with reading(room.engine) as session:
            found = [each for each in list_alike(session, form.founding) if each.is_public]
        if found:
            return never(render_template("claiming/alike.html", form=form, alike=found))
    with writing(room.engine) as session:
        operations.add(session, room.sender, form.told(page_language().code))
    return onward(url_for("claiming.added"))


def added() -> Response:
    """That we have it, and what happens next."""
    return never(render_template("claiming/added.html"))


def _claim_page(organization_id: uuid.UUID, form: AddressForm, status: int = 200) -> Response:
    with reading(claiming_room().engine) as session:
        organization, kept = get_organization(session, organization_id), is_kept(session, organization_id)
    shown = {"organization": organization, "form": form, "is_kept": kept, "has_details": isinstance(form, ClaimForm)}
    return _with_status(render_template("claiming/claim.html", **shown), status)


def _with_status(html: str, status: int) -> Response:
    response = never(html)
    response.status_code = status
    return response
