"""Reads of claims: a session in; how an organization stands, what waits, and one claim with what speaks for it, out."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, Person
from portal.accounts.people.room import Sender
from portal.accounts.queries import list_editors, names_of
from portal.directory.likeness import last_digits
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.places import Phone
from portal.editing.claiming.alike import Known, alike
from portal.editing.claiming.domains import domain_of, is_on, may_overlap, overlap, own_domains, roots
from portal.editing.claiming.models import OPEN, Claim, State
from portal.editing.claiming.told import Founding, Told, bound, unpacked
from portal.editing.proposals.links import odd_address
from portal.editing.proposals.numbers import odd_number
from portal.errors import NotFound
from portal.sealing import Key, Unreadable, key_of_site

A_PAGE: Final = 25


@dataclass(frozen=True)
class Waiting:
    """A claim that waits. `name` is the organization's; empty for a missing one that cannot be read any more."""

    id: uuid.UUID
    name: str
    is_new: bool
    claimed_at: datetime


@dataclass(frozen=True)
class ClaimView:
    """One claim, for who decides. `told` is empty where it was deleted, or sealed by another secret.

    What speaks for it: `is_on_own_domain`, `is_published_address` (it is the e-mail that we show). `keepers` keep the listings now;
    `refused_by` of them said no. `alike` may be the missing organization. `phones` are published, to ring and ask; `oddities` are
    sentences on what to look at in what they wrote.
    """

    id: uuid.UUID
    state: str
    organization_id: uuid.UUID | None
    organization: str
    website: str
    told: Told | None
    claimed_at: datetime
    decided_at: datetime | None
    decided_by: str
    refused_by: str
    is_on_own_domain: bool
    is_published_address: bool
    keepers: tuple[str, ...]
    alike: tuple[Known, ...]
    phones: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide still."""
        return self.state in OPEN


def key_of(sender: Sender) -> Key:
    """The key of what people tell us."""
    return key_of_site(sender.secret, "claim")


def find_told(sender: Sender, claim: Claim) -> Told | None:
    """What somebody told us; nothing where it is deleted, or sealed by another secret."""
    try:
        return unpacked(key_of(sender).open(claim.sealed, bound(claim.id)))
    except (Unreadable, msgspec.DecodeError):
        return None


def is_kept(session: Session, organization_id: uuid.UUID) -> bool:
    """Whether somebody keeps the listings."""
    return bool(list_editors(session, organization_id))


def list_own_domains(session: Session, organization: Organization) -> frozenset[str]:
    """The domains that are this organization's own, and no other's that we know of."""
    own = own_domains(organization.website, organization.email)
    if not own:
        return own
    speaks = [column.icontains(name, autoescape=True) for name in roots(own) for column in (Organization.website, Organization.email)]
    others = select(Organization.website, Organization.email).where(Organization.id != organization.id, or_(*speaks))
    near = [row for row in session.execute(others) if may_overlap(own, row.website or "", row.email or "")]
    return own - overlap(own, {domain for row in near for domain in own_domains(row.website, row.email)})


def list_waiting(session: Session, sender: Sender, page: int) -> tuple[tuple[Waiting, ...], int]:
    """A page of what waits for the council, oldest first, and how many there are in all."""
    total = count_waiting(session)
    at = min(max(page, 1), max(1, -(-total // A_PAGE)))
    rows = select(Claim, Organization.name).outerjoin(Organization, Organization.id == Claim.organization_id)
    ordered = rows.where(Claim.state == State.WAITING).order_by(Claim.claimed_at, Claim.id)
    found = session.execute(ordered.limit(A_PAGE).offset((at - 1) * A_PAGE)).all()
    return tuple(Waiting(claim.id, name or _new_name(sender, claim), name is None, claim.claimed_at) for claim, name in found), total


def _new_name(sender: Sender, claim: Claim) -> str:
    told = find_told(sender, claim)
    return told.founding.name if told and told.founding else ""


def count_waiting(session: Session) -> int:
    """How many claims wait for the council."""
    return session.scalar(select(func.count()).select_from(Claim).where(Claim.state == State.WAITING)) or 0


def count_asked(session: Session, organization_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many claims wait for those who keep these organizations' listings, by organization; only those that have any."""
    theirs = (Claim.organization_id.in_(organization_ids), Claim.state == State.ASKED)
    rows = session.execute(select(Claim.organization_id, func.count()).where(*theirs).group_by(Claim.organization_id))
    return {organization_id: number for organization_id, number in rows if organization_id}


