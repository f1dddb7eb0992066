"""The list of what was deleted on purpose, kept beside the backups; and a restored database brought in line with it.

The list grows with each backup and each minute that `portal backup --purges-only` is run: a backup is of one moment, and what was
deleted after it can be known from here only.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import ColumnElement, Connection, Table, Text, cast, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.people.forgetting import forget
from portal.backup.folder import PURPOSE
from portal.backup.models import LASTS, LETTER, PERSON, WHAT, WITHDRAWN, Purged
from portal.db import Base
from portal.disk import sync
from portal.errors import SourceError
from portal.sealing import key_of_site
from portal.sharing.asking.models import ContactRequest, State

FILE: Final = "purged.json"
AT_ONCE: Final = 500
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Entry:
    """One deletion, as `Purged`."""

    id: uuid.UUID
    what: str
    key: str
    purged_at: datetime


@dataclass(frozen=True)
class PurgeList:
    """Every deletion up to the moment `until`. `code` is one that only the site's secret makes."""

    until: datetime
    entries: tuple[Entry, ...]
    code: str = field(default="", repr=False)

    def signed(self, secret: str) -> PurgeList:
        """As it is, with its code."""
        written = msgspec.json.encode(replace(self, code=""), order="sorted")
        return replace(self, code=hmac.new(key_of_site(secret, PURPOSE).secret, written, hashlib.sha256).hexdigest())


def read_from(connection: Connection, until: datetime) -> PurgeList:
    """What the database says was deleted."""
    rows = connection.execute(select(Purged.id, Purged.what, Purged.key, Purged.purged_at).order_by(Purged.purged_at, Purged.id))
    return PurgeList(until, tuple(Entry(*row) for row in rows))


def save(backups: Path, found: PurgeList, secret: str) -> None:
    """Put what was deleted into the list beside the backups, whole or not at all. The caller holds the folder."""
    path = backups / FILE
    before: tuple[Entry, ...] = ()
    if path.exists():
        try:
            before = load(path, secret).entries
        except SourceError as error:  # the database has a year of it: the list goes on without the damaged one
            log.warning("list of deletions put aside", reason=str(error))
            path.replace(backups / f"purged.damaged-{clock.now():%Y%m%dT%H%M%SZ}.json")
    known = {entry.id: entry for entry in (*before, *found.entries) if entry.purged_at > found.until - LASTS}
    entries = tuple(sorted(known.values(), key=lambda entry: (entry.purged_at, entry.id)))
    draft = backups / f".{FILE}"
    draft.write_bytes(msgspec.json.encode(PurgeList(found.until, entries).signed(secret)))
    sync(draft)
    draft.replace(path)
    sync(backups)


def load(path: Path, secret: str) -> PurgeList:
    """The list at `path`. Raises `SourceError` where it is not as it was written."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=PurgeList)
    except (OSError, msgspec.DecodeError) as error:
        raise SourceError(f"{path} cannot be read: without it, what people had deleted would come back.") from error
    if not hmac.compare_digest(found.signed(secret).code, found.code):
        raise SourceError(f"{path} is damaged, or of another site: it is not as it was written.")
    return found


def apply(session: Session, entries: Iterable[Entry]) -> int:
    """Delete again what was deleted after the backup was made; how many deletions that were. Never commits."""
    done = set(session.scalars(select(Purged.id)))
    by_what: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.id not in done:
            by_what[entry.what].append(entry)
    for what, some in by_what.items():
        for start in range(0, len(some), AT_ONCE):
            _delete_again(session, what, [entry.key for entry in some[start : start + AT_ONCE]])
    rows = [{name: getattr(entry, name) for name in ("id", "what", "key", "purged_at")} for some in by_what.values() for entry in some]
    if rows:
        session.connection().execute(insert(Purged), rows)
    return len(rows)


def _delete_again(session: Session, what: str, keys: list[str]) -> None:
    options: dict[str, Any] = {"synchronize_session": False}
    if what == PERSON:
        forget(session, [uuid.UUID(key) for key in keys])
    elif what == WITHDRAWN:
        is_it = _key_in(ContactRequest.__tablename__, ("id",), keys)
        nothing = {"sealed": b"", "reply": b"", "locality": b"", "state": State.WITHDRAWN, "closed_at": clock.now()}
        session.execute(update(ContactRequest).where(is_it).values(**nothing), execution_options=options)
    else:
        columns = ("id",) if what == LETTER else WHAT[what]
        session.execute(delete(_table(what)).where(_key_in(what, columns, keys)), execution_options=options)


def _key_in(table: str, columns: tuple[str, ...], keys: list[str]) -> ColumnElement[bool]:
    """Whether a row's key is one of these. Ids have dashes in one database and none in another."""
    key: ColumnElement[str] = cast(_table(table).c[columns[0]], Text)
    for name in columns[1:]:
        key = key.concat(literal(" ")).concat(cast(_table(table).c[name], Text))
    return func.replace(key, "-", "").in_([one.replace("-", "") for one in keys])


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
