"""Everybody with an account, for administrators: looked through, looked for, asked to do more, stopped, let go."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter

from portal.accounts.audiences import Role
from portal.accounts.people.council import operations
from portal.accounts.people.council.forms import FindForm, RoleForm, colleague_form, role_form
from portal.accounts.people.council.queries import Known, find_people, get_known, list_colleagues, list_keepers, list_past
from portal.accounts.people.keeping.queries import names_of_organizations
from portal.accounts.people.offers import Invitee, find_offer
from portal.accounts.people.views import done, limit_invitations, people_room, with_status
from portal.accounts.people.wording import ACTS
from portal.accounts.queries import get_person
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.errors import NotFound
from portal.i18n.request import keep_arguments, page_language
from portal.i18n.text import gettext
from portal.typed import whole_number
from portal.ui.caching import never, onward

IS_LAST: Final = 409  # a conflict: the site would have no administrator


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages."""
    limit = limit_invitations(limiter)
    views = Blueprint("colleagues", __name__)
    views.add_url_rule("/people", "people", people)
    views.add_url_rule("/people/find", "find", find, methods=["GET", "POST"])
    views.add_url_rule("/people/keepers", "keepers", keepers)
    views.add_url_rule("/people/invite", "invite", limit(invite), methods=["GET", "POST"])
    views.add_url_rule("/people/<uuid:person_id>", "person", person)
    views.add_url_rule("/people/<uuid:person_id>/give", "give", limit(give), methods=["POST"])
    views.add_url_rule("/people/<uuid:person_id>/take", "take", take, methods=["POST"])
    views.add_url_rule("/people/<uuid:person_id>/take-back", "take_back", take_back, methods=["POST"])
    views.add_url_rule("/people/<uuid:person_id>/let-go", "let_go", let_go, methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)


def people() -> Response:
    """Everybody who works for the council."""
    with reading(people_room().engine) as session:
        found = list_colleagues(session)
    return never(render_template("accounts/people/people.html", people=found, form=FindForm(), done=done()))


def find() -> Response:
    """Somebody looked for, by name or address."""
    if request.method == "GET":
        return onward(url_for("colleagues.people"))
    form, found = FindForm(request.form), tuple[Known, ...]()
    if form.validate():
        with reading(people_room().engine) as session:
            found = find_people(session, form.words.data or "")
    return with_status(render_template("accounts/people/found.html", people=found, form=form), 422 if form.errors else 200)


def keepers() -> Response:
    """Everybody who keeps listings of organizations."""
    number = whole_number(request.args.get("page", "1")) or 1
    with reading(people_room().engine) as session:
        found = list_keepers(session, number)
    keep_arguments({"page": found.page})
    return never(render_template("accounts/people/everybody.html", found=found))


def invite() -> Response:
    """Ask somebody to take on a role."""
    room, posted = people_room(), request.form if request.method == "POST" else None
    form = colleague_form(room.sender.pack.languages, page_language().code, posted)
    if posted is not None and form.validate():
        with writing(room.engine) as session:
            is_asked = operations.invite_colleague(session, room.sender, this_member(), Role(form.role.data), form.invitee)
        if is_asked:
            return onward(url_for("colleagues.people", done="asked"))
        form.email.errors = [gettext("They do this already")]
    return with_status(render_template("accounts/people/invite.html", form=form), 422 if form.errors else 200)


def person(person_id: uuid.UUID) -> Response:
    """One account."""
    return _page(person_id)


def give(person_id: uuid.UUID) -> Response:
    """Ask somebody with an account to do more."""
    room = people_room()
    form = role_form(tuple(Role), request.form)
    with reading(room.engine) as session:
        row = get_person(session, person_id)
    if not form.validate():
        return _page(person_id, form, 422)
    invitee = Invitee(row.email or "", row.name, row.language)
    with writing(room.engine) as session:
        is_asked = operations.invite_colleague(session, room.sender, this_member(), Role(form.role.data), invitee)
    return _back(person_id, "asked" if is_asked else "over")


def take(person_id: uuid.UUID) -> Response:
    """Take a role away."""
    given = request.form.get("role", "")
    if given not in list(Role):
        raise NotFound("no such role")
    with writing(people_room().engine) as session:
        is_taken = operations.take_role(session, this_member(), person_id, Role(given))
    if person_id == this_member().id and is_taken and given == Role.ADMINISTRATOR:
        return onward(url_for("people.offers", done="taken"))
    return _back(person_id, "taken") if is_taken else _page(person_id, None, IS_LAST)


def take_back(person_id: uuid.UUID) -> Response:
    """Take an invitation back."""
    offer = find_offer(request.form.get("offer", ""))
    if offer is None:
        raise NotFound("no such offer")
    with writing(people_room().engine) as session:
        is_back = operations.take_back(session, this_member(), person_id, offer)
    return _back(person_id, "back" if is_back else "over")


def let_go(person_id: uuid.UUID) -> Response:
    """Close an account: what that means, then done."""
    room = people_room()
    if request.method == "POST":
        with writing(room.engine) as session:
            is_gone = operations.let_go(session, this_member(), person_id)
        return onward(url_for("colleagues.people", done="gone")) if is_gone else _page(person_id, None, IS_LAST)
    with reading(room.engine) as session:
        found = get_known(session, person_id)
    return never(render_template("accounts/people/let_go.html", found=found))


def _page(person_id: uuid.UUID, form: RoleForm | None = None, status: int = 200) -> Response:
    with reading(people_room().engine) as session:
        found = get_known(session, person_id)
        past = list_past(session, person_id)
        mentioned = [uuid.UUID(act.value) for act in past if act.field == "organization" and act.value]
        names = names_of_organizations(session, [*found.organizations, *found.asked_organizations, *mentioned])
    free = tuple(role for role in Role if role not in (*found.roles, *found.asked_roles))
    shown = {
        "past": past,
        "acts": ACTS,
        "form": form or role_form(free),
        "free": free,
        "names": {str(one): name for one, name in names.items()},
        "is_me": person_id == this_member().id,
        "is_last": status == IS_LAST,
        "done": done(),
    }
    return with_status(render_template("accounts/people/person.html", found=found, **shown), status)


def _back(person_id: uuid.UUID, what: str) -> Response:
    return onward(url_for("colleagues.person", person_id=person_id, done=what))
