"""What time brings to claims: people told, claims passed on to the council, what was typed deleted. Called every minute; none commits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Role
from portal.accounts.models import Membership, Person
from portal.accounts.people.room import Sender
from portal.accounts.queries import list_with_role
from portal.directory.days import begun_before
from portal.directory.models import Organization
from portal.editing.claiming import letters
from portal.editing.claiming.models import Claim, State
from portal.editing.claiming.queries import count_waiting, find_keeper, find_told
from portal.editing.telling import Told, may_tell
from portal.history import Act, record

ANSWERED_WITHIN: Final = 5  # working days that those who keep the listings have
KEPT_AFTER: Final = timedelta(days=90)  # a decision
OPEN_LASTS: Final = timedelta(days=365)
TO_REVIEWERS: Final = "claims"  # kinds of what people are told
KEPT_ALREADY: Final = "kept already"
PAUSE: Final = timedelta(hours=20)
AT_ONCE: Final = 50
_TENDED: Final = "tending"


def tend(session: Session, sender: Sender) -> None:
    """Do what is due."""
    spare_keepers(session, sender)
    pass_on(session)
    erase(session)
    tell_keepers(session, sender)
    tell_reviewers(session, sender)


def spare_keepers(session: Session, sender: Sender) -> int:
    """Close claims of people who keep the listings already, and tell them that they only need to sign in; how many."""
    claims = session.scalars(select(Claim).where(Claim.state == State.ASKED).with_for_update(skip_locked=True)).all()
    told = [(claim, said.email) for claim in claims if (said := find_told(sender, claim))]
    found = [(claim, keeper) for claim, email in told if (keeper := find_keeper(session, email, claim.organization_id))]
    for claim, keeper in found:
        claim.state, claim.once, claim.decided_at = State.ACCEPTED, None, clock.now()
        record(session, ("claim", claim.id), Act("kept already", _TENDED), {"state": [State.ASKED, State.ACCEPTED]})
        organization = session.get(Organization, claim.organization_id)
        if organization and may_tell(session, keeper.id, KEPT_ALREADY, PAUSE):
            sender.post(session, letters.kept_already(sender, keeper, organization.name))
    return len(found)


def pass_on(session: Session) -> int:
    """Give to the council what those who keep the listings have not answered in time, and what nobody keeps any more; how many."""
    here = (Membership.organization_id == Claim.organization_id, Membership.accepted_at.is_not(None))
    kept = exists().where(*here, Person.id == Membership.person_id, Person.left_at.is_(None))
    due = (Claim.state == State.ASKED, or_(Claim.claimed_at < begun_before(ANSWERED_WITHIN), ~kept))
    change = update(Claim).where(*due).values(state=State.WAITING).returning(Claim.id)
    passed = session.scalars(change, execution_options={"synchronize_session": False}).all()
    for claim_id in passed:
        record(session, ("claim", claim_id), Act("claim passed to the council", _TENDED), {"state": [State.ASKED, State.WAITING]})
    return len(passed)


def erase(session: Session) -> int:
    """Delete what was decided 90 days ago, and what nobody has decided in a year, with all that was typed; how many.

    The history keeps the ids.
    """
    now = clock.now()
    due = or_(Claim.decided_at <= now - KEPT_AFTER, Claim.decided_at.is_(None) & (Claim.claimed_at <= now - OPEN_LASTS))
    over = delete(Claim).where(due).returning(Claim.id, Claim.state)
    gone = session.execute(over, execution_options={"synchronize_session": False}).all()
    for claim_id, state in gone:
        record(session, ("claim", claim_id), Act("claim erased", _TENDED), {"state": [state, None]})
    return len(gone)


def tell_keepers(session: Session, sender: Sender) -> int:
    """Tell those who keep listings that somebody asks to keep them too: once for each claim, and once a day at most; how many letters."""
    told = 0
    for person, organization_id, name in _untold(session):
        if may_tell(session, person.id, _kind(organization_id), PAUSE):
            sender.post(session, letters.to_keeper(sender, person, name, organization_id))
            told += 1
    return told


def _untold(session: Session) -> Sequence[tuple[Person, uuid.UUID, str]]:
    """Who keeps listings that somebody asks for, and was not told since; with the organization and its name."""
    asked = select(Claim.organization_id, func.max(Claim.claimed_at).label("at")).where(Claim.state == State.ASKED)
    newest = asked.group_by(Claim.organization_id).subquery()
    rows = (
        select(Person, Organization.id, Organization.name, newest.c.at)
        .join(Membership, Membership.person_id == Person.id)
        .join(newest, newest.c.organization_id == Membership.organization_id)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.accepted_at.is_not(None), Person.left_at.is_(None), Person.email.is_not(None))
    )
    found = session.execute(rows.order_by(Person.id, Organization.id)).all()
    kinds = {_kind(row.id) for row in found}
    before = select(Told.person_id, Told.kind, Told.told_at).where(Told.kind.in_(kinds))
    told = {(row.person_id, row.kind): row.told_at for row in session.execute(before)}
    never = datetime.min.replace(tzinfo=clock.LONDON)
    return [(row.Person, row.id, row.name) for row in found if told.get((row.Person.id, _kind(row.id)), never) < row.at][:AT_ONCE]


def tell_reviewers(session: Session, sender: Sender) -> int:
    """Tell each reviewer how many claims wait, once a day; how many were told."""
    number, told = count_waiting(session), 0
    for person in list_with_role(session, Role.REVIEWER) if number else ():
        if person.email and may_tell(session, person.id, TO_REVIEWERS, PAUSE):
            sender.post(session, letters.waiting(sender, person, number))
            told += 1
    return told


def _kind(organization_id: uuid.UUID) -> str:
    return f"claims of {organization_id}"
