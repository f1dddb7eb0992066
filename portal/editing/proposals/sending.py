"""What time brings to proposals: letters that decisions left to be written, and a word a day to reviewers while something waits.

Called once a minute and when rung, by any number of workers. A letter is in the outbox and its notice gone in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Role
from portal.accounts.models import Person
from portal.accounts.queries import list_with_role
from portal.directory.days import is_working_day
from portal.directory.models import Organization
from portal.directory.record import CONTACT_FIELDS, ServiceRecord, with_fields
from portal.editing.proposals import letters
from portal.editing.proposals.models import Notice, Proposal
from portal.editing.proposals.queries import count_waiting, get_proposal
from portal.editing.proposals.seen import ProposedView
from portal.editing.telling import may_tell
from portal.mail import Message, post
from portal.sharing.asking.room import Sender

HELD: Final = "held"
_AT_ONCE: Final = 50
_KIND: Final = "proposals waiting"
_PAUSE: Final = timedelta(hours=20)
_OPENS, _CLOSES = 8, 18  # hours of a working day in London


def tend(session: Session, sender: Sender) -> None:
    """Write what is to be written."""
    write_letters(session, sender)
    tell_reviewers(session, sender)


def write_letters(session: Session, sender: Sender) -> int:
    """Post the letters of decisions; how many."""
    query = select(Notice).order_by(Notice.noted_at, Notice.id).limit(_AT_ONCE).with_for_update(skip_locked=True)
    posted = 0
    for notice in session.scalars(query).all():
        for message in _messages(session, sender, notice):
            post(session, sender.secret, message)
            posted += 1
        session.delete(notice)
    return posted


def tell_reviewers(session: Session, sender: Sender) -> int:
    """Tell each reviewer how many proposals wait: on working days, by day, once a day. How many were told."""
    now = clock.local_now()
    is_working = is_working_day(now.date()) and _OPENS <= now.hour < _CLOSES
    number = count_waiting(session) if is_working else 0
    told = 0
    for person in list_with_role(session, Role.REVIEWER) if number else ():
        if person.email and may_tell(session, person.id, _KIND, _PAUSE):
            post(session, sender.secret, letters.waiting(sender, person, number))
            told += 1
    return told


def _messages(session: Session, sender: Sender, notice: Notice) -> Iterable[Message]:
    proposal = session.get(Proposal, notice.proposal_id)
    if proposal is None:
        return
    view = get_proposal(session, proposal.id)
    if notice.kind == HELD:
        organization = session.get_one(Organization, proposal.organization_id)
        changes = [(each.name, each.base, _after(each)) for each in view.services if each.base and _contacts(each)]
        old = {address.casefold(): address for _, before, _ in changes for address in (before.email, organization.email or "") if address}
        for address in old.values():
            yield letters.contacts_change(sender, address, organization.name, changes)
        return
    person = session.get(Person, proposal.proposed_by)
    if person is not None and person.email and person.left_at is None:
        yield letters.decided(sender, person, view, notice.kind)


def _contacts(service: ProposedView) -> tuple[str, ...]:
    """The contacts that were held; they may be decided by now."""
    return service.held or tuple(name for name in CONTACT_FIELDS if name in (*service.approved, *service.left_out))


def _after(service: ProposedView) -> ServiceRecord:
    return with_fields(service.base or service.record, service.edited or service.record, _contacts(service))
