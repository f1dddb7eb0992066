"""Parameters as OpenAPI has them: the table of Open Referral parameters and what may be asked of other formats in, objects out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from portal.api.formats.offers import OfferParameter
from portal.api.oruk.parameter import Kind, Parameter

_SCHEMAS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    Kind.WORDS: {"type": "string"},
    Kind.WHOLE_NUMBER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.TRUTH: {"type": "boolean"},
    Kind.IDENTIFIER: {"type": "string", "format": "uuid"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.CLOCK: {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"},
    Kind.CHOICE: {"type": "string"},
    Kind.POSTCODE: {"type": "string", "pattern": r"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$"},
}
_EXAMPLES: Final[Mapping[Kind, str]] = {Kind.MOMENT: "2026-11-24T10:30:00Z", Kind.CLOCK: "09:30", Kind.POSTCODE: "M33 7ZF"}
_LETTERS: Final = (Kind.WORDS,)


def of_table(parameter: Parameter) -> dict[str, Any]:
    """A parameter of the Open Referral addresses."""
    return _parameter(parameter.name, parameter.meaning, _schema(parameter), _EXAMPLES.get(parameter.kind))


def of_offer(parameter: OfferParameter) -> dict[str, Any]:
    """A parameter of another format."""
    return _parameter(parameter.name, parameter.meaning, {"type": "string", "pattern": parameter.pattern}, parameter.example)


def identifier() -> dict[str, Any]:
    """The id that stands in an address."""
    schema = dict(_SCHEMAS[Kind.IDENTIFIER])
    return {"name": "id", "in": "path", "required": True, "description": "The id of the record.", "schema": schema}


def _parameter(name: str, meaning: str, schema: dict[str, Any], example: str | None) -> dict[str, Any]:
    found = {"name": name, "in": "query", "required": False, "description": meaning, "schema": schema}
    return {**found, "example": example} if example else found


def _schema(parameter: Parameter) -> dict[str, Any]:
    least, most = ("minLength", "maxLength") if parameter.kind in _LETTERS else ("minimum", "maximum")
    schema = dict(_SCHEMAS[parameter.kind])
    bounds = {least: parameter.least, most: parameter.most, "default": parameter.default}
    schema |= {name: value for name, value in bounds.items() if value is not None}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    return schema
