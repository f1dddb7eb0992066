"""The tables of the tabular package: which there are, what each file is called, and its columns. Made from what the interface gives.

Columns of the UK profile and of HSDS have the same names as in JSON. A record that lies inside another there has a column here with the
id of what it lies in.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

import msgspec

from portal.api.oruk import part_shapes, shapes, term_shapes
from portal.api.package.members import Member, members
from portal.directory.openreferral.tables import LISTS
from portal.pack import Pack

SHAPES: Final[Mapping[str, tuple[str, type[msgspec.Struct]]]] = {  # noun → its file, as the standard calls it, and what it is made of
    "organization": ("organizations.csv", shapes.Organization),
    "organization_identifier": ("organization_identifiers.csv", part_shapes.OrganizationIdentifier),
    "service": ("services.csv", shapes.Service),
    "location": ("locations.csv", shapes.Location),
    "address": ("address.csv", part_shapes.Address),
    "accessibility": ("accessibility.csv", part_shapes.Accessibility),
    "service_at_location": ("service_at_location.csv", shapes.ServiceAtLocation),
    "service_area": ("service_areas.csv", part_shapes.ServiceArea),
    "phone": ("phones.csv", part_shapes.Phone),
    "language": ("languages.csv", part_shapes.Language),
    "schedule": ("schedule.csv", part_shapes.Schedule),
    "holiday_schedule": ("holiday_schedules.csv", part_shapes.HolidaySchedule),
    "cost_option": ("cost_options.csv", part_shapes.CostOption),
    "required_document": ("required_documents.csv", part_shapes.RequiredDocument),
    "funding": ("funding.csv", part_shapes.Funding),
    "taxonomy": ("taxonomies.csv", term_shapes.Taxonomy),
    "taxonomy_term": ("taxonomy_terms.csv", term_shapes.TaxonomyTerm),
    "attribute": ("attribute.csv", term_shapes.Attribute),
}
_TYPES: Final[Mapping[type, str]] = {
    uuid.UUID: "string", str: "string", date: "date", time: "time", int: "integer", float: "number", bool: "boolean",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column, with its type as Table Schema calls it."""

    name: str
    type: str = "string"
    is_required: bool = False


@dataclass(frozen=True)
class PackageTable:
    """A table: the noun that its rows are, its file, its columns in their order."""

    noun: str
    file: str
    columns: tuple[Column, ...]


def _tables() -> dict[str, PackageTable]:
    owners: dict[str, list[str]] = {noun: [] for noun in SHAPES}
    for noun, (_, shape) in SHAPES.items():
        for member in members(shape):
            child = LISTS.get(member.name)
            if member.is_list and member.shapes and child and child not in ("attribute", "service", "taxonomy_term"):
                owners[child].append(f"{noun}_id")
    return {noun: PackageTable(noun, file, _columns(shape, owners[noun])) for noun, (file, shape) in SHAPES.items()}


def _columns(shape: type[msgspec.Struct], owners: list[str]) -> tuple[Column, ...]:
    own = {member.name: Column(member.name, _type(member), member.is_required) for member in members(shape) if not member.shapes}
    return (*own.values(), *(Column(name) for name in owners if name not in own))


def _type(member: Member) -> str:
    return "number" if float in member.kinds else _TYPES[member.kinds[0]]


TABLES: Final[Mapping[str, PackageTable]] = _tables()


def datapackage(pack: Pack, base_url: str) -> dict[str, Any]:
    """The package's own description (Frictionless Data Package), for `datapackage.json`."""
    return {
        "name": "open-referral-uk",
        "title": f"{pack.site}: services in {pack.borough}",
        "description": "Open Referral UK 3.0 as tables. Times of day are on a clock in London, moments in UTC.",
        "profile": "tabular-data-package",
        "version": "3.0",
        "homepage": f"{base_url}/en/open-data",
        "licenses": [{"title": pack.licence.name, "path": pack.licence.url}],
        "resources": [_resource(table) for table in TABLES.values()],
    }


def _resource(table: PackageTable) -> dict[str, Any]:
    fields = [
        {"name": column.name, "type": column.type, **({"constraints": {"required": True}} if column.is_required else {})}
        for column in table.columns
    ]
    return {
        "name": table.noun,
        "path": table.file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": "id"},
    }
