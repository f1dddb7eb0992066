"""Reads of reports: who has to deal with what, oldest first. A session in, frozen rows out. A resident's address is in none of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.clock import day_of
from portal.directory.days import working_day_after
from portal.directory.models import Organization, Service
from portal.directory.reports import COUNCIL, EDITORS, ListingReport
from portal.errors import NotFound

ANSWERED_WITHIN: Final = 5  # working days, before the council has it
MOST: Final = 100


@dataclass(frozen=True)
class Report:
    """A report that waits. `answer_by`: the day after which the council has it; `is_from_organization` where its own people said it."""

    id: int
    service_id: uuid.UUID
    service: str
    organization_id: uuid.UUID
    organization: str
    kind: str
    message: str
    language: str
    is_from_organization: bool
    wants_answer: bool
    reported_at: datetime
    passed_on_at: datetime | None

    @property
    def answer_by(self) -> date:
        """The last day on which those who keep the listing have it to themselves."""
        return working_day_after(day_of(self.reported_at), ANSWERED_WITHIN)


def list_for_editors(session: Session, organization_ids: Collection[uuid.UUID]) -> tuple[Report, ...]:
    """What waits for those who keep these organizations, also what the council has by now; not what is for the council alone."""
    mine = (Service.organization_id.in_(organization_ids), ListingReport.kind != "offensive", ListingReport.told_by == "resident")
    return _listed(session, *mine)


def list_for_council(session: Session) -> tuple[Report, ...]:
    """What the council has to deal with."""
    return _listed(session, ListingReport.holder == COUNCIL)


def count_for_editors(session: Session, organization_ids: Collection[uuid.UUID]) -> int:
    """How many reports those who keep these organizations have to answer."""
    mine = (Service.organization_id.in_(organization_ids), ListingReport.closed_at.is_(None), ListingReport.holder == EDITORS)
    found = select(func.count()).select_from(ListingReport).join(Service, Service.id == ListingReport.service_id)
    return session.scalar(found.where(*mine)) or 0


def count_for_council(session: Session) -> int:
    """How many reports wait for the council."""
    waiting = (ListingReport.closed_at.is_(None), ListingReport.holder == COUNCIL)
    return session.scalar(select(func.count()).select_from(ListingReport).where(*waiting)) or 0


def get_for_editors(session: Session, report_id: int, organization_ids: Collection[uuid.UUID]) -> Report:
    """One that waits for those who keep these organizations. Raises `NotFound`."""
    return _one(report_id, [each for each in list_for_editors(session, organization_ids) if each.id == report_id])


def get_for_council(session: Session, report_id: int) -> Report:
    """One that the council has. Raises `NotFound`."""
    return _one(report_id, _listed(session, ListingReport.holder == COUNCIL, ListingReport.id == report_id))


_WAITING: Final = (
    select(ListingReport, Service.name, Organization.id, Organization.name)
    .join(Service, Service.id == ListingReport.service_id)
    .join(Organization, Organization.id == Service.organization_id)
    .where(ListingReport.closed_at.is_(None))
    .order_by(ListingReport.reported_at, ListingReport.id)
    .limit(MOST)
)


def _listed(session: Session, *conditions: ColumnElement[bool]) -> tuple[Report, ...]:
    return tuple(_report(*row) for row in session.execute(_WAITING.where(*conditions)))


def _report(it: ListingReport, service: str, organization_id: uuid.UUID, organization: str) -> Report:
    return Report(
        id=it.id,
        service_id=it.service_id,
        service=service,
        organization_id=organization_id,
        organization=organization,
        kind=it.kind,
        message=it.message,
        language=it.language,
        is_from_organization=it.told_by != "resident",
        wants_answer=bool(it.sealed or it.reply_to),
        reported_at=it.reported_at,
        passed_on_at=it.passed_on_at,
    )


def _one(report_id: int, found: Collection[Report]) -> Report:
    if not found:
        raise NotFound(f"no report {report_id} that waits")
    return next(iter(found))
