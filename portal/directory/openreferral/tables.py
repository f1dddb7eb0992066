"""What is kept, as one table: every column of the directory with its kind, and how Open Referral nests its nouns.

The kind of a column says how it is cleaned (`cleaning.CLEANERS`). A name alone holds for every table; `table.name` is nearer.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, auto
from functools import cache
from typing import Final

from sqlalchemy import Table

from portal.db import Base
from portal.directory import models, places, terms, times

_LOADED: Final = (models, places, terms, times)  # their tables are in Base.metadata once they are imported


class Kind(StrEnum):
    """How a value is read: each has one function in `cleaning.CLEANERS`."""

    TITLE = auto()
    LINE = auto()
    PROSE = auto()
    URL = auto()
    EMAIL = auto()
    AGE = auto()
    AMOUNT = auto()
    COUNT = auto()
    YEAR = auto()
    DAY = auto()
    MOMENT = auto()
    CLOCK = auto()
    DEGREES = auto()
    POSTCODE = auto()
    COUNTRY = auto()
    LANGUAGE = auto()
    FLAG = auto()
    STATUS = auto()
    PLACE_TYPE = auto()
    IDS = auto()
    FREQUENCY = auto()
    WEEKDAYS = auto()
    PHONE = auto()
    REFERENCE = auto()


# In the order in which rows can be written: what is referred to comes first.
TABLES: Final = (
    "taxonomy", "taxonomy_term", "organization", "organization_identifier", "location", "address", "accessibility", "service",
    "service_at_location", "service_area", "contact", "phone", "language", "schedule", "holiday_schedule", "cost_option",
    "required_document", "funding", "attribute", "service_translation",
)  # fmt: skip

KINDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("organization.name", "service.name", "location.name", "service_translation.name", "alternate_name"), Kind.TITLE),
    **dict.fromkeys(
        ("name", "title", "department", "legal_status", "tax_status", "tax_id", "identifier_scheme", "identifier_type", "identifier",
         "assured_by", "attention", "address_1", "address_2", "city", "region", "state_province", "address_type",
         "external_identifier", "external_identifier_type", "extent", "extent_type", "extension", "type", "timezone", "wkst",
         "byweekno", "bymonthday", "byyearday", "attending_type", "option", "currency", "code", "version", "taxonomy", "language",
         "link_type", "link_entity", "value", "label", "source"),
        Kind.LINE,
    ),
    **dict.fromkeys(
        ("description", "interpretation_services", "application_process", "fees_description", "wait_time", "accreditations",
         "licenses", "eligibility_description", "alert", "transportation", "details", "notes", "note", "amount_description",
         "document", "funding.source", "summary"),
        Kind.PROSE,
    ),
    **dict.fromkeys(("url", "website", "logo", "uri", "schedule_link", "term_uri"), Kind.URL),
    **dict.fromkeys(("email", "assurer_email"), Kind.EMAIL),
    **dict.fromkeys(("minimum_age", "maximum_age"), Kind.AGE),
    **dict.fromkeys(("assured_date", "valid_from", "valid_to", "dtstart", "until", "start_date", "end_date"), Kind.DAY),
    **dict.fromkeys(("opens_at", "closes_at"), Kind.CLOCK),
    **dict.fromkeys(("latitude", "longitude"), Kind.DEGREES),
    **dict.fromkeys(("interval", "count"), Kind.COUNT),
    **dict.fromkeys(("is_confidential", "closed"), Kind.FLAG),
    **dict.fromkeys(("who_for", "how", "needs"), Kind.IDS),
    **dict.fromkeys(
        ("organization_id", "service_id", "location_id", "service_at_location_id", "contact_id", "phone_id", "taxonomy_id",
         "taxonomy_term_id", "parent_id", "parent_organization_id", "link_id"),
        Kind.REFERENCE,
    ),
    "amount": Kind.AMOUNT,
    "year_incorporated": Kind.YEAR,
    "last_modified": Kind.MOMENT,
    "postal_code": Kind.POSTCODE,
    "country": Kind.COUNTRY,
    "language.code": Kind.LANGUAGE,
    "service_translation.language": Kind.LANGUAGE,
    "status": Kind.STATUS,
    "location_type": Kind.PLACE_TYPE,
    "freq": Kind.FREQUENCY,
    "byday": Kind.WEEKDAYS,
    "number": Kind.PHONE,
}  # fmt: skip

# Keys under which a list of children may be nested, and the children's table; it must have a column `<parent>_id`.
LISTS: Final[Mapping[str, str]] = {
    "organizations": "organization", "services": "service", "locations": "location", "service_at_locations": "service_at_location",
    "addresses": "address", "accessibility": "accessibility", "accessibility_for_disabilities": "accessibility",
    "service_areas": "service_area", "phones": "phone", "contacts": "contact", "languages": "language", "schedules": "schedule",
    "regular_schedules": "schedule", "holiday_schedules": "holiday_schedule", "cost_options": "cost_option",
    "required_documents": "required_document", "funding": "funding", "attributes": "attribute", "taxonomy_terms": "taxonomy_term",
    "organization_identifiers": "organization_identifier", "identifiers": "organization_identifier",
    "translations": "service_translation",
}  # fmt: skip

# Keys under which one parent may be nested, or named by its id.
SINGLES: Final[Mapping[str, str]] = {
    "organization": "organization", "service": "service", "location": "location", "taxonomy_term": "taxonomy_term",
    "taxonomy_detail": "taxonomy", "service_at_location": "service_at_location",
}  # fmt: skip

# Other names for a column, used where the column itself is empty.
ALIASES: Final[Mapping[str, str]] = {
    "service.fees": "fees_description",
    "organization.url": "website",
    "accessibility.accessibility": "description",
    "service_area.service_area": "name",
    "taxonomy_term.term": "name",
    "required_document.name": "document",
}

# The column that a bare string in a list stands for: `languages: [Turkish]`.
BARE: Final[Mapping[str, str]] = {
    "language": "name", "accessibility": "description", "funding": "source", "required_document": "document", "phone": "number",
    "service_area": "name", "attribute": "term", "contact": "name", "address": "address_1", "organization_identifier": "identifier",
}  # fmt: skip

# What a reference points to, where its name does not say so.
_POINTS_TO: Final[Mapping[str, str]] = {"parent_id": "taxonomy_term", "parent_organization_id": "organization", "link_id": "service"}


def table_of(name: str) -> Table:
    """The database's table."""
    return Base.metadata.tables[name]


