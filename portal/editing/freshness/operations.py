"""What is done about freshness: confirmed by who keeps it or by the council, tried by telephone, said to have closed. None commits.

To confirm is to say that all that is published is right today. A confirmation by link carries a choice that somebody made: the
form comes with nothing chosen, so that a mail scanner which opens it, and even one that sends it as it stands, confirms nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member, acted_by
from portal.accounts.models import Person
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.publishing import assure
from portal.directory.reporting import Wrong, report_problem
from portal.directory.reports import ORGANIZATION
from portal.editing.freshness.models import Call, Mobile, StillRightLink
from portal.editing.freshness.queries import due_ids
from portal.editing.freshness.reminding import LINK, mobile_key
from portal.errors import NotFound
from portal.history import Act, record
from portal.sealing import key_of_token
from portal.sharing.asking.room import Sender

ON_A_PAGE: Final = 20  # services that a link shows at once; those after them come when these are answered


@dataclass(frozen=True)
class Opened:
    """What a link opens: whose it is, and what of theirs waits, the longest due first."""

    person_id: uuid.UUID
    service_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True)
class Answers:
    """What somebody answered about services: those that are right, and those that are over."""

    right: frozenset[uuid.UUID] = frozenset()
    closed: frozenset[uuid.UUID] = frozenset()


def find_opened(session: Session, token: str) -> Opened | None:
    """What a link opens now; nothing when it has ended, its person has left, or it never was ours."""
    link = session.get(StillRightLink, key_of_token(token, LINK).id) if token else None
    if link is None or link.ends_at <= clock.now():
        return None
    is_here = session.scalar(select(Person.id).where(Person.id == link.person_id, Person.left_at.is_(None)))
    return Opened(link.person_id, tuple(due_ids(session, link.person_id, ON_A_PAGE))) if is_here else None


def answer(session: Session, sender: Sender, token: str, answers: Answers) -> Opened | None:
    """Do what was answered by a link, as far as it still waits: a second tap changes nothing. Nothing for a link that does not open."""
    opened = find_opened(session, token)
    if opened is None:
        return None
    actor = acted_by(opened.person_id)
    _assure_all(session, answers.right & set(opened.service_ids), Act("confirmed", actor, "by a link in an e-mail"))
    for service_id in sorted(answers.closed & set(opened.service_ids)):
        wrong = Wrong("closed", told_by=ORGANIZATION, acted_by=actor)
        report_problem(session, sender.secret, service_id, wrong)
    return opened


def confirm(session: Session, member: Member, service_ids: Collection[uuid.UUID]) -> int:
    """Confirm services that a member keeps; how many were not confirmed today already. Raises `NotFound` for any that is not theirs."""
    services = _list_public(session, service_ids)
    if len(services) != len(set(service_ids)) or not all(member.edits(each.organization_id) for each in services):
        raise NotFound("not all of these services are there to be confirmed")
    return _assure_all(session, [each.id for each in services], Act("confirmed", member.acted_by))


def confirm_by_council(session: Session, member: Member, service_id: uuid.UUID, council: str) -> bool:
    """Confirm a service after ringing those who run it; `council` is the name that is shown. Raises `NotFound`."""
    if not _list_public(session, [service_id]):
        raise NotFound(f"no public service {service_id}")
    return assure(session, service_id, Act("confirmed", member.acted_by, "the council rang them"), council)


def note_call(session: Session, member: Member, service_id: uuid.UUID, note: str) -> None:
    """Keep that a call reached nobody. The note is for colleagues and not in the history. Raises `NotFound`."""
    if not _list_public(session, [service_id]):
        raise NotFound(f"no public service {service_id}")
    session.add(Call(service_id=service_id, called_by=member.id, called_at=clock.now(), note=note))
    record(session, ("service", service_id), Act("called", member.acted_by, "nobody could be reached"), {})


def set_mobile(session: Session, secret: str, member: Member, number: str) -> None:
    """Send this member's reminders to a mobile as well; an empty number ends that."""
    kept = session.get(Mobile, member.id)
    if kept is not None:
        session.delete(kept)
        session.flush()
    if number:
        session.add(Mobile(person_id=member.id, sealed=mobile_key(secret).seal(number.encode(), str(member.id))))
    if number or kept:
        record(session, ("person", member.id), Act("text messages on" if number else "text messages off", member.acted_by), {})


def _assure_all(session: Session, service_ids: Iterable[uuid.UUID], act: Act) -> int:
    """Confirm each in the name of its organization."""
    chosen = list(service_ids)
    found = select(Service.id, Organization.name).join(Organization, Organization.id == Service.organization_id)
    names = session.execute(found.where(Service.id.in_(chosen)).order_by(Service.id)).all()
    return sum(assure(session, service_id, act, name) for service_id, name in names)


def _list_public(session: Session, service_ids: Collection[uuid.UUID]) -> Sequence[Service]:
    found = select(Service).where(Service.id.in_(service_ids), Service.status.in_(PUBLIC_STATUSES))
    return session.scalars(found.order_by(Service.id)).all()
