"""The database's shape over time: migrations up and down, and whether a database is at the newest.

Each worker is asked again and again how its database stands: that is told from the names of files. Alembic comes with what migrates.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from portal.errors import Conflict, NotFound

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS: Final = Path(__file__).parent / "migrations"
REVISIONS: Final = tuple(sorted(it.name.partition("_")[0] for it in (MIGRATIONS / "versions").glob("[0-9]*.py")))  # the oldest first
NEWEST: Final = "head"
LOCK: Final = 7_305_411  # any number: the portal's own among PostgreSQL's advisory locks
LOCK_NOT_AVAILABLE: Final = "55P03"  # PostgreSQL's code
PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before the next try
log = structlog.get_logger(__name__)


def _config(engine: Engine | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, to: str = NEWEST) -> None:
    """Bring the database up to revision `to`. Raises `NotFound` for none, `Conflict` where others hold what it needs for all that time."""
    from alembic import command

    _patiently(partial(command.upgrade, _config(engine), to))


def upgrade_within(connection: Connection) -> None:
    """Bring a database up to the newest revision in the caller's transaction, which may still undo it."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database down to revision `to` (`base` for nothing at all). Raises as `upgrade`."""
    from alembic import command

    _patiently(partial(command.downgrade, _config(engine), to))


def _patiently(migrate: Callable[[], None]) -> None:
    """Try again where a lock could not be had. Each migration is a transaction: what was not done is not half done."""
    from alembic.util import CommandError

    for seconds in PAUSES:
        try:
            migrate()
        except CommandError as error:
            raise NotFound(str(error)) from error
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
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def newest() -> str:
    """The newest migration of this version of the portal."""
    return REVISIONS[-1]


def standing(connection: Connection) -> str:
    """How a database stands to this version of the portal: "ok", "behind" where it lacks a migration, "ahead" where it has newer ones."""
    found = revision_of(connection)
    if found == newest():
        return "ok"
    return "behind" if found is None or found in REVISIONS else "ahead"
