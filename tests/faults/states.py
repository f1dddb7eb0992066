"""Directories for scenarios to spoil, made once a run: the demo borough, and larger ones in its likeness; an SQLite file each, at rest."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.borough import fill

from portal.config import Settings, from_environment
from portal.db import opened
from portal.web.holdings import hold
from portal.web.serving import first_listings, load_sources, prepare_database

SMALL: Final = 12  # organizations


def settings_of(state: Path, **environ: str) -> Settings:
    """Settings as a developer's, with everything that changes below `state`."""
    return from_environment({"PORTAL_STATE": str(state), **environ})


def demo_in(made: Path) -> Path:
    """The demo borough. Copy it; never write to it."""

    def make(state: Path) -> None:
        settings = settings_of(state)
        prepare_database(settings)
        first_listings(settings, lambda _line: None)

    return _once(made / "demo", make)


def small_in(made: Path) -> Path:
    """A few organizations of the demo borough. Copy it; never write to it."""

    def make(state: Path) -> None:
        settings = settings_of(state)
        prepare_database(settings)
        some = made / "some"
        some.mkdir(exist_ok=True)
        for file in sorted((settings.content / "directory").glob("*.yaml"))[:SMALL]:
            shutil.copy(file, some)
        load_sources(settings, [str(some)], dry_run=False, say=lambda _line: None)

    return _once(made / "small", make)


def filled_in(made: Path, listings: int) -> Path:
    """A directory of about so many listings. Copy it; never write to it."""

    def make(state: Path) -> None:
        settings = settings_of(state)
        prepare_database(settings)
        holdings = hold(settings)
        with opened(settings_of(demo_in(made)).database_url) as demo:
            fill(holdings.engine, demo, listings, max(200, listings // 7))
        holdings.index.rebuild()
        holdings.engine.dispose()

    return _once(made / f"filled-{listings}", make)


def _once(state: Path, make: Callable[[Path], None]) -> Path:
    """What is half made is made anew."""
    finished = state / "finished"
    if not finished.exists():
        shutil.rmtree(state, ignore_errors=True)
        make(state)
        at_rest(state)
        finished.touch()
    return state


def at_rest(state: Path) -> None:
    """Put the write-ahead log back into its file, so that the file alone is the database."""
    connection = sqlite3.connect(state / "instance" / "portal.sqlite3")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
