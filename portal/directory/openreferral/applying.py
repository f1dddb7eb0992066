"""A sound whole in, a changed database out: what differs is written, with a history line and a change row for each record.

All within the session's one transaction. Loading the same again writes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BindParameter, Select, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.changes import mark_changed
from portal.directory.models import Service
from portal.directory.openreferral.comparing import Difference, Record, compare, fetch, in_batches
from portal.directory.openreferral.loaded import keep_fingerprints, sift
from portal.directory.openreferral.needs import NeedsOf
from portal.directory.openreferral.remembering import Changes, Roots, changes_of, remember
from portal.directory.openreferral.reporting import Written
from portal.directory.openreferral.rows import Progress
from portal.directory.openreferral.tables import TABLES, is_ours, table_of
from portal.directory.openreferral.whole import Whole
from portal.directory.places import ServiceAtLocation
from portal.directory.terms import Attribute, ServiceNeed

_SOME: Final[BindParameter[uuid.UUID]] = bindparam("some", expanding=True)
_AT: Final = select(ServiceAtLocation.service_id)


def _attached(entity: str) -> Select[uuid.UUID]:
    return select(Attribute.link_id).where(Attribute.link_entity == entity, Attribute.taxonomy_term_id.in_(_SOME))


_SERVICES_OF: Final[Mapping[str, Select[uuid.UUID]]] = {  # the services of some organizations, places or terms
    "organization": select(Service.id).where(Service.organization_id.in_(_SOME)),
    "location": _AT.where(ServiceAtLocation.location_id.in_(_SOME)),
    "taxonomy_term": select(Service.id).where(
        or_(
            Service.id.in_(_attached("service")),
            Service.organization_id.in_(_attached("organization")),
            Service.id.in_(_AT.where(ServiceAtLocation.location_id.in_(_attached("location")))),
        )
    ),
}
AT_ONCE: Final = 2_000  # rows handed to the database in one call


@dataclass(frozen=True)
class Applied:
    """What was written, by table, how many services changed, and how many were left as people here have changed them."""

    written: tuple[Written, ...]
    changed: int
    kept: int


def apply(session: Session, whole: Whole, needs: Mapping[uuid.UUID, NeedsOf], loaded_by: str, progress: Progress) -> Applied:
    """Bring the database to what `whole` and `needs` say, but for what `sift` leaves as people here have it. Never commits."""
    sifted = sift(session, whole, needs)
    differences = []
    for number, table in enumerate(TABLES, start=1):
        differences.append(compare(session, whole, table))
        differences[-1].unchanged += sifted.skipped.get(table, 0)
        progress(number, len(TABLES), "Comparing")
    _date_new_services(differences)
    total = sum(len(difference.inserted) + len(difference.updated) for difference in differences)
    done = 0
    for difference in differences:
        for count in _upsert(session, difference):
            done += count
            progress(done, total, "Writing")
    for difference in reversed(differences):
        _delete(session, difference)
    written_needs, changes = _apply_needs(session, sifted.needs)
    roots = Roots(differences, whole)
    changed = _services_of(session, roots.of(differences) | changes.keys())
    remember(session, changes_of(differences, roots, changes), loaded_by)
    _date_changed_services(session, whole, changed)
    _raise_versions(session, changed - {record["id"] for each in differences if each.table == "service" for record in each.inserted})
    mark_changed(session, sorted(changed, key=lambda key: key.int))
    keep_fingerprints(session, sifted.fingerprints)
    return Applied((*map(_written, differences), written_needs), len(changed), sifted.kept)


def _upsert(session: Session, difference: Difference) -> Iterable[int]:
    table = table_of(difference.table)
    for some in in_batches(difference.inserted, AT_ONCE):
        session.execute(insert(table), list(some))
        yield len(some)
    if difference.updated:
        columns = [column.name for column in table.columns if column.name != "id" and not is_ours(difference.table, column.name)]
        change = update(table).where(table.c.id == bindparam("own_id")).values({name: bindparam(f"new_{name}") for name in columns})
        for some in in_batches(difference.updated, AT_ONCE):
            rows = [{"own_id": after["id"], **{f"new_{name}": after[name] for name in columns}} for _, after in some]
            session.connection().execute(change, rows)
            yield len(some)


def _delete(session: Session, difference: Difference) -> None:
    table = table_of(difference.table)
    for some in in_batches([record["id"] for record in difference.deleted]):
        session.execute(delete(table).where(table.c.id.in_(some)))


def _date_new_services(differences: Iterable[Difference]) -> None:
    for difference in differences:
        if difference.table == "service":
            for record in difference.inserted:
                record["last_modified"] = record["last_modified"] or clock.now()


def _date_changed_services(session: Session, whole: Whole, changed: Iterable[uuid.UUID]) -> None:
    services = whole.rows["service"]
    undated = [key for key in changed if key not in services or "last_modified" not in services[key].values]
    for some in in_batches(undated):
        session.execute(
            update(Service).where(Service.id.in_(some)).values(last_modified=clock.now()), execution_options={"synchronize_session": False}
        )


def _raise_versions(session: Session, changed: Iterable[uuid.UUID]) -> None:
    """Whoever is writing about one of these now has read another one."""
    for some in in_batches(sorted(changed)):
        values = {"version": Service.version + 1}
        session.execute(update(Service).where(Service.id.in_(some)).values(values), execution_options={"synchronize_session": False})


def _apply_needs(session: Session, needs: Mapping[uuid.UUID, NeedsOf]) -> tuple[Written, Changes]:
    stored: dict[uuid.UUID, list[Record]] = {}
    for record in fetch(session, "service_need", "service_id", needs):
        stored.setdefault(record["service_id"], []).append(record)
    new: list[Record] = []
    changes: Changes = {}
    for service, told in needs.items():
        before = sorted(stored.get(service, []), key=lambda record: int(record["position"]))
        after = [
            {"service_id": service, "need": need, "position": place, "inferred": told.inferred} for place, need in enumerate(told.needs)
        ]
        if before == after or (told.inferred and any(not record["inferred"] for record in before)):
            continue  # the same, or confirmed by a person, which no rule overwrites
        changes["service", service] = {"needs": [[record["need"] for record in before], [record["need"] for record in after]]}
        new += after
    gone = [service for _, service in changes if service in stored]
    for some in in_batches(gone):
        session.execute(delete(ServiceNeed).where(ServiceNeed.service_id.in_(some)), execution_options={"synchronize_session": False})
    for some in in_batches(new, AT_ONCE):
        session.execute(insert(table_of("service_need")), list(some))
    deleted = sum(len(stored[service]) for service in gone)
    return Written("service_need", len(new), 0, deleted, sum(map(len, stored.values())) - deleted), changes


def _services_of(session: Session, roots: Iterable[tuple[str, uuid.UUID]]) -> set[uuid.UUID]:
    """The services to which these records belong, whether they are being loaded or not."""
    ids: dict[str, list[uuid.UUID]] = {}
    for table, key in roots:
        ids.setdefault(table, []).append(key)
    found = set(ids.get("service", ()))
    for table, query in _SERVICES_OF.items():
        for some in in_batches(ids.get(table, [])):
            found.update(session.scalars(query, {"some": list(some)}))
    return found


def _written(difference: Difference) -> Written:
    return Written(difference.table, len(difference.inserted), len(difference.updated), len(difference.deleted), difference.unchanged)
