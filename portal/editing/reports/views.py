"""Pages of reports: what residents say is wrong, for those who keep the listing and for the council; and links that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.accounts.audiences import Member
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.directory.forms import LABELS
from portal.editing.links.queries import list_broken
from portal.editing.reports import operations, queries
from portal.editing.reports.forms import DoneForm
from portal.editing.reports.operations import Done
from portal.editing.reports.queries import Report
from portal.sharing.asking.room import Sender
from portal.ui.caching import never, onward

LARGEST: Final = 2**31 - 1  # what every database takes for a number
Answer = Callable[[Session, Sender, Member, int, Done], None]


@dataclass(frozen=True)
class ReportsRoom:
    """What these pages are given."""

    engine: Engine
    sender: Sender


def install(app: Flask, of_language: str, room: ReportsRoom) -> None:
    """Serve these pages."""
    app.extensions["reports"] = room
    one = f"<int(max={LARGEST}):report_id>"
    views = Blueprint("reports", __name__)
    views.add_url_rule("/reports", "reports", reports)
    views.add_url_rule(f"/reports/{one}", "answer", answer, methods=["GET", "POST"])
    views.add_url_rule("/reports/council", "council", council)
    views.add_url_rule(f"/reports/council/{one}", "answer_for_council", answer_for_council, methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)


def _room() -> ReportsRoom:
    room: ReportsRoom = current_app.extensions["reports"]
    return room


def reports() -> Response:
    """What waits for those who keep listings, and their links that lead nowhere."""
    member = this_member()
    with reading(_room().engine) as session:
        waiting = queries.list_for_editors(session, member.organizations)
        broken = list_broken(session, member.organizations)
    return never(render_template("reports/reports.html", reports=waiting, broken=broken, labels=LABELS, answer="reports.answer"))


def council() -> Response:
    """What the council has to deal with."""
    with reading(_room().engine) as session:
        waiting, broken = queries.list_for_council(session), list_broken(session)
    page = {"reports": waiting, "broken": broken, "labels": LABELS, "answer": "reports.answer_for_council"}
    return never(render_template("reports/council.html", **page))


def answer(report_id: int) -> Response:
    """Answer one, for those who keep the listing."""
    with reading(_room().engine) as session:
        report = queries.get_for_editors(session, report_id, this_member().organizations)
    return _answer(report, operations.answer_as_editor, "reports.reports")


def answer_for_council(report_id: int) -> Response:
    """Answer one, for the council."""
    with reading(_room().engine) as session:
        report = queries.get_for_council(session, report_id)
    return _answer(report, operations.answer_as_council, "reports.council")


def _answer(report: Report, give: Answer, desk: str) -> Response:
    form, room = DoneForm(request.form), _room()
    if request.method == "POST" and form.validate():
        with writing(room.engine) as session:
            give(session, room.sender, this_member(), report.id, form.done())
        return onward(url_for(desk))
    change = url_for("changing.overview", service_id=report.service_id)  # for who keeps it, and for the council: both may propose
    page = never(render_template("reports/answer.html", it=report, form=form, labels=LABELS, desk=url_for(desk), change=change))
    page.status_code = 422 if form.errors else 200
    return page
