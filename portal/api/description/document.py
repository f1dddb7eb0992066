"""The whole description (OpenAPI 3.1): what each address answers with, from the tables of parameters and offers.

Pure: a pack in, what is written as JSON out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from portal.api.description.parameters import identifier, of_offer, of_table
from portal.api.description.schemas import components, one_of, page_of
from portal.api.formats.offers import OFFERS, OPENAPI, Offer
from portal.api.oruk.parameter import LISTS, ROOT, Answer
from portal.api.oruk.parameters import parameters_of
from portal.pack import Pack

VERSION: Final = "3.0.0"  # of the interface: Open Referral UK's own
PROBLEM: Final = "application/problem+json"
RECORDS: Final[Mapping[Answer, tuple[str, ...]]] = {  # what each address gives
    Answer.DETAILS: ("Details",),
    Answer.SERVICES: ("Service", "ServiceStub"),
    Answer.SERVICE: ("Service", "ServiceStub"),
    Answer.ORGANIZATIONS: ("Organization",),
    Answer.ORGANIZATION: ("Organization",),
    Answer.TAXONOMIES: ("Taxonomy",),
    Answer.TAXONOMY: ("Taxonomy",),
    Answer.TAXONOMY_TERMS: ("TaxonomyTerm",),
    Answer.TAXONOMY_TERM: ("TaxonomyTerm",),
    Answer.SERVICE_AT_LOCATIONS: ("ServiceAtLocation",),
    Answer.SERVICE_AT_LOCATION: ("ServiceAtLocation",),
}
_WRONG: Final = {
    "400": "A parameter is not known here, or not what it may be: the answer names it.",
    "404": "There is no such record.",
    "422": "The postcode is not known here.",
    "429": "You have asked too often. Wait as long as Retry-After says.",
}
_KEPT: Final = {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}
_KEPT_MEANING: Final = "The ETag of a copy that you have: where nothing changed, the answer is 304 and has no body."


def document(pack: Pack, base_url: str) -> dict[str, Any]:
    """The description, for `/api/openapi.json`. `base_url` is where the site is public."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{pack.site}: open data",
            "version": VERSION,
            "description": f"Services in {pack.borough} as Open Referral UK 3.0, and in other formats. Open to everybody, without a key.",
            "license": {"name": pack.licence.name, "url": pack.licence.url},
            "contact": {"name": pack.council, "url": f"{base_url}/en/open-data"},
        },
        "servers": [{"url": base_url}],
        "paths": {
            **{_path(answer): {"get": _operation(answer)} for answer in Answer},
            **{offer.path: {"get": _of_offer(offer)} for offer in OFFERS},
        },
        "components": {
            "schemas": components(),
            "headers": {"ETag": {"description": "Another text whenever the answer changes.", "schema": {"type": "string"}}},
        },
    }


def _path(answer: Answer) -> str:
    return f"{ROOT}/" if answer is Answer.DETAILS else f"{ROOT}{answer}"


def _operation(answer: Answer) -> dict[str, Any]:
    parameters = [of_table(parameter) for parameter in parameters_of(answer)]
    is_one = answer.endswith("{id}")
    errors = ["400", *(["404"] if is_one else []), *(["422"] if _knows_postcodes(answer) else []), "429"]
    return {
        "operationId": "getDetails" if answer is Answer.DETAILS else _name(answer),
        "summary": summary_of(answer),
        "tags": ["Open Referral UK 3.0"],
        "parameters": [*([identifier()] if is_one else []), *parameters, *([] if answer is Answer.DETAILS else [_if_changed()])],
        "responses": {**_answers(answer), **{status: _problem(status) for status in errors}},
    }


def _answers(answer: Answer) -> dict[str, Any]:
    records = RECORDS[answer]
    content: dict[str, Any] = {"application/json": {"schema": page_of(records) if answer in LISTS else one_of(records)}}
    if answer in LISTS:
        content["application/x-ndjson"] = {"schema": {"type": "string", "description": "One record a line."}}
    found: dict[str, Any] = {"200": {"description": summary_of(answer), "content": content}}
    if answer is not Answer.DETAILS:
        found["200"]["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
        found["304"] = {"description": "Nothing changed since your copy."}
    return found


def _of_offer(offer: Offer) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"} if offer is OPENAPI else {"type": "string"}
    return {
        "operationId": _name(offer.path.removeprefix("/api")),
        "summary": offer.meaning,
        "tags": ["Other formats"],
        "parameters": [*(of_offer(parameter) for parameter in offer.parameters), _if_changed()],
        "responses": {
            "200": {"description": offer.meaning, "content": {offer.media_type: {"schema": schema}}},
            "304": {"description": "Nothing changed since your copy."},
            **{status: _problem(status) for status in ("400", "429")},
        },
    }


def _if_changed() -> dict[str, Any]:
    return {**_KEPT, "description": _KEPT_MEANING}


def _problem(status: str) -> dict[str, Any]:
    return {"description": _WRONG[status], "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _knows_postcodes(answer: Answer) -> bool:
    return any(parameter.name == "postcode" for parameter in parameters_of(answer))


def _name(path: str) -> str:
    """An address as the name of an operation: `/services/{id}` is getServicesId."""
    return f"get{''.join(word.capitalize() for word in re.findall('[a-z]+', path))}"


def summary_of(answer: Answer) -> str:
    """What an address answers with, in one sentence."""
    if answer is Answer.DETAILS:
        return "What this interface is, and under which licence."
    noun = answer.removeprefix("/").removesuffix("/{id}").replace("_", " ")
    return f"One of the {noun}, whole, by its id." if answer.endswith("{id}") else f"A page of the list of {noun}."
