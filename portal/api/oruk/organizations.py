"""Organizations as they are given: ids in, an organization for each out. Nothing of its people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.api.oruk import belongings, parts, shapes
from portal.api.oruk.values import email, uri
from portal.directory.models import Organization

_COLUMNS: Final = tuple(Organization.__table__.c[name] for name in (
    "id", "name", "alternate_name", "description", "email", "website", "logo", "uri", "tax_status", "tax_id", "year_incorporated",
    "legal_status", "parent_organization_id",
))  # fmt: skip
_ORGANIZATIONS: Final = parts.of_owners(select(*_COLUMNS), Organization.__table__.c.id)


def list_organizations(session: Session, ids: Sequence[uuid.UUID], *, is_whole: bool = False) -> Mapping[uuid.UUID, shapes.Organization]:
    """Those of these organizations that exist, by id; whole: with numbers in registers, telephone numbers and terms."""
    found = {row.id: _plain(row) for row in parts.rows_of(session, _ORGANIZATIONS, ids)}
    if is_whole:
        _fill(session, found)
    return found


def _fill(session: Session, organizations: Mapping[uuid.UUID, shapes.Organization]) -> None:
    ids = list(organizations)
    lists = {
        "organization_identifiers": belongings.IDENTIFIERS.of(session, ids),
        "phones": parts.list_phones(session, "organization_id", ids),
        "attributes": belongings.list_attributes(session, "organization", ids),
    }
    for name, of in lists.items():
        for key, given in of.items():
            setattr(organizations[key], name, given)


def _plain(row: Row[Any]) -> shapes.Organization:
    return shapes.Organization(
        id=row.id,
        name=row.name,
        alternate_name=row.alternate_name or None,
        description=row.description or row.name,
        email=email(row.email),
        website=uri(row.website),
        logo=uri(row.logo),
        uri=uri(row.uri),
        tax_status=row.tax_status or None,
        tax_id=row.tax_id or None,
        year_incorporated=row.year_incorporated,
        legal_status=row.legal_status or None,
        parent_organization_id=row.parent_organization_id,
    )