def list_asked(session: Session, sender: Sender, organization_id: uuid.UUID) -> tuple[tuple[Claim, Told], ...]:
    """What waits for those who keep an organization's listings, oldest first; what cannot be read is left to the council."""
    theirs = (Claim.organization_id == organization_id, Claim.state == State.ASKED)
    claims = session.scalars(select(Claim).where(*theirs).order_by(Claim.claimed_at, Claim.id))
    return tuple((claim, told) for claim in claims if (told := find_told(sender, claim)))


def get_claim(session: Session, sender: Sender, claim_id: uuid.UUID) -> ClaimView:
    """One claim, with what speaks for it. Raises `NotFound`."""
    claim = session.get(Claim, claim_id)
    if claim is None:
        raise NotFound(f"no claim {claim_id}")
    told = find_told(sender, claim)
    organization = session.get(Organization, claim.organization_id) if claim.organization_id else None
    founding = told.founding if told else None
    email = told.email if told else ""
    names = names_of(session, [one for one in (claim.decided_by, claim.refused_by) if one])
    keepers = list_editors(session, organization.id) if organization else []
    return ClaimView(
        id=claim.id,
        state=claim.state,
        organization_id=claim.organization_id,
        organization=organization.name if organization else founding.name if founding else "",
        website=(organization.website if organization else founding.website if founding else "") or "",
        told=told,
        claimed_at=claim.claimed_at,
        decided_at=claim.decided_at,
        decided_by=names.get(claim.decided_by, "") if claim.decided_by else "",
        refused_by=names.get(claim.refused_by, "") if claim.refused_by else "",
        is_on_own_domain=bool(organization and is_on(email, list_own_domains(session, organization))),
        is_published_address=bool(organization and email and _same(email, organization.email or "")),
        keepers=tuple(person.name or person.email or "" for person in keepers),
        alike=list_alike(session, founding) if founding and claim.state in OPEN else (),
        phones=_phones(session, organization.id) if organization else (),
        oddities=_oddities(told, organization) if told else (),
    )


def _phones(session: Session, organization_id: uuid.UUID) -> tuple[str, ...]:
    """Numbers that we publish for an organization or its services, each once."""
    services = select(Service.id).where(Service.organization_id == organization_id)
    theirs = or_(Phone.organization_id == organization_id, Phone.service_id.in_(services))
    return tuple(dict.fromkeys(session.scalars(select(Phone.number).where(theirs).order_by(Phone.number).limit(20))))


def _oddities(told: Told, organization: Organization | None) -> tuple[str, ...]:
    """What to look at in addresses and numbers that somebody wrote."""
    known = [address for address in (organization.website, organization.email) if address] if organization else []
    addresses = [told.email, *([told.founding.website] if told.founding and told.founding.website else [])]
    numbers = [number for number in (told.phone, told.founding.phone if told.founding else "") if number]
    found = [*(words for each in addresses for words in odd_address(each, known)), *(odd_number(number) for number in numbers)]
    return tuple(dict.fromkeys(words for words in found if words))


def list_alike(session: Session, founding: Founding) -> tuple[Known, ...]:
    """Organizations that may be the one that somebody tells us of, the likeliest first; also those that are not public."""
    rang = _with_phone(session, last_digits(founding.phone))
    rows = session.execute(select(Organization.id, Organization.name, Organization.website))
    known = [Known(row.id, row.name, row.website or "", (founding.phone,) if row.id in rang else ()) for row in rows]
    found = alike(founding, known)
    shown = find_public(session, [each.id for each in found])
    return tuple(Known(each.id, each.name, each.website, (), each.id in shown) for each in found)


def find_public(session: Session, organization_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these organizations have a service that people can see."""
    shown = (Service.organization_id.in_(organization_ids), Service.status.in_(PUBLIC_STATUSES))
    return set(session.scalars(select(Service.organization_id).where(*shown).distinct()))


def find_keeper(session: Session, email: str, organization_id: uuid.UUID | None) -> Person | None:
    """Who keeps these listings already and has this address."""
    theirs = (Membership.organization_id == organization_id, Membership.accepted_at.is_not(None), Person.left_at.is_(None))
    query = select(Person).join(Membership, Membership.person_id == Person.id)
    return session.scalar(query.where(Person.email == email, *theirs))


def _with_phone(session: Session, digits: str) -> set[uuid.UUID]:
    """Organizations that have this number, or whose services do."""
    if not digits:
        return set()
    bare: ColumnElement[str] = Phone.number.expression
    for sign in (" ", "-", "(", ")", "."):
        bare = func.replace(bare, sign, "")
    query = select(func.coalesce(Phone.organization_id, Service.organization_id)).outerjoin(Service, Service.id == Phone.service_id)
    return {found for found in session.scalars(query.where(bare.contains(digits, autoescape=True)).limit(20)) if found}


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.strip().casefold() and bool(domain_of(one))
