"""Records as JSON Schema (2020-12, which OpenAPI 3.1 speaks): classes of `shapes.py` in, components out. Pure.

What is not required is left out where it is not known, and is never null.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, Final

import msgspec

from portal.api.oruk.envelope import Details, License, Page
from portal.api.oruk.shapes import ServiceStub
from portal.api.package.members import Member, members
from portal.api.package.tables import SHAPES
from portal.api.problems import Problem

Schema = dict[str, Any]
_PLAIN: Final[Mapping[type, Schema]] = {
    uuid.UUID: {"type": "string", "format": "uuid"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$", "description": "On a clock in London."},
}
_FORMATS: Final[Mapping[str, str]] = {  # texts of which more can be said than that they are texts
    **dict.fromkeys(("url", "website", "logo", "uri", "term_uri", "schedule_link", "openapi_url", "profile"), "uri"),
    **dict.fromkeys(("last_modified", "modified_date"), "date-time"),
    "email": "email",
}
_STATUSES: Final = ["active", "inactive", "defunct", "temporarily closed"]
_ALL: Final[tuple[type[msgspec.Struct], ...]] = (Details, License, ServiceStub, Problem, *(shape for _, shape in SHAPES.values()))


def components() -> dict[str, Schema]:
    """Every record by its name, without the pages of lists."""
    return {shape.__name__: schema_of(shape) for shape in _ALL}


def schema_of(shape: type[msgspec.Struct]) -> Schema:
    """One record."""
    every = members(shape)
    required = [member.name for member in every if member.is_required]
    return {
        "type": "object",
        "description": _said(shape),
        "properties": {member.name: _property(member) for member in every},
        **({"required": required} if required else {}),
    }


def page_of(records: Iterable[str]) -> Schema:
    """The envelope of a list of records of these names."""
    whole = schema_of(Page)
    whole["properties"]["contents"] = {"type": "array", "items": one_of(records)}
    return whole


def one_of(records: Iterable[str]) -> Schema:
    """Any of these records. A whole one fits what is required of a short one, so that more than one may hold."""
    names = [{"$ref": f"#/components/schemas/{name}"} for name in records]
    return names[0] if len(names) == 1 else {"anyOf": names}


def _property(member: Member) -> Schema:
    if member.shapes:
        inner = one_of(shape.__name__ for shape in member.shapes)
    elif float in member.kinds:
        inner = _PLAIN[float]
    else:
        inner = dict(_PLAIN[member.kinds[0]])
        if member.kinds[0] is str and member.name in _FORMATS:
            inner["format"] = _FORMATS[member.name]
    if member.name == "status" and member.kinds[0] is str:
        inner = {"type": "string", "enum": _STATUSES}
    return {"type": "array", "items": inner} if member.is_list else inner


def _said(shape: type[msgspec.Struct]) -> str:
    """The first paragraph of what the class says of itself."""
    return " ".join((shape.__doc__ or "").split("\n\n")[0].split())
