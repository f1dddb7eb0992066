"""The database's shape over time: migrations up and down, and whether a database is at the newest."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from portal.errors import Conflict

NEWEST: Final = "head"
LOCK: Final = 7_305_411  # any number: the portal's own among PostgreSQL's advisory locks
LOCK_NOT_AVAILABLE: Final = "55P03"  # PostgreSQL's code
PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before the next try
log = structlog.get_logger(__name__)


def _config(engine: Engine | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, to: str = NEWEST) -> None:
    """Bring the database up to revision `to`. Raises `Conflict` where others hold what it needs for all that time."""
    _patiently(partial(command.upgrade, _config(engine), to))


def upgrade_within(connection: Connection) -> None:
    """Bring a database up to the newest revision in the caller's transaction, which may still undo it."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database down to revision `to` (`base` for nothing at all). Raises `Conflict` as `upgrade`."""
    _patiently(partial(command.downgrade, _config(engine), to))


def _patiently(migrate: Callable[[], None]) -> None:
    """Try again where a lock could not be had. Each migration is a transaction: what was not done is not half done."""
    for seconds in PAUSES:
        try:
            migrate()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                raise
            log.warning("a migration waits for others", again_in=seconds)
            time.sleep(seconds)
        else:
            return
    raise Conflict(
        "The database could not be changed: somebody holds a table that a migration needs. Nothing is half done. "
        "Look for long transactions (SELECT * FROM pg_stat_activity), end them, and try again."
    )


def is_newest(engine: Engine) -> bool:
    """Whether the database has every migration."""
    with engine.connect() as connection:
        return revision_of(connection) == newest()


def revision_of(connection: Connection) -> str | None:
    """Which migration a database had last; None where it had none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest migration of this version of the portal."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def standing(connection: Connection) -> str:
    """How a database stands to this version of the portal: "ok", "behind" where it lacks a migration, "ahead" where it has newer ones."""
    found, scripts = revision_of(connection), ScriptDirectory.from_config(_config())
    known = [script.revision for script in scripts.walk_revisions()]
    if found == known[0]:
        return "ok"
    return "behind" if found is None or found in known else "ahead"
