"""A whole directory of any size in a database: the demo's tables in, the same rows again and again with other ids, out.

Unlike `corpus`, which makes what an index holds, every part of a listing is there: places, sessions, prices, telephone numbers. One
organization in the middle has a great many listings, a third of all have not been checked for too long, and every listing has the line
of history that a load leaves.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from bench.corpus import SEED
from sqlalchemy import Engine, Table, Uuid, func, insert, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Base, reading, writing
from portal.directory.models import Organization, Service
from portal.history import Act, Line, record_many

COPIED: Final = (  # in the order of their references
    "organization",
    "organization_identifier",
    "service",
    "location",
    "address",
    "accessibility",
    "service_at_location",
    "service_area",
    "service_need",
    "service_translation",
    "schedule",
    "holiday_schedule",
    "contact",
    "phone",
    "language",
    "cost_option",
    "required_document",
    "funding",
)
OF_ORGANIZATIONS: Final = ("organization", "organization_identifier")
LARGE: Final = 600  # listings of one organization
AT_ONCE: Final = 5_000  # rows
_SPREAD: Final = 0x9E3779B97F4A7C15F39CC0605CEDC834  # so that ids of copies lie all over the tables' trees, as real ones do
Row = dict[str, Any]


def fill(engine: Engine, demo: Engine, services: int, organizations: int) -> uuid.UUID:
    """Fill a migrated database with about so many of each. The id of the organization that has `LARGE` of the services."""
    models = {name: _rows(demo, Base.metadata.tables[name]) for name in COPIED}
    copies = -(-services // len(models["service"]))
    shared = max(1, round(copies * len(models["organization"]) / organizations))  # copies of the services to one of an organization
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    with writing(engine) as session:
        for name in COPIED:
            _put(session, Base.metadata.tables[name], _copied(name, models, (copies, shared), chance))
        large = _make_large(session)
        act, ids = Act("loaded", "bench"), session.scalars(select(Service.id)).all()
        record_many(session, (Line(("service", each), act, {"name": ["", "a listing"]}) for each in ids))
    return large


def _rows(demo: Engine, table: Table) -> list[Row]:
    with reading(demo) as session:
        return [dict(row) for row in session.execute(select(table)).mappings()]


def _copied(name: str, models: dict[str, list[Row]], numbers: tuple[int, int], chance: random.Random) -> Iterator[Row]:
    copies, shared = numbers
    table = Base.metadata.tables[name]
    keys = [column.name for column in table.columns if isinstance(column.type, Uuid)]
    for copy in range(0, copies, shared if name in OF_ORGANIZATIONS else 1):
        for number, model in enumerate(models[name]):
            row = {**model, **{key: _other(model[key], *_copy_of(name, key, (copy, shared))) for key in keys if model[key]}}
            yield _told_apart(name, row, (copy, number), (models, chance))


def _copy_of(name: str, key: str, numbers: tuple[int, int]) -> tuple[int]:
    """Which copy of the row that a key names: organizations are shared by several copies of their services."""
    copy, shared = numbers
    is_organization = key in ("organization_id", "parent_organization_id") or name == "organization"
    return (copy // shared * shared if is_organization else copy,)


def _other(key: uuid.UUID, copy: int) -> uuid.UUID:
    return uuid.UUID(int=key.int ^ copy * _SPREAD % 2**128)


def _told_apart(name: str, row: Row, place: tuple[int, int], source: tuple[dict[str, list[Row]], random.Random]) -> Row:
    """Names that differ, words of others mixed in, and days of checking: most lately, a third too long ago."""
    models, chance = source
    copy, number = place
    if name == "organization":
        row["name"] = f"{row['name']} {copy}" if copy else row["name"]
    if name == "service":
        other = chance.choice(models["service"])
        row["name"] = f"{row['name']} {other['name'].split()[-1]} {copy * len(models['service']) + number}"
        row["description"] = f"{row['description']} {chance.choice(other['description'].split('. '))}"
        days = chance.randrange(190, 500) if chance.random() < 1 / 3 else chance.randrange(1, 180)
        row["assured_date"] = clock.today() - timedelta(days=days)
    return row


def _put(session: Session, table: Table, rows: Iterator[Row]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        session.execute(insert(table), some)


def _make_large(session: Session) -> uuid.UUID:
    """Give one organization listings of others."""
    middle = session.scalars(select(Organization.id).order_by(Organization.name).offset(100).limit(1)).one()
    own = session.scalar(select(func.count()).select_from(Service).where(Service.organization_id == middle)) or 0
    some: Sequence[uuid.UUID] = session.scalars(
        select(Service.id).where(Service.organization_id != middle).order_by(Service.id).limit(LARGE - own)
    ).all()
    for start in range(0, len(some), 500):
        session.execute(update(Service).where(Service.id.in_(some[start : start + 500])).values(organization_id=middle))
    return middle
