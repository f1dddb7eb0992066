"""The people who keep an organization's listings, for themselves and for the council.

Both look at the same page, at two addresses: an editor's is below the organization, the council's below its list of organizations.
"""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter

from portal.accounts.audiences import Member
from portal.accounts.people.forms import InviteForm, invite_form
from portal.accounts.people.keeping import operations
from portal.accounts.people.keeping.queries import Kept, get_keepers, list_standings
from portal.accounts.people.views import done, limit_invitations, people_room, posted_id, with_status
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.errors import NotFound
from portal.i18n.request import keep_arguments, page_language
from portal.i18n.text import gettext
from portal.typed import one_line, whole_number
from portal.ui.caching import never, onward

EDITORS: Final = "keepers"
COUNCILS: Final = "keeping"
LONGEST_SEARCH: Final = 80


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages, to editors and to the council."""
    limit = limit_invitations(limiter)
    asking, handing = limit(invite), limit(hand_over)
    for name, start in (
        (EDITORS, "/organizations/<uuid:organization_id>/people"),
        (COUNCILS, "/people/organizations/<uuid:organization_id>"),
    ):
        views = Blueprint(name, __name__)
        views.add_url_rule(start, "keepers", keepers)
        views.add_url_rule(f"{start}/invite", "invite", asking, methods=["POST"])
        views.add_url_rule(f"{start}/take-back", "take_back", take_back, methods=["POST"])
        views.add_url_rule(f"{start}/remove", "remove", remove, methods=["POST"])
        if name == EDITORS:
            views.add_url_rule(f"{start}/hand-over", "hand_over", handing, methods=["GET", "POST"])
            views.add_url_rule(f"{start}/leave", "leave", leave, methods=["GET", "POST"])
        else:
            views.add_url_rule("/people/organizations", "organizations", organizations)
        app.register_blueprint(views, url_prefix=of_language)


def keepers(organization_id: uuid.UUID) -> Response:
    """Who keeps the listings, and who is asked."""
    _member_for(organization_id)
    return _page(organization_id, _form())


def invite(organization_id: uuid.UUID) -> Response:
    """Ask somebody. Whether they had an account before is nowhere to be seen."""
    member, room, form = _member_for(organization_id), people_room(), _form()
    if not form.validate():
        return _page(organization_id, form, 422)
    with writing(room.engine) as session:
        is_asked = operations.invite_keeper(session, room.sender, member, organization_id, form.invitee)
    return _back(organization_id, "asked") if is_asked else _page(organization_id, _keeps_already(form), 422)


def take_back(organization_id: uuid.UUID) -> Response:
    """Take an invitation back."""
    member, person_id = _member_for(organization_id), posted_id("person")
    with writing(people_room().engine) as session:
        is_back = operations.take_back_invitation(session, member, organization_id, person_id)
    return _back(organization_id, "back" if is_back else "over")


def remove(organization_id: uuid.UUID) -> Response:
    """Stop a colleague from keeping the listings."""
    member, person_id, room = _member_for(organization_id), posted_id("person"), people_room()
    with writing(room.engine) as session:
        is_removed = operations.remove_keeper(session, room.sender, member, organization_id, person_id)
    if person_id == member.id and request.blueprint == EDITORS:
        return onward(url_for("people.offers", done="left"))
    return _back(organization_id, "removed" if is_removed else "over")


def hand_over(organization_id: uuid.UUID) -> Response:
    """Ask somebody to keep the listings instead."""
    member, room, form = _member_for(organization_id), people_room(), _form()
    if request.method == "POST" and form.validate():
        with writing(room.engine) as session:
            is_asked = operations.hand_over(session, room.sender, member, organization_id, form.invitee)
        if is_asked:
            return _back(organization_id, "asked")
        _keeps_already(form)
    with reading(room.engine) as session:
        found = get_keepers(session, organization_id)
    return with_status(render_template("accounts/people/hand_over.html", found=found, form=form), 422 if form.errors else 200)


def leave(organization_id: uuid.UUID) -> Response:
    """Stop keeping the listings: what that means, then done."""
    member, room = _member_for(organization_id), people_room()
    if request.method == "POST":
        with writing(room.engine) as session:
            operations.leave(session, member, organization_id)
        return onward(url_for("people.offers", done="left"))
    with reading(room.engine) as session:
        found = get_keepers(session, organization_id)
    return never(render_template("accounts/people/leave.html", found=found))


def organizations() -> Response:
    """How all organizations stand: those that nobody keeps first of all."""
    given, words = request.args.get("show", Kept.NOBODY), one_line(request.args.get("name", ""), LONGEST_SEARCH)
    show = None if given == "all" else Kept(given) if given in list(Kept) else Kept.NOBODY
    number = whole_number(request.args.get("page", "1")) or 1
    with reading(people_room().engine) as session:
        found = list_standings(session, show, words, number)
    asked = {"show": show or "all", **({"name": words} if words else {})}
    keep_arguments({**asked, "page": found.page})
    return never(render_template("accounts/people/organizations.html", found=found, asked=asked, words=words))


def _member_for(organization_id: uuid.UUID) -> Member:
    """Who is signed in, if this organization is theirs: on an editor's page their own, on the council's any."""
    member = this_member()
    if request.blueprint == EDITORS and not member.edits(organization_id):
        raise NotFound(f"no organization {organization_id} of theirs")
    return member


def _form() -> InviteForm:
    posted = request.form if request.method == "POST" else None
    return invite_form(people_room().sender.pack.languages, page_language().code, posted)


def _keeps_already(form: InviteForm) -> InviteForm:
    form.email.errors = [gettext("They keep these listings already")]
    return form


def _page(organization_id: uuid.UUID, form: InviteForm, status: int = 200) -> Response:
    member = this_member()
    with reading(people_room().engine) as session:
        found = get_keepers(session, organization_id)
    is_council = request.blueprint == COUNCILS
    html = render_template("accounts/people/keepers.html", found=found, form=form, me=member.id, is_council=is_council, done=done())
    return with_status(html, status)


def _back(organization_id: uuid.UUID, what: str) -> Response:
    return onward(url_for(".keepers", organization_id=organization_id, done=what))
