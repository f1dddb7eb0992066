"""What is done with offers: made, taken back, accepted, declined, ended when nobody answers. One function, one act; none commits.

Each act takes its row for itself by one statement that says what must still hold, so that of two at once one finds nothing to do.
The history holds ids and roles, never names or addresses.
"""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import PASSKEY_ONLY, Level, Member, Role, acted_by
from portal.accounts.models import Grant, Membership, Person
from portal.accounts.people import letters
from portal.accounts.people.forgetting import forget_strangers
from portal.accounts.people.offers import LASTS, Asker, Invitee, Offer
from portal.accounts.people.room import Sender
from portal.accounts.people.wording import ACCEPTED, DECLINED, ENDED, HANDED_OVER, INVITED, TAKEN_BACK
from portal.accounts.queries import get_person
from portal.db import inserting
from portal.directory.models import Organization
from portal.errors import NotFound
from portal.history import Act, record

_TENDED: Final = "tending"


def invite(session: Session, sender: Sender, asker: Asker, offer: Offer, invitee: Invitee) -> bool:
    """Ask somebody, by e-mail; whether they are asked: not when they do it already. Asking again sends the letter again.

    Raises `NotFound` for an organization that is not there.
    """
    organization = _get_organization(session, offer)
    person_id = _person_of(session, invitee)
    if not _put(session, asker, offer, person_id):
        return False
    field, value = offer.change
    record(session, ("person", person_id), Act(INVITED, asker.acted_by), {field: [None, value]})
    if offer.role:
        sender.post(session, letters.invited_to_role(sender, invitee, asker, offer.role))
    elif organization:
        sender.post(session, letters.invited_to_keep(sender, invitee, asker, organization.name))
    return True


def take_back(session: Session, asker: Asker, person_id: uuid.UUID, offer: Offer) -> bool:
    """Ask no longer; whether there was an offer still to take back."""
    return _end(session, person_id, offer, Act(TAKEN_BACK, asker.acted_by))


def decline(session: Session, member: Member, offer: Offer) -> bool:
    """Say no; whether the offer was still there."""
    return _end(session, member.id, offer, Act(DECLINED, member.acted_by))


def accept(session: Session, sender: Sender, member: Member, offer: Offer) -> bool:
    """Say yes; whether the offer was still there. What needs a passkey can only be accepted by one. Whoever handed over stops."""
    if offer.role in PASSKEY_ONLY and member.level is not Level.PASSKEY:
        return False
    get_person(session, member.id)
    table, is_it = _where(member.id, offer)
    still = (is_it, table.accepted_at.is_(None), table.invited_at > clock.now() - LASTS)
    instead_of = session.scalar(select(Membership.instead_of).where(*still).with_for_update()) if table is Membership else None
    values = {"accepted_at": clock.now()} | ({"instead_of": None} if table is Membership else {})
    if session.execute(update(table).where(*still).values(**values).returning(table.person_id)).one_or_none() is None:
        return False
    field, value = offer.change
    record(session, ("person", member.id), Act(ACCEPTED, member.acted_by), {field: [None, value]})
    if instead_of and offer.organization_id:
        _hand_over(session, sender, member, offer.organization_id, instead_of)
    return True


def end_unanswered(session: Session) -> None:
    """End offers that nobody answered in time, and forget whoever was only ever asked. Never commits."""
    late = clock.now() - LASTS
    roles = delete(Grant).where(Grant.accepted_at.is_(None), Grant.invited_at <= late).returning(Grant.person_id, Grant.role)
    over = [(person_id, Offer(Role(role))) for person_id, role in session.execute(roles)]
    places = delete(Membership).where(Membership.accepted_at.is_(None), Membership.invited_at <= late)
    gone = session.execute(places.returning(Membership.person_id, Membership.organization_id))
    over += [(person_id, Offer(organization_id=organization_id)) for person_id, organization_id in gone]
    for person_id, offer in over:
        _write(session, person_id, offer, Act(ENDED, _TENDED))
    forget_strangers(session, late)


