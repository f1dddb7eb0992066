"""Saying that something is wrong with a listing: what somebody typed in, a report that waits out; and the address for an answer.

Addresses are sealed with the site's key and bound to their report, and opened only to write the answer. Nothing commits.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import alarm, clock
from portal.directory.models import Service
from portal.directory.reports import COUNCIL, EDITORS, RESIDENT, ListingReport
from portal.errors import NotFound
from portal.history import Act, record
from portal.sealing import Key, Unreadable, key_of_site

OFFENSIVE: Final = "offensive"  # who keeps a listing is not the one to judge that
SEALED_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Wrong:
    """What somebody says is wrong: a `kind` of `ListingReport.KINDS`, their words, where to answer (empty: nowhere), in `language`.

    `told_by` is RESIDENT or ORGANIZATION; what an organization says of itself goes to the council.
    """

    kind: str
    message: str = ""
    reply_to: str = ""
    language: str = "en"
    told_by: str = RESIDENT
    acted_by: str = "resident"


def report_problem(session: Session, secret: str, service_id: uuid.UUID, wrong: Wrong) -> int:
    """Keep what is wrong with a service; the number of the report. What follows is done by the thread that tends. Raises `NotFound`."""
    if session.get(Service, service_id) is None:
        raise NotFound(f"no service {service_id}")
    is_for_council = wrong.kind == OFFENSIVE or wrong.told_by != RESIDENT
    report = ListingReport(
        service_id=service_id,
        kind=wrong.kind,
        message=wrong.message,
        language=wrong.language,
        told_by=wrong.told_by,
        holder=COUNCIL if is_for_council else EDITORS,
        reported_at=clock.now(),
        passed_on_at=clock.now() if is_for_council else None,
    )
    session.add(report)
    session.flush()
    _seal(report, secret, wrong.reply_to)
    record(session, ("service", service_id), Act("reported", wrong.acted_by), {"report": [None, report.id], "kind": [None, wrong.kind]})
    alarm.tending.ring_after_commit(session)
    return report.id


def find_reply_to(report: ListingReport, secret: str) -> str:
    """Where to answer; empty where nobody asked for an answer, or had it, or the key is another by now."""
    with suppress(Unreadable):
        return _key(secret).open(report.sealed or b"", _bound(report)).decode()
    return report.reply_to


def seal_old(session: Session, secret: str) -> None:
    """Seal addresses that were kept before they were sealed: a migration has no key."""
    for report in session.scalars(select(ListingReport).where(ListingReport.reply_to != "").limit(SEALED_AT_ONCE)):
        _seal(report, secret, report.reply_to)


def _seal(report: ListingReport, secret: str, reply_to: str) -> None:
    report.sealed = _key(secret).seal(reply_to.encode(), _bound(report)) if reply_to else None
    report.reply_to = ""


def _key(secret: str) -> Key:
    return key_of_site(secret, "report")


def _bound(report: ListingReport) -> str:
    return f"report {report.id}"
