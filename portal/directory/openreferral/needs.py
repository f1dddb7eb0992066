"""What each service helps with, how it comes to people and whom it is for: as the source says, else by rule from its words."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from portal.directory.openreferral.rows import Action, Row
from portal.directory.openreferral.whole import Whole
from portal.taxonomy.rules import NeedRules, infer, infer_audiences, infer_deliveries
from portal.taxonomy.terms import DELIVERIES, Taxonomy

OURS: Final = "doorstep needs"  # a vocabulary of this name carries needs from one portal to another


@dataclass(frozen=True)
class NeedsOf:
    """A service's needs, strongest first, and whether a rule found them."""

    needs: tuple[str, ...]
    inferred: bool


def settle_needs(whole: Whole, taxonomy: Taxonomy, rules: NeedRules) -> Mapping[uuid.UUID, NeedsOf]:
    """Needs by service. Also fills `who_for` and `how` where the source does not say, and takes `needs` off the rows."""
    terms = _terms(whole)
    with_places = {row.values["service_id"] for row in whole.rows["service_at_location"].values()}
    found = {}
    for service in whole.rows["service"].values():
        for column, known in (("needs", taxonomy.needs), ("who_for", taxonomy.audiences), ("how", DELIVERIES)):
            _keep_known(whole, service, column, known)
        name, said = _names(whole, service), _words(service)
        told = _told(service, terms[service.id], taxonomy)
        found[service.id] = NeedsOf(told, inferred=False) if told else _inferred(name, said, terms[service.id], rules)
        if "how" not in service.values and (deliveries := infer_deliveries(name, said, rules)):
            here = ["in-person"] if service.id in with_places else []
            service.values["how"] = list(dict.fromkeys([*here, *deliveries]))
        if "who_for" not in service.values and (audiences := infer_audiences(name, said, rules)):
            service.values["who_for"] = list(audiences)
    return found


def _inferred(name: str, said: str, terms: Iterable[tuple[str, str]], rules: NeedRules) -> NeedsOf:
    return NeedsOf(infer(name, said, (term for _, term in terms), rules), inferred=True)


def _told(service: Row, terms: Iterable[tuple[str, str]], taxonomy: Taxonomy) -> tuple[str, ...]:
    given = service.values.pop("needs", None)
    if isinstance(given, list) and given:
        return tuple(given)
    return tuple(dict.fromkeys(term for vocabulary, term in terms if vocabulary == OURS and term in taxonomy.needs))


def _keep_known(whole: Whole, service: Row, column: str, known: Container[str]) -> None:
    given = service.values.get(column)
    if not isinstance(given, list) or not given:
        return
    kept = [value for value in given if value in known]
    for value in given:
        if value not in known:
            whole.say(service, column, Action.REFUSED, "This is not in the portal's own list, so it was left out.", before=value)
    if kept:
        service.values[column] = kept
    else:
        del service.values[column]


def _terms(whole: Whole) -> Mapping[object, list[tuple[str, str]]]:
    """Service id → its terms as (vocabulary, name or code), lower case."""
    found: dict[object, list[tuple[str, str]]] = defaultdict(list)
    for attribute in whole.rows["attribute"].values():
        term = whole.row("taxonomy_term", attribute.values["taxonomy_term_id"])
        if term is not None and attribute.values["link_entity"] == "service":
            vocabulary = str(term.values.get("taxonomy", "")).casefold()
            found[attribute.values["link_id"]] += [
                (vocabulary, str(term.values[key]).casefold()) for key in ("code", "name") if key in term.values
            ]
    return found


def _names(whole: Whole, service: Row) -> str:
    organization = whole.row("organization", service.values["organization_id"])
    names = (service.values["name"], service.values.get("alternate_name"), organization.values["name"] if organization else None)
    return "\n".join(str(name) for name in names if name)


def _words(service: Row) -> str:
    said = (service.values.get(column) for column in ("description", "eligibility_description", "application_process"))
    return "\n".join(str(text) for text in said if text)