def take_back_all_of(session: Session, asker_id: uuid.UUID, act: Act, organization_id: uuid.UUID | None = None) -> None:
    """Take back what a person asked others and nobody has answered: of one organization, or everything. Never commits."""
    mine = acted_by(asker_id)
    open_places = [Membership.accepted_at.is_(None), Membership.invited_by == mine]
    if organization_id is not None:
        open_places.append(Membership.organization_id == organization_id)
    gone = session.execute(delete(Membership).where(*open_places).returning(Membership.person_id, Membership.organization_id))
    offers = [(person_id, Offer(organization_id=place)) for person_id, place in gone]
    if organization_id is None:
        roles = delete(Grant).where(Grant.accepted_at.is_(None), Grant.invited_by == mine).returning(Grant.person_id, Grant.role)
        offers += [(person_id, Offer(Role(role))) for person_id, role in session.execute(roles)]
    for person_id, offer in offers:
        _write(session, person_id, offer, Act(TAKEN_BACK, act.acted_by))


def _person_of(session: Session, invitee: Invitee) -> uuid.UUID:
    """Whoever has this address, locked until the transaction ends; somebody new where nobody has."""
    new = {"id": uuid.uuid4(), "email": invitee.email, "name": invitee.name, "language": invitee.language, "added_at": clock.now()}
    here = select(Person.id).where(Person.email == invitee.email).with_for_update()
    session.execute(inserting(session, Person).values(**new).on_conflict_do_nothing(index_elements=["email"]))
    found = session.scalars(here).one_or_none()
    if found is None:  # they were let go in that very moment: somebody new after all
        session.execute(inserting(session, Person).values(**new).on_conflict_do_nothing(index_elements=["email"]))
        found = session.scalars(here).one()
    return found


def _put(session: Session, asker: Asker, offer: Offer, person_id: uuid.UUID) -> bool:
    """Write the offer down, anew where there is one; whether it is open: not when it was accepted."""
    again = {"invited_by": asker.acted_by, "invited_at": clock.now()}
    if offer.role:
        grant = inserting(session, Grant).values(person_id=person_id, role=offer.role.value, **again)
        put = grant.on_conflict_do_update(index_elements=["person_id", "role"], set_=again, where=Grant.accepted_at.is_(None))
        return session.execute(put.returning(Grant.person_id)).one_or_none() is not None
    again["instead_of"] = offer.instead_of
    membership = inserting(session, Membership).values(person_id=person_id, organization_id=offer.organization_id, **again)
    keys, still = ["person_id", "organization_id"], Membership.accepted_at.is_(None)
    put = membership.on_conflict_do_update(index_elements=keys, set_=again, where=still)
    return session.execute(put.returning(Membership.person_id)).one_or_none() is not None


def _end(session: Session, person_id: uuid.UUID, offer: Offer, act: Act) -> bool:
    table, is_it = _where(person_id, offer)
    gone = session.execute(delete(table).where(is_it, table.accepted_at.is_(None)).returning(table.person_id)).one_or_none()
    if gone is None:
        return False
    _write(session, person_id, offer, act)
    return True


def _write(session: Session, person_id: uuid.UUID, offer: Offer, act: Act) -> None:
    """The history of an offer that is no more."""
    field, value = offer.change
    record(session, ("person", person_id), act, {field: [value, None]})


def _where(person_id: uuid.UUID, offer: Offer) -> tuple[type[Grant] | type[Membership], ColumnElement[bool]]:
    """The table and the row of an offer."""
    if offer.role:
        return Grant, (Grant.person_id == person_id) & (Grant.role == offer.role.value)
    return Membership, (Membership.person_id == person_id) & (Membership.organization_id == offer.organization_id)


def _get_organization(session: Session, offer: Offer) -> Organization | None:
    if offer.organization_id is None:
        return None
    organization = session.get(Organization, offer.organization_id)
    if organization is None:
        raise NotFound(f"no organization {offer.organization_id}")
    return organization


def _hand_over(session: Session, sender: Sender, member: Member, organization_id: uuid.UUID, before: uuid.UUID) -> None:
    """Whoever handed over stops, if they still keep the listings, and is told."""
    theirs = (Membership.person_id == before, Membership.organization_id == organization_id, Membership.accepted_at.is_not(None))
    if before == member.id or session.execute(delete(Membership).where(*theirs).returning(Membership.person_id)).one_or_none() is None:
        return
    record(session, ("person", before), Act(HANDED_OVER, member.acted_by), {"organization": [str(organization_id), None]})
    person, organization = get_person(session, before), session.get_one(Organization, organization_id)
    sender.post(session, letters.handed_over(sender, Invitee(person.email or "", person.name, person.language), organization.name))
