"""What only one kind of record has: prices, areas, numbers in registers, what helps at a place, terms. As `parts.py` does it."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.api.oruk import part_shapes, term_shapes
from portal.api.oruk.parts import Ids, Part, Parts, by_owner, of_owners, rows_of
from portal.api.oruk.values import number, uri
from portal.api.oruk.vocabulary import TERM_COLUMNS, Vocabulary, is_ours, term_of
from portal.directory import models, places, terms

_COST: Final = models.CostOption.__table__.c
_DOCUMENT: Final = models.RequiredDocument.__table__.c
_FUNDING: Final = models.Funding.__table__.c
_AREA: Final = places.ServiceArea.__table__.c
_ATTRIBUTE: Final = terms.Attribute.__table__.c
_NEED: Final = terms.ServiceNeed.__table__.c
_NUMBER: Final = models.OrganizationIdentifier.__table__.c
_ACCESS: Final = places.Accessibility.__table__.c
COSTS: Final = Part(
    select(*_COST).order_by(_COST.position, _COST.amount, _COST.id),
    _COST.service_id,
    lambda row: part_shapes.CostOption(
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
DOCUMENTS: Final = Part(  # what to bring
    select(*_DOCUMENT).order_by(_DOCUMENT.position, _DOCUMENT.document, _DOCUMENT.id),
    _DOCUMENT.service_id,
    lambda row: part_shapes.RequiredDocument(id=row.id, service_id=row.service_id, document=row.document, uri=uri(row.uri)),
)
FUNDING: Final = Part(  # who pays
    select(_FUNDING.id, _FUNDING.service_id, _FUNDING.source).order_by(_FUNDING.source, _FUNDING.id),
    _FUNDING.service_id,
    lambda row: part_shapes.Funding(id=row.id, service_id=row.service_id, source=row.source),
)
AREAS: Final = Part(
    select(*_AREA).order_by(_AREA.position, _AREA.name, _AREA.id),
    _AREA.service_id,
    lambda row: part_shapes.ServiceArea(
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
IDENTIFIERS: Final = Part(  # numbers in registers; what register is said to be unknown where nobody told
    select(*_NUMBER).order_by(_NUMBER.identifier_type, _NUMBER.id),
    _NUMBER.organization_id,
    lambda row: part_shapes.OrganizationIdentifier(
        id=row.id,
        organization_id=row.organization_id,
        identifier_scheme=row.identifier_scheme or None,
        identifier_type=row.identifier_type or row.identifier_scheme or "unknown",
        identifier=row.identifier,
    ),
)
ACCESSIBILITY: Final = Part(
    select(*_ACCESS).order_by(_ACCESS.position, _ACCESS.description, _ACCESS.id),
    _ACCESS.location_id,
    lambda row: part_shapes.Accessibility(
        id=row.id,
        location_id=row.location_id,
        description=row.description or None,
        details=row.details or None,
        url=uri(row.url),
        accessibility=row.description or None,
    ),
)
_ATTRIBUTES: Final = of_owners(
    select(
        _ATTRIBUTE.link_id,
        *(_ATTRIBUTE[name].label(f"own_{name}") for name in ("id", "link_type", "value", "label", "taxonomy_term_id")),
        *TERM_COLUMNS,
    )
    .join_from(terms.Attribute.__table__, terms.TaxonomyTerm.__table__, _ATTRIBUTE.taxonomy_term_id == terms.TaxonomyTerm.__table__.c.id)
    .where(_ATTRIBUTE.link_entity == bindparam("entity"))
    .order_by(_ATTRIBUTE.id),
    _ATTRIBUTE.link_id,
)
_NEEDS: Final = of_owners(select(_NEED.service_id, _NEED.need).order_by(_NEED.position, _NEED.need), _NEED.service_id)


def list_attributes(session: Session, entity: str, ids: Ids) -> Parts:
    """Terms that are attached to records of one table, by record, but for those of our own vocabulary (see `list_needs`)."""
    rows = [row for row in rows_of(session, _ATTRIBUTES, ids, {"entity": entity}) if not is_ours(row.taxonomy)]
    return by_owner(
        rows,
        attrgetter("link_id"),
        lambda row: term_shapes.Attribute(
            id=row.own_id,
            link_id=row.link_id,
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
    rows = [row for row in rows_of(session, _NEEDS, ids) if row.need in own.by_need]
    return by_owner(rows, attrgetter("service_id"), lambda row: own.attribute(row.service_id, row.need))
