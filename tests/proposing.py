"""Proposals for tests: an organization with a listing, its editors and the council's reviewers, as members without a browser."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import time

from accounts import make_person
from msgspec.structs import replace
from sqlalchemy.orm import Session

from portal.accounts.audiences import Level, Member, Role
from portal.accounts.queries import get_person, member_of
from portal.directory.models import Organization
from portal.directory.publishing import Target, publish
from portal.directory.record import PhoneEntry, ServiceRecord, SessionEntry, VenueEntry
from portal.directory.records import get_record
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import propose, save_draft
from portal.history import Act

OURS, OTHERS = uuid.UUID(int=1), uuid.UUID(int=2)
HALL = VenueEntry(
    "Elm Hall", "1 Elm Street", "Calderwick", "ZZ1 1AA", sessions=(SessionEntry(byday="TU", opens=time(10), closes=time(12)),)
)
CLUB = ServiceRecord(
    name="Lunch club",
    description="A warm meal.",
    needs=("food",),
    venues=(HALL,),
    phones=(PhoneEntry("01632 960001"),),
    email="club@example.org",
    url="https://club.example.org",
    fees="Two pounds",
)


@dataclass(frozen=True)
class Stage:
    """Who and what is there."""

    service_id: uuid.UUID
    editor: Member
    second_editor: Member
    stranger: Member
    reviewer: Member
    second_reviewer: Member


def set_up(session: Session) -> Stage:
    """Friends with their lunch club and two editors, Others with one, two reviewers."""
    session.add_all([Organization(id=OURS, name="Friends", email="friends@example.org"), Organization(id=OTHERS, name="Others")])
    session.flush()
    service_id = publish(session, Target(OURS), CLUB, Act("loaded", "tests"))
    return Stage(
        service_id,
        member(session, "amina@example.org", OURS),
        member(session, "ben@example.org", OURS),
        member(session, "cleo@example.org", OTHERS),
        member(session, "rita@example.org", roles=(Role.REVIEWER,)),
        member(session, "sam@example.org", roles=(Role.REVIEWER,)),
    )


def member(session: Session, email: str, *organizations: uuid.UUID, roles: tuple[Role, ...] = ()) -> Member:
    """A new person, signed in with a passkey."""
    person = make_person(session, email, roles=roles, organizations=organizations, name=email.partition("@")[0].title())
    return member_of(get_person(session, person.id), Level.PASSKEY, "a sign-in")


def drafted(session: Session, who: Member, stage: Stage, **changes: object) -> tuple[uuid.UUID, int]:
    """A saved draft of the lunch club with these changes, on what is live: its id and lock."""
    record = replace(get_record(session, stage.service_id).record, **changes)
    saved = save_draft(session, who, Draft(OURS, Kind.CHANGE, (DraftedService(stage.service_id, record),)))
    return saved.id, saved.lock


def waiting(session: Session, who: Member, stage: Stage, **changes: object) -> uuid.UUID:
    """As `drafted`, sent for review."""
    proposal_id, _ = drafted(session, who, stage, **changes)
    propose(session, who, proposal_id, "they moved")
    return proposal_id
