"""Services as they are given: places in the open list in, services in that order out, plain, whole, or no more than their names.

What is no longer public is given as a stub, whatever was asked: its id, name, organization and state, and when that changed.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from portal.api.oruk import belongings, parts, shapes
from portal.api.oruk.organizations import list_organizations
from portal.api.oruk.places import Towns, list_places
from portal.api.oruk.values import email, moment, number, uri
from portal.api.oruk.vocabulary import Vocabulary
from portal.directory.listed import ListedService
from portal.directory.models import PUBLIC_STATUSES, Service

_COLUMNS: Final = (
    "id", "organization_id", "name", "alternate_name", "description", "url", "email", "status", "interpretation_services",
    "application_process", "fees_description", "wait_time", "accreditations", "licenses", "eligibility_description", "minimum_age",
    "maximum_age", "assured_date", "alert",
)  # fmt: skip
_APART: Final = ("id", "organization_id", "name", "status")
_TABLE: Final = Service.__table__
_LISTED: Final = ListedService.__table__.c


@dataclass(frozen=True)
class Ground:
    """What records are made with: our terms, and the town of a postcode where an address does not say it."""

    vocabulary: Vocabulary
    towns: Towns


Given = shapes.Service | shapes.ServiceStub


def list_stubs(session: Session, positions: Sequence[int]) -> list[Given]:
    """What tells these services apart, in this order."""
    rows = _rows(session, positions, _APART)
    return [_stub(rows[position]) for position in positions if position in rows]


def list_by_organization(session: Session, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[tuple[int, shapes.ServiceStub]]]:
    """The public services of each of these organizations in the order of the open list: the place in it, and what tells it apart."""
    found: dict[uuid.UUID, list[tuple[int, shapes.ServiceStub]]] = defaultdict(list)
    for row in sorted(parts.rows_of(session, _BY_ORGANIZATION, ids), key=attrgetter("position")):
        found[row.organization_id].append((row.position, _stub(row)))
    return found


def list_plain(session: Session, positions: Sequence[int]) -> list[Given]:
    """These services without lists, each with its organization, in this order."""
    rows = _rows(session, positions, _COLUMNS)
    organizations = list_organizations(session, _ids(rows, "organization_id"))
    return _given(positions, rows, lambda row: _plain(row, organizations))


def list_whole(session: Session, ground: Ground, positions: Sequence[int], *, has_places: bool = True) -> list[Given]:
    """These services with all that belongs to them, in this order; without their places where one of those holds them."""
    rows = _rows(session, positions, _COLUMNS)
    public = {position: row for position, row in rows.items() if row.status in PUBLIC_STATUSES}
    ids = _ids(public, "id")
    organizations = list_organizations(session, _ids(public, "organization_id"), is_whole=True)
    lists: dict[str, parts.Parts] = {
        "phones": parts.list_phones(session, "service_id", ids),
        "schedules": parts.schedules("service_id").of(session, ids),
        "holiday_schedules": parts.holiday_schedules("service_id").of(session, ids),
        "service_areas": belongings.AREAS.of(session, ids),
        "service_at_locations": list_places(session, ground.towns, ids if has_places else []),
        "languages": parts.languages("service_id").of(session, ids),
        "cost_options": belongings.COSTS.of(session, ids),
        "required_documents": belongings.DOCUMENTS.of(session, ids),
        "funding": belongings.FUNDING.of(session, ids),
    }
    needs, attributes = belongings.list_needs(session, ground.vocabulary, ids), belongings.list_attributes(session, "service", ids)

    def whole(row: Row[Any]) -> shapes.Service:
        service = _plain(row, organizations)
        for name, of in lists.items():
            if row.id in of:
                setattr(service, name, of[row.id])
        service.attributes = [*needs.get(row.id, ()), *attributes.get(row.id, ())]
        return service

    return _given(positions, rows, whole)


def _listed(columns: tuple[str, ...]) -> Select[Any]:
    there = select(_LISTED.position, _LISTED.changed_at, *(_TABLE.c[name] for name in columns))
    return there.join_from(ListedService.__table__, _TABLE, _TABLE.c.id == _LISTED.service_id)


@cache
def _asked(columns: tuple[str, ...]) -> Select[Any]:
    return parts.of_owners(_listed(columns), _LISTED.position)


_BY_ORGANIZATION: Final = parts.of_owners(
    _listed(_APART).where(_LISTED.status.in_(PUBLIC_STATUSES).is_(True)),  # or SQLite would go through all that are public
    _LISTED.organization_id,
)


def _rows(session: Session, positions: Sequence[int], columns: tuple[str, ...]) -> dict[int, Row[Any]]:
    return {row.position: row for row in parts.rows_of(session, _asked(columns), positions)}


def _ids(rows: Mapping[int, Row[Any]], column: str) -> list[uuid.UUID]:
    return list(dict.fromkeys(getattr(row, column) for row in rows.values()))


def _given(positions: Sequence[int], rows: Mapping[int, Row[Any]], shape: Callable[[Row[Any]], shapes.Service]) -> list[Given]:
    found = (rows[position] for position in positions if position in rows)
    return [shape(row) if row.status in PUBLIC_STATUSES else _stub(row) for row in found]


def _stub(row: Row[Any]) -> shapes.ServiceStub:
    at = moment(row.changed_at)
    return shapes.ServiceStub(
        id=row.id, organization_id=row.organization_id, name=row.name, status=row.status, last_modified=at, modified_date=at
    )


def _plain(row: Row[Any], organizations: Mapping[uuid.UUID, shapes.Organization]) -> shapes.Service:
    return shapes.Service(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        alternate_name=row.alternate_name or None,
        description=row.description or None,
        url=uri(row.url),
        email=email(row.email),
        status=row.status,
        interpretation_services=row.interpretation_services or None,
        application_process=row.application_process or None,
        fees=row.fees_description or None,
        wait_time=row.wait_time or None,
        accreditations=row.accreditations or None,
        licenses=row.licenses or None,
        eligibility_description=row.eligibility_description or None,
        minimum_age=number(row.minimum_age),
        maximum_age=number(row.maximum_age),
        assured_date=row.assured_date,
        alert=row.alert or None,
        last_modified=moment(row.changed_at),
        organization=organizations.get(row.organization_id),
    )