def is_ours(name: str, column: str) -> bool:
    """Whether no source speaks of a column: it is neither read, compared nor overwritten by what is loaded."""
    return name in TABLES and (column == "position" or (name == "service" and column in ("known_on", "version")))


@cache
def kinds_of(name: str) -> Mapping[str, Kind]:
    """Column → kind for one table, in the order of its columns. A service also has `needs`."""
    columns = [column.name for column in table_of(name).columns if column.name != "id" and not is_ours(name, column.name)]
    wanted = [*columns, "needs"] if name == "service" else columns
    return {column: KINDS.get(f"{name}.{column}") or KINDS[column] for column in wanted}


@cache
def has_column(name: str, column: str) -> bool:
    """Whether the table has such a column."""
    return column in table_of(name).columns and not is_ours(name, column)


def points_to(column: str) -> str:
    """The table that a reference column refers to."""
    return _POINTS_TO.get(column) or column.removesuffix("_id")


@cache
def parents_of(name: str) -> Mapping[str, tuple[str, ...]]:
    """References by what follows when they are missing.

    "must": the row cannot be without. "one of": it must belong to at least one. "may": the reference alone is dropped.
    """
    found: dict[str, list[str]] = {"must": [], "one of": [], "may": []}
    for key in sorted(table_of(name).foreign_keys, key=lambda key: key.parent.name):
        if not key.parent.nullable:
            found["must"].append(key.parent.name)
        else:
            found["one of" if key.ondelete == "CASCADE" else "may"].append(key.parent.name)
    return {need: tuple(columns) for need, columns in found.items()}
