"""What is done with reports: told to who keeps the listing, passed on to the council, answered, forgotten. One act each; none commits.

A resident's address is opened in one place, to write the answer, and is deleted with it. Editors never see it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member, Role
from portal.accounts.models import Membership, Person
from portal.accounts.queries import list_with_role
from portal.directory.days import begun_before
from portal.directory.models import Service
from portal.directory.reporting import find_reply_to, seal_old
from portal.directory.reports import COUNCIL, EDITORS, ListingReport
from portal.editing.reports import letters
from portal.editing.reports.queries import ANSWERED_WITHIN, Report, get_for_council, get_for_editors, list_for_council, list_for_editors
from portal.editing.telling import Told, may_tell
from portal.errors import NotFound
from portal.history import Act, record
from portal.mail import post
from portal.sharing.asking.room import Sender

TO_EDITORS: Final = "reports"  # kinds of what people are told
TO_COUNCIL: Final = "reports of the council"
PAUSE: Final = timedelta(days=1)
ADDRESS_LASTS: Final = timedelta(days=90)
WORDS_LAST: Final = timedelta(days=180)  # once answered
AT_ONCE: Final = 50
_PAGES: Final = {TO_EDITORS: "/reports", TO_COUNCIL: "/reports/council"}


@dataclass(frozen=True)
class Done:
    """What was done about a report: `letters.PUT_RIGHT` or `letters.RIGHT`, and words for whoever reported it."""

    outcome: str
    words: str = ""


def answer_as_editor(session: Session, sender: Sender, member: Member, report_id: int, done: Done) -> None:
    """Answer a report on a listing that a member keeps. Raises `NotFound` also when somebody was quicker."""
    _close(session, sender, member, (get_for_editors(session, report_id, member.organizations), done))


def answer_as_council(session: Session, sender: Sender, member: Member, report_id: int, done: Done) -> None:
    """Answer a report that the council has. Raises `NotFound` also when somebody was quicker."""
    _close(session, sender, member, (get_for_council(session, report_id), done))


def tend(session: Session, sender: Sender) -> None:
    """What time brings: to be called every few minutes, by any number of workers. Never commits."""
    seal_old(session, sender.secret)
    pass_on(session)
    purge(session)
    tell(session, sender)


def pass_on(session: Session) -> int:
    """Give to the council what nobody keeps, and what has waited five working days; how many. Each once."""
    kept = (Membership.organization_id == Service.organization_id, Membership.accepted_at.is_not(None))
    is_kept = exists().where(Service.id == ListingReport.service_id, *kept, Person.id == Membership.person_id, Person.left_at.is_(None))
    is_late = ListingReport.reported_at < begun_before(ANSWERED_WITHIN)
    due = (ListingReport.closed_at.is_(None), ListingReport.holder == EDITORS, or_(~is_kept, is_late))
    passed = update(ListingReport).where(*due).values(holder=COUNCIL, passed_on_at=clock.now()).returning(ListingReport.service_id)
    services = session.scalars(passed, execution_options={"synchronize_session": False}).all()
    for service_id in services:
        record(session, ("service", service_id), Act("report passed on", "doorstep"), {"holder": [EDITORS, COUNCIL]})
    return len(services)


def tell(session: Session, sender: Sender) -> None:
    """Write to everybody for whom something new waits, once a day at most."""
    for person in _editors_to_tell(session):
        organizations = [each.organization_id for each in person.memberships if each.accepted_at]
        _tell_one(session, sender, (person, TO_EDITORS), list_for_editors(session, organizations))
    newest = session.scalar(
        select(func.max(ListingReport.passed_on_at)).where(ListingReport.closed_at.is_(None), ListingReport.holder == COUNCIL)
    )
    if newest is None:
        return
    reports = list_for_council(session)
    for person in list_with_role(session, Role.COUNCIL_EDITOR) or list_with_role(session, Role.REVIEWER, Role.ADMINISTRATOR):
        if _is_new_to(session, person.id, TO_COUNCIL, newest):
            _tell_one(session, sender, (person, TO_COUNCIL), reports)


def purge(session: Session) -> None:
    """Forget addresses after 90 days, and the words of what was answered half a year ago. Never commits."""
    now = clock.now()
    for change in (
        update(ListingReport).where(ListingReport.reported_at <= now - ADDRESS_LASTS).values(sealed=None, reply_to=""),
        delete(ListingReport).where(ListingReport.closed_at <= now - WORDS_LAST),
    ):
        session.execute(change.execution_options(synchronize_session=False))


def _close(session: Session, sender: Sender, member: Member, of: tuple[Report, Done]) -> None:
    report, done = of
    row = session.get_one(ListingReport, report.id, with_for_update=True, populate_existing=True)
    if row.closed_at is not None:
        raise NotFound(f"report {report.id} is answered")
    to = find_reply_to(row, sender.secret)
    row.closed_at, row.closed_by, row.outcome, row.answer = clock.now(), member.acted_by, done.outcome, done.words
    row.sealed, row.reply_to = None, ""
    changes = {"report": [row.id, None], "outcome": [None, done.outcome]}
    record(session, ("service", row.service_id), Act("report answered", member.acted_by), changes)
    if to:
        post(session, sender.secret, letters.answered(sender, to, report, (done.outcome, done.words)))


def _editors_to_tell(session: Session) -> Sequence[Person]:
    """Who keeps a listing with a report that came after they were last told."""
    told_at = select(Told.told_at).where(Told.person_id == Person.id, Told.kind == TO_EDITORS).scalar_subquery()
    found = (
        select(Person)
        .distinct()
        .join(Membership, Membership.person_id == Person.id)
        .join(Service, Service.organization_id == Membership.organization_id)
        .join(ListingReport, ListingReport.service_id == Service.id)
        .where(Membership.accepted_at.is_not(None), Person.left_at.is_(None), Person.email.is_not(None))
        .where(ListingReport.closed_at.is_(None), ListingReport.holder == EDITORS)
        .where(or_(told_at.is_(None), told_at < ListingReport.reported_at), or_(told_at.is_(None), told_at <= clock.now() - PAUSE))
    )
    return session.scalars(found.order_by(Person.id).limit(AT_ONCE)).all()


def _is_new_to(session: Session, person_id: uuid.UUID, kind: str, newest: datetime) -> bool:
    told = session.get(Told, (person_id, kind))
    return told is None or told.told_at < newest


def _tell_one(session: Session, sender: Sender, to: tuple[Person, str], reports: Sequence[Report]) -> None:
    person, kind = to
    if reports and may_tell(session, person.id, kind, PAUSE):
        post(session, sender.secret, letters.waiting(sender, person, reports, _PAGES[kind]))
