"""Helping somebody who lost their passkey: whom, why, and the second person's yes or no."""

from __future__ import annotations

import uuid

from flask import Blueprint, Flask, Response, render_template, request, url_for

from portal.accounts.addresses import normal
from portal.accounts.people.council.queries import get_known
from portal.accounts.people.recovering import operations
from portal.accounts.people.recovering.forms import KNOWN_BY, WHAT, WhomForm, WhyForm
from portal.accounts.people.recovering.operations import TRUSTED, Begun
from portal.accounts.people.recovering.queries import list_waiting
from portal.accounts.people.views import done, people_room, with_status
from portal.accounts.queries import find_person
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.errors import NotFound
from portal.i18n.text import gettext
from portal.ui.caching import onward


def install(app: Flask, of_language: str) -> None:
    """Serve these pages."""
    views = Blueprint("recovering", __name__)
    views.add_url_rule("/people/recoveries", "recoveries", recoveries, methods=["GET", "POST"])
    views.add_url_rule("/people/<uuid:person_id>/recover", "recover", recover, methods=["GET", "POST"])
    views.add_url_rule("/people/recoveries/<uuid:recovery_id>/agree", "agree", agree, methods=["POST"])
    views.add_url_rule("/people/recoveries/<uuid:recovery_id>/refuse", "refuse", refuse, methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def recoveries() -> Response:
    """Who waits for a second person; and whom to help, by address."""
    member, posted = this_member(), request.form if request.method == "POST" else None
    form = WhomForm(posted)
    with reading(people_room().engine) as session:
        if posted is not None and form.validate():
            person = find_person(session, normal(form.email.data or ""))
            if person is not None and person.id != member.id:
                return onward(url_for("recovering.recover", person_id=person.id))
            mine = gettext("Somebody else must help you: ask a colleague")
            form.email.errors = [mine if person else gettext("Nobody has an account with this address")]
        waiting = list_waiting(session, member)
    shown = {"waiting": waiting, "what": WHAT, "known_by": KNOWN_BY, "done": done()}
    return with_status(render_template("accounts/people/recoveries.html", form=form, **shown), 422 if form.errors else 200)


def recover(person_id: uuid.UUID) -> Response:
    """Why somebody needs help, and how it is known that it is really them; posted, it begins."""
    room, member, form = people_room(), this_member(), WhyForm(request.form if request.method == "POST" else None)
    with reading(room.engine) as session:
        found = get_known(session, person_id)
    has_role = bool(found.roles or found.asked_roles)
    if person_id == member.id or (has_role and not member.has(*TRUSTED)):
        raise NotFound("not theirs to help")
    if request.method == "POST" and form.validate():
        with writing(room.engine) as session:
            begun = operations.start(session, room.sender, member, person_id, form.reason)
        return _back("helped" if begun is Begun.DONE else "begun")
    html = render_template("accounts/people/recover.html", found=found, form=form, has_role=has_role)
    return with_status(html, 422 if form.errors else 200)


def agree(recovery_id: uuid.UUID) -> Response:
    """The second person's yes."""
    room = people_room()
    with writing(room.engine) as session:
        operations.agree(session, room.sender, this_member(), recovery_id)
    return _back("helped")


def refuse(recovery_id: uuid.UUID) -> Response:
    """Stop it."""
    with writing(people_room().engine) as session:
        operations.refuse(session, this_member(), recovery_id)
    return _back("refused")


def _back(what: str) -> Response:
    return onward(url_for("recovering.recoveries", done=what))
