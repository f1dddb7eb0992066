"""What belongs to services, places and organizations: ids in, the parts of each as they are given, in their order, out.

One query for each kind of part, as plain rows: objects that a session follows would take three times as long. Columns are named
one by one, so that what has no name here cannot leave.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from portal.api.oruk import shapes
from portal.api.oruk.values import number, uri
from portal.api.oruk.vocabulary import TERM_COLUMNS, Vocabulary, is_ours, term_of
from portal.directory import models, places, terms, times

BATCH: Final = 500
Ids = Sequence[uuid.UUID]
Parts = Mapping[uuid.UUID, list[Any]]

_PHONE: Final = places.Phone.__table__.c
_LANGUAGE: Final = models.Language.__table__.c
_SCHEDULE: Final = times.Schedule.__table__.c
_HOLIDAY: Final = times.HolidaySchedule.__table__.c
_COST: Final = models.CostOption.__table__.c
_DOCUMENT: Final = models.RequiredDocument.__table__.c
_FUNDING: Final = models.Funding.__table__.c
_AREA: Final = places.ServiceArea.__table__.c
_ATTRIBUTE: Final = terms.Attribute.__table__.c
_NEED: Final = terms.ServiceNeed.__table__.c
_NUMBER: Final = models.OrganizationIdentifier.__table__.c
_ACCESS: Final = places.Accessibility.__table__.c


def list_phones(session: Session, owner: str, ids: Ids) -> Parts:
    """Telephone numbers by `owner` (a column), without those of people."""
    query = select(_PHONE.id, _PHONE[owner].label("owner"), _PHONE.number, _PHONE.extension, _PHONE.type, _PHONE.description)
    query = query.where(_PHONE.contact_id.is_(None)).order_by(_PHONE.position, _PHONE.id)
    rows = _rows(session, query, _PHONE[owner], ids)
    spoken = list_languages(session, "phone_id", [row.id for row in rows])
    return _by_owner(
        rows,
        lambda row: shapes.Phone(
            id=row.id,
            number=row.number,
            extension=row.extension or None,
            type=row.type or None,
            description=row.description or None,
            languages=spoken.get(row.id, []),
        ),
    )


def list_languages(session: Session, owner: str, ids: Ids) -> Parts:
    """Languages by `owner` (a column)."""
    query = select(_LANGUAGE.id, _LANGUAGE[owner].label("owner"), _LANGUAGE.name, _LANGUAGE.code, _LANGUAGE.note)
    rows = _rows(session, query.order_by(_LANGUAGE.position, _LANGUAGE.name, _LANGUAGE.id), _LANGUAGE[owner], ids)
    return _by_owner(rows, lambda row: shapes.Language(id=row.id, name=row.name or None, code=row.code or None, note=row.note or None))


def list_schedules(session: Session, owner: str, ids: Ids) -> Parts:
    """Schedules by `owner` (a column)."""
    query = select(*_SCHEDULE, _SCHEDULE["count"].label("count_"), _SCHEDULE[owner].label("owner")).order_by(
        _SCHEDULE.position, _SCHEDULE.id
    )
    return _by_owner(_rows(session, query, _SCHEDULE[owner], ids), _schedule)


def list_holiday_schedules(session: Session, owner: str, ids: Ids) -> Parts:
    """Days that break schedules, by `owner` (a column)."""
    query = select(*_HOLIDAY, _HOLIDAY[owner].label("owner")).order_by(_HOLIDAY.position, _HOLIDAY.start_date, _HOLIDAY.id)
    return _by_owner(
        _rows(session, query, _HOLIDAY[owner], ids),
        lambda row: shapes.HolidaySchedule(
            id=row.id,
            closed=row.closed,
            start_date=row.start_date,
            end_date=row.end_date,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            description=row.description or None,
        ),
    )


def list_costs(session: Session, ids: Ids) -> Parts:
    """Prices by service."""
    query = select(*_COST, _COST.service_id.label("owner")).order_by(_COST.position, _COST.amount, _COST.id)
    return _by_owner(
        _rows(session, query, _COST.service_id, ids),
        lambda row: shapes.CostOption(
            id=row.id,
            service_id=row.service_id,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            option=row.option or None,
            currency=row.currency or None,
            amount=number(row.amount),
            amount_description=row.amount_description or None,
        ),
    )


def list_documents(session: Session, ids: Ids) -> Parts:
    """What to bring, by service."""
    query = select(*_DOCUMENT, _DOCUMENT.service_id.label("owner")).order_by(_DOCUMENT.position, _DOCUMENT.document, _DOCUMENT.id)
    return _by_owner(
        _rows(session, query, _DOCUMENT.service_id, ids),
        lambda row: shapes.RequiredDocument(id=row.id, service_id=row.service_id, document=row.document, uri=uri(row.uri)),
    )


def list_funding(session: Session, ids: Ids) -> Parts:
    """Who pays, by service."""
    query = select(_FUNDING.id, _FUNDING.service_id, _FUNDING.source, _FUNDING.service_id.label("owner"))
    rows = _rows(session, query.order_by(_FUNDING.source, _FUNDING.id), _FUNDING.service_id, ids)
    return _by_owner(rows, lambda row: shapes.Funding(id=row.id, service_id=row.service_id, source=row.source))


def list_areas(session: Session, ids: Ids) -> Parts:
    """Areas covered, by service."""
    query = select(*_AREA, _AREA.service_id.label("owner")).order_by(_AREA.position, _AREA.name, _AREA.id)
    return _by_owner(
        _rows(session, query, _AREA.service_id, ids),
        lambda row: shapes.ServiceArea(
            id=row.id,
            service_id=row.service_id,
            name=row.name or None,
            description=row.description or None,
            extent=row.extent or None,
            extent_type=row.extent_type or None,
            uri=uri(row.uri),
            service_area=row.name or None,
        ),
    )


def list_identifiers(session: Session, ids: Ids) -> Parts:
    """Numbers in registers, by organization; what register is said to be unknown where nobody told."""
    query = select(*_NUMBER, _NUMBER.organization_id.label("owner")).order_by(_NUMBER.identifier_type, _NUMBER.id)
    return _by_owner(
        _rows(session, query, _NUMBER.organization_id, ids),
        lambda row: shapes.OrganizationIdentifier(
            id=row.id,
            organization_id=row.organization_id,
            identifier_scheme=row.identifier_scheme or None,
            identifier_type=row.identifier_type or row.identifier_scheme or "unknown",
            identifier=row.identifier,
        ),
    )


def list_accessibility(session: Session, ids: Ids) -> Parts:
    """What makes places easier to use, by place."""
    query = select(*_ACCESS, _ACCESS.location_id.label("owner")).order_by(_ACCESS.position, _ACCESS.description, _ACCESS.id)
    return _by_owner(
        _rows(session, query, _ACCESS.location_id, ids),
        lambda row: shapes.Accessibility(
            id=row.id,
            location_id=row.location_id,
            description=row.description or None,
            details=row.details or None,
            url=uri(row.url),
            accessibility=row.description or None,
        ),
    )


def list_attributes(session: Session, entity: str, ids: Ids) -> Parts:
    """Terms that are attached to records of one table, by record, but for those of our own vocabulary (see `list_needs`)."""
    columns = [_ATTRIBUTE[name].label(f"own_{name}") for name in ("id", "link_type", "value", "label", "taxonomy_term_id")]
    query = select(_ATTRIBUTE.link_id.label("owner"), *columns, *TERM_COLUMNS).join_from(
        terms.Attribute.__table__, terms.TaxonomyTerm.__table__, _ATTRIBUTE.taxonomy_term_id == terms.TaxonomyTerm.__table__.c.id
    )
    query = query.where(_ATTRIBUTE.link_entity == entity).order_by(_ATTRIBUTE.id)
    rows = [row for row in _rows(session, query, _ATTRIBUTE.link_id, ids) if not is_ours(row.taxonomy)]
    return _by_owner(
        rows,
        lambda row: shapes.Attribute(
            id=row.own_id,
            link_id=row.owner,
            link_entity=entity,
            link_type=row.own_link_type or None,
            value=row.own_value or None,
            label=row.own_label or None,
            taxonomy_term_id=row.own_taxonomy_term_id,
            taxonomy_term=term_of(row),
        ),
    )


def list_needs(session: Session, own: Vocabulary, ids: Ids) -> Parts:
    """Needs as terms of our own vocabulary, strongest first, by service."""
    query = (
        select(_NEED.service_id.label("owner"), _NEED.need).where(_NEED.need.in_(list(own.by_need))).order_by(_NEED.position, _NEED.need)
    )
    return _by_owner(_rows(session, query, _NEED.service_id, ids), lambda row: own.attribute(row.owner, row.need))


def _schedule(row: Row[Any]) -> shapes.Schedule:
    return shapes.Schedule(
        id=row.id,
        service_id=row.service_id,
        service_at_location_id=row.service_at_location_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        dtstart=row.dtstart,
        until=row.until,
        count=row.count_,
        wkst=row.wkst or None,
        freq=row.freq or None,
        interval=row.interval,
        byday=row.byday or None,
        byweekno=row.byweekno or None,
        bymonthday=row.bymonthday or None,
        byyearday=row.byyearday or None,
        description=row.description or None,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        schedule_link=uri(row.schedule_link),
        attending_type=row.attending_type or None,
        notes=row.notes or None,
    )


def _rows(session: Session, query: Select[Any], owner: ColumnElement[Any], ids: Ids) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(ids), BATCH):
        found += session.execute(query.where(owner.in_(ids[start : start + BATCH]))).all()
    return found


def _by_owner(rows: Sequence[Row[Any]], shape: Callable[[Row[Any]], Any]) -> Parts:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.owner].append(shape(row))
    return found
