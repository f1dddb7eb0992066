"""How often an organization's listings were found: a member and an organization in, figures fit to be shown out.

Days are counted to the end of yesterday, so that nobody can watch a number move as they do something. No figure below ten leaves
this module, nor whether it is none; sums over services are not given, for the rest of a sum would tell what was left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member
from portal.directory.counting import Kind, sought_key
from portal.directory.models import Organization, Service
from portal.editing.desk.queries import PAGE, SHOWN
from portal.errors import NotFound
from portal.tally import Tally, published

LATELY: Final = 30  # days
LONGER: Final = 90
MOST_NEEDS: Final = 20

Counted = Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True)
class Figure:
    """How often in the last 30 days and in the last 90, rounded; None for fewer than ten, which may be none."""

    lately: int | None = None
    longer: int | None = None


@dataclass(frozen=True)
class Found:
    """How often one service was shown in results, its page opened, and "Call" pressed."""

    service_id: uuid.UUID
    name: str
    shown: Figure
    opened: Figure
    called: Figure


@dataclass(frozen=True)
class Sought:
    """How many searches in which a need was heard showed a listing of the organization."""

    need: str
    figure: Figure


@dataclass(frozen=True)
class Figures:
    """One page of an organization's services by name, and on each page what was searched for most, `until` a day."""

    organization_id: uuid.UUID
    name: str
    services: tuple[Found, ...]
    sought: tuple[Sought, ...]
    until: date
    page: int
    pages: int


def get_figures(session: Session, member: Member, organization_id: uuid.UUID, needs: Sequence[str], page: int) -> Figures:
    """The figures of an organization that `member` keeps, and of these needs; a page beyond the last is the last. Raises `NotFound`."""
    name = session.scalar(select(Organization.name).where(Organization.id == organization_id))
    if name is None or not member.edits(organization_id):
        raise NotFound(f"no organization {organization_id} of this person")
    theirs = Service.organization_id == organization_id, Service.status.in_(SHOWN)
    pages = max(1, -(-(session.scalar(select(func.count()).select_from(Service).where(*theirs)) or 0) // PAGE))
    page = min(max(page, 1), pages)
    of_page = select(Service.id, Service.name).where(*theirs).order_by(Service.name, Service.id).limit(PAGE).offset((page - 1) * PAGE)
    services = [(service_id, name) for service_id, name in session.execute(of_page)]
    counted = _counted(session, (Kind.SHOWN, Kind.OPENED, Kind.CALLED), [str(service_id) for service_id, _ in services])
    return Figures(
        organization_id=organization_id,
        name=name,
        services=tuple(_found(service_id, service, counted) for service_id, service in services),
        sought=_sought(session, organization_id, needs),
        until=clock.today() - timedelta(days=1),
        page=page,
        pages=pages,
    )


def _found(service_id: uuid.UUID, name: str, counted: Counted) -> Found:
    shown, opened, called = (figure_of(*counted.get((kind, str(service_id)), (0, 0))) for kind in (Kind.SHOWN, Kind.OPENED, Kind.CALLED))
    return Found(service_id, name, shown, opened, called)


def _sought(session: Session, organization_id: uuid.UUID, needs: Sequence[str]) -> tuple[Sought, ...]:
    """Needs that were heard often enough to be named, most first; equal ones in the order of `needs`, which says nothing more."""
    keys = {sought_key(organization_id, need): need for need in needs}
    counted = _counted(session, (Kind.SOUGHT,), list(keys))
    found = (Sought(need, figure_of(*counted.get((Kind.SOUGHT, key), (0, 0)))) for key, need in keys.items())
    return tuple(sorted((it for it in found if it.figure.longer), key=lambda it: -(it.figure.longer or 0)))[:MOST_NEEDS]


def _counted(session: Session, kinds: Iterable[Kind], keys: Sequence[str]) -> Counted:
    """(kind, key) → how often in the last 30 and 90 whole days. Each day is named, so that the index is asked for no other keys."""
    today = clock.today()
    days = [today - timedelta(days=ago) for ago in range(1, LONGER + 1)]
    lately = func.sum(case((Tally.counted_on >= days[LATELY - 1], Tally.count), else_=0))
    of_keys = Tally.counted_on.in_(days), Tally.kind.in_([kind.value for kind in kinds]), Tally.key.in_(keys), Tally.locality == ""
    rows = session.execute(select(Tally.kind, Tally.key, lately, func.sum(Tally.count)).where(*of_keys).group_by(Tally.kind, Tally.key))
    return {(kind, key): (int(few), int(many)) for kind, key, few, many in rows}


def figure_of(lately: int, longer: int) -> Figure:
    """Counts as they may be shown; none cannot be told from a few."""
    return Figure(published(lately) or None, published(longer) or None)
