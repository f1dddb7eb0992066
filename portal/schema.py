"""The database's shape over time: migrations up and down, and whether a database is at the newest."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

NEWEST = "head"


def _config(engine: Engine | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, to: str = NEWEST) -> None:
    """Bring the database up to revision `to`."""
    command.upgrade(_config(engine), to)


def upgrade_within(connection: Connection) -> None:
    """Bring a database up to the newest revision in the caller's transaction, which may still undo it."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database down to revision `to` (`base` for nothing at all)."""
    command.downgrade(_config(engine), to)


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
