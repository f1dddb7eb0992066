"""Clean rows of all sources in, one sound whole out: each id once, each reference to something that exists.

What is missing is made where it can be (an organization from its service's name, a vocabulary from a term's), left out where
only a reference is lost, and refused where a row would hang in the air. Pure but for one question to the database: `stored`.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from portal.directory.openreferral.identifiers import child_id, made_id
from portal.directory.openreferral.parents import check_links, check_parents
from portal.directory.openreferral.rows import Action, Row, Value
from portal.directory.openreferral.tables import TABLES, parents_of
from portal.directory.openreferral.whole import Stored, Whole

_SHARED: Final = frozenset({"taxonomy", "taxonomy_term", "organization", "location"})  # told again wherever they are used


def join(rows: Iterable[Row], stored: Stored) -> Whole:
    """Put rows together. Later rows win over earlier ones with the same id."""
    whole = Whole()
    for row in _last_tellings(whole, list(rows)):
        _take(whole, row)
    _make_organizations(whole, stored)
    _make_taxonomies(whole)
    _drop_offices(whole)
    check_links(whole, stored)
    check_parents(whole, stored)
    _note_repeats(whole)
    return whole


def _last_tellings(whole: Whole, rows: list[Row]) -> Iterator[Row]:
    """All rows but those of a service that is told again later, with all that hangs on it: that may be out of date."""
    last = {row.id: (row.source, row.record) for row in rows if row.table == "service"}
    gone: set[object] = set()
    telling: tuple[str, int] | None = None
    for row in rows:
        if telling != (row.source, row.record):
            telling, gone = (row.source, row.record), set()
        if row.table == "service" and last[row.id] != telling:
            whole.say(row, "", Action.NOTED, "This service is there more than once, with the same id; the last was kept.")
            gone.add(row.id)
        elif row.table not in _SHARED and not gone.isdisjoint(_owners(row)):
            gone.add(row.id)
        else:
            yield row


def _take(whole: Whole, row: Row) -> None:
    rows = whole.rows[row.table]
    same = rows.get(row.id)
    if same is None:
        rows[row.id] = row
    elif row.table in _SHARED:
        same.values.update(row.values)
    elif row.table != "service" and _owners(row) != _owners(same):  # one id for the parts of two records: both are kept
        other = replace(row, id=child_id(row.id, str(_owners(row))))
        rows[other.id] = other
    else:
        rows[row.id] = row


def _owners(row: Row) -> tuple[object, ...]:
    columns = ("link_id",) if row.table == "attribute" else (*parents_of(row.table)["must"], *parents_of(row.table)["one of"])
    return tuple(row.values[column] for column in columns if column in row.values)


def _make_organizations(whole: Whole, stored: Stored) -> None:
    organizations = whole.rows["organization"]
    named = {key for row in whole.rows["service"].values() if isinstance(key := row.values.get("organization_id"), uuid.UUID)}
    known = organizations.keys() | stored("organization", named - organizations.keys())
    for service in whole.rows["service"].values():
        wanted = service.values.get("organization_id")
        if wanted in known:
            continue
        own_id = wanted if isinstance(wanted, uuid.UUID) else child_id(service.id, "organization")
        service.values["organization_id"] = own_id
        if own_id not in organizations:
            organizations[own_id] = replace(
                service, table="organization", id=own_id, values={key: service.values[key] for key in ("name", "source")}
            )
            whole.say(service, "organization_id", Action.MENDED, "It does not say who runs it; an organisation of the same name was made.")


def _make_taxonomies(whole: Whole) -> None:
    """A term that names its vocabulary brings it, where the source does not tell of it by itself."""
    vocabularies = whole.rows["taxonomy"]
    for term in whole.rows["taxonomy_term"].values():
        name, given = term.values.get("taxonomy"), term.values.get("taxonomy_id")
        if isinstance(name, str):
            own_id = given if isinstance(given, uuid.UUID) else made_id("", "taxonomy", name)
            term.values["taxonomy_id"] = own_id
            vocabularies.setdefault(own_id, replace(term, table="taxonomy", id=own_id, values={"name": name}))


def _drop_offices(whole: Whole) -> None:
    """An address for letters is no place where a service happens; what hangs on it goes to the service itself."""
    types: dict[object, set[object]] = defaultdict(set)
    for address in whole.rows["address"].values():
        types[address.values.get("location_id")].add(address.values.get("address_type"))
    moved = {}
    for at in list(whole.rows["service_at_location"].values()):
        place = whole.row("location", at.values.get("location_id"))
        if place and (place.values.get("location_type") == "postal" or types[place.id] == {"postal"}):
            moved[at.id] = at.values.get("service_id")
            del whole.rows["service_at_location"][at.id]
            words = "This is an address for letters, so it is not shown as a place where the service happens."
            whole.say(at, "location_id", Action.NOTED, words)
    _hand_over(whole, moved)


def _hand_over(whole: Whole, moved: Mapping[uuid.UUID, Value | None]) -> None:
    for table in TABLES if moved else ():
        for row in whole.rows[table].values():
            at = row.values.get("service_at_location_id")
            if isinstance(at, uuid.UUID) and at in moved:
                del row.values["service_at_location_id"]
                if (service := moved[at]) is not None:
                    row.values["service_id"] = service


def _note_repeats(whole: Whole) -> None:
    names = Counter(str(row.values["name"]).casefold() for row in whole.rows["service"].values())
    for row in whole.rows["service"].values():
        number = names.pop(str(row.values["name"]).casefold(), 0)  # said once, of the first
        if number > 1:
            whole.say(row, "name", Action.NOTED, f"{number} services have this name; people may not be able to tell them apart.")
