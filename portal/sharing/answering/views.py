"""The pages of a recipient: a link in; a button, what was shared and a way to answer out, and nothing else of anybody.

Mail scanners open links: by GET a link shows only a button. Each time that what was shared is shown, it is written down.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, render_template, request, url_for

from portal.db import reading, writing
from portal.i18n.request import keep_address_quiet
from portal.sharing.answering.forms import ReplyForm, reply_form
from portal.sharing.asking.operations import look
from portal.sharing.asking.operations import reply as give_reply
from portal.sharing.asking.queries import Closed, Opened, find_opened
from portal.sharing.asking.views import asking_room
from portal.ui.caching import never, onward


def install(app: Flask, of_language: str) -> None:
    """Serve these pages; `asking.views` holds their room."""
    views = Blueprint("answering", __name__)
    views.before_request(keep_address_quiet)
    views.add_url_rule("/answer/<token>", "answer", answer)
    views.add_url_rule("/answer/<token>/open", "show", show, methods=["GET", "POST"])
    views.add_url_rule("/answer/<token>/reply", "reply", reply, methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)


def answer(token: str) -> Response:
    """That somebody asks, by when to answer, and a button."""
    room = asking_room()
    with reading(room.engine) as session:
        opened = find_opened(session, room.sender, token)
    if isinstance(opened, Closed):
        return _closed_page(opened)
    return never(render_template("asking/answer.html", token=token, opened=opened))


def show(token: str) -> Response:
    """What was shared, and the form to answer with."""
    if request.method == "GET":
        return onward(url_for("answering.answer", token=token))
    opened = _look(token)
    return _closed_page(opened) if isinstance(opened, Closed) else _shared_page(token, opened, reply_form(opened.own_reply))


def reply(token: str) -> Response:
    """An answer; the newest counts."""
    if request.method == "GET":
        return onward(url_for("answering.answer", token=token))
    form, room = reply_form(posted=request.form), asking_room()
    if not form.validate():
        opened = _look(token)
        return _closed_page(opened) if isinstance(opened, Closed) else _shared_page(token, opened, form, 422)
    with writing(room.engine) as session:
        closed = give_reply(session, room.sender, token, form.reply())
    return _closed_page(closed) if closed else onward(url_for("answering.answer", token=token))


def _look(token: str) -> Opened | Closed:
    room = asking_room()
    with writing(room.engine) as session:
        return look(session, room.sender, token)


def _shared_page(token: str, opened: Opened, form: ReplyForm, status: int = 200) -> Response:
    response = never(render_template("asking/open.html", token=token, opened=opened, form=form))
    response.status_code = status
    return response


def _closed_page(closed: Closed) -> Response:
    """One page for all that does not open: it says why, and no more."""
    response = never(render_template("asking/closed.html", closed=closed))
    response.status_code = 404 if closed == Closed.UNKNOWN else 410
    return response
