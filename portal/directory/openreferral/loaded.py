"""A load undoes nothing that people wrote here meanwhile: what a source has not changed since it was last loaded is left as they have it.

A sound whole in, the same without services that people here published or checked, and their places, whose telling is the same as at
the last load. Where the source changed one, the source's is taken; what people wrote is a version, and the report names it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db import Base, inserting
from portal.directory.models import Service
from portal.directory.openreferral.comparing import in_batches
from portal.directory.openreferral.needs import NeedsOf
from portal.directory.openreferral.remembering import Root, Roots
from portal.directory.openreferral.rows import Action, Row
from portal.directory.openreferral.tables import TABLES
from portal.directory.openreferral.whole import Whole
from portal.directory.places import Location, ServiceAtLocation
from portal.directory.versions import ServiceVersion

_KEPT: Final = ("service", "location")
_NOT_TOLD: Final = frozenset({"last_modified"})  # a date alone is no news
_AT_ONCE: Final = 2_000
OVERWRITTEN: Final = (
    "People changed this listing here, and the source has changed it since: the source's was taken, theirs is kept as a version."
)


class LoadedRecord(Base):
    """The fingerprint of all that the last load said of one `service` or `location`, its parts and needs with it."""

    __tablename__ = "loaded_record"

    resource_type: Mapped[str] = mapped_column(primary_key=True)
    resource_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]


@dataclass(frozen=True)
class Sifted:
    """What is left to load. `skipped` are rows by table; `kept` how many services are left as people here have them."""

    needs: Mapping[uuid.UUID, NeedsOf]
    fingerprints: Mapping[Root, str]
    skipped: Mapping[str, int]
    kept: int


def sift(session: Session, whole: Whole, needs: Mapping[uuid.UUID, NeedsOf]) -> Sifted:
    """Take out of `whole` what is to be left as people here have it. Services are held against other writers."""
    _hold(session, whole.rows["service"])
    parts = _parts(whole)
    told = {root: _fingerprint(rows, needs.get(root[1]) if root[0] == "service" else None) for root, rows in parts.items()}
    before = _fingerprints(session, told)
    published, checked = _published_here(session, whole.rows["service"]), _checked_here(session, whole)
    kept: set[Root] = {("service", key) for key in published | checked if before.get(("service", key)) == told["service", key]}
    for key in published:
        if ("service", key) in before and ("service", key) not in kept:
            whole.say(whole.rows["service"][key], "", Action.NOTED, OVERWRITTEN)
    places = {("location", key) for key in _places_of(session, whole, kept)}
    kept |= {root for root in places if root in told and before.get(root) == told[root]}
    skipped: Counter[str] = Counter()
    for root in kept:
        for row in parts[root]:
            del whole.rows[row.table][row.id]
            skipped[row.table] += 1
    left = {key: value for key, value in needs.items() if ("service", key) not in kept}
    new = {root: fingerprint for root, fingerprint in told.items() if before.get(root) != fingerprint}
    return Sifted(left, new, skipped, sum(table == "service" for table, _ in kept))


def keep_fingerprints(session: Session, fingerprints: Mapping[Root, str]) -> None:
    """Remember what was loaded."""
    rows = [{"resource_type": table, "resource_id": key, "fingerprint": value} for (table, key), value in fingerprints.items()]
    for some in in_batches(rows, _AT_ONCE):
        put = inserting(session, LoadedRecord)
        session.execute(
            put.on_conflict_do_update(index_elements=["resource_type", "resource_id"], set_={"fingerprint": put.excluded.fingerprint}),
            list(some),
        )


def forget_fingerprints(session: Session, services: Iterable[uuid.UUID]) -> None:
    """Let the next load of these services write over what people wrote here: somebody has decided so, or nobody wrote."""
    for some in in_batches(sorted(services)):
        query = delete(LoadedRecord).where(LoadedRecord.resource_type == "service", LoadedRecord.resource_id.in_(some))
        session.execute(query, execution_options={"synchronize_session": False})


def _hold(session: Session, ids: Iterable[uuid.UUID]) -> None:
    for some in in_batches(sorted(ids)):
        session.execute(select(Service.id).where(Service.id.in_(some)).order_by(Service.id).with_for_update())


def _parts(whole: Whole) -> Mapping[Root, list[Row]]:
    """Every service and place that is told of, with all rows that belong to it."""
    roots = Roots([], whole)
    found: dict[Root, list[Row]] = defaultdict(list)
    for table in TABLES:
        for row in whole.rows[table].values():
            root = roots.find(table, {**row.values, "id": row.id})
            if root and root[0] in _KEPT and root[1] in whole.rows[root[0]]:
                found[root].append(row)
    return found


def _fingerprint(rows: Iterable[Row], needs: NeedsOf | None) -> str:
    lines = sorted(
        repr((row.table, str(row.id), sorted((name, value) for name, value in row.values.items() if name not in _NOT_TOLD))) for row in rows
    )
    return hashlib.sha256("\n".join([*lines, repr(needs)]).encode("utf-8", "replace")).hexdigest()


def _fingerprints(session: Session, roots: Iterable[Root]) -> dict[Root, str]:
    key = tuple_(LoadedRecord.resource_type, LoadedRecord.resource_id)
    found: dict[Root, str] = {}
    for some in in_batches(sorted(roots)):
        rows = session.execute(select(LoadedRecord).where(key.in_(some))).scalars()
        found.update({(row.resource_type, row.resource_id): row.fingerprint for row in rows})
    return found


def _published_here(session: Session, services: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of these services, those whose record as it stands was published by people here."""
    at = (ServiceVersion.service_id == Service.id) & (ServiceVersion.number == Service.version) & (ServiceVersion.acted_by != "")
    found: set[uuid.UUID] = set()
    for some in in_batches(list(services)):
        found.update(session.scalars(select(Service.id).join(ServiceVersion, at).where(Service.id.in_(some))))
    return found


def _checked_here(session: Session, whole: Whole) -> set[uuid.UUID]:
    """Services that were checked later than their source says."""
    found: set[uuid.UUID] = set()
    for some in in_batches(list(whole.rows["service"])):
        for row in session.execute(select(Service.id, Service.assured_date).where(Service.id.in_(some))):
            told = whole.rows["service"][row.id].values.get("assured_date")
            if row.assured_date and (not isinstance(told, date) or row.assured_date > told):
                found.add(row.id)
    return found


def _places_of(session: Session, whole: Whole, services: set[Root]) -> set[uuid.UUID]:
    """The places of these services, as the source has them and as they are here; without those that are gone and others need."""
    theirs: set[object] = set()
    needed: set[object] = set()
    for at in whole.rows["service_at_location"].values():
        place = at.values["location_id"]
        (theirs if ("service", at.values["service_id"]) in services else needed).add(place)
    there: set[object] = set()
    for some in in_batches([key for _, key in services]):
        theirs.update(session.scalars(select(ServiceAtLocation.location_id).where(ServiceAtLocation.service_id.in_(some))))
    places = [place for place in theirs if isinstance(place, uuid.UUID)]
    for some in in_batches(places):
        there.update(session.scalars(select(Location.id).where(Location.id.in_(some))))
    return {place for place in places if place in there or place not in needed}
