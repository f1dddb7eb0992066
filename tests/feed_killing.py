"""Reads a feed and is killed, at every step in turn; then reads on to the end. One line of JSON for each step says what then is there.

`python tests/feed_killing.py database folder port moment`: `database` is an SQLite file that knows the feed, and is only copied. Each
reader is a fork of this process, which has imported everything and opened nothing: that takes a tenth of the time of a new process.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from feed_server import OPTIONS, caller
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Base, open_engine, reading
from portal.directory.feeds.models import FeedReading
from portal.directory.feeds.pulling import pull
from portal.history.verifying import verify
from portal.outside import addresses

NAME = "Next council"
WITHOUT = {"feed", "feed_listing", "feed_page", "feed_round", "feed_reading", "change", "history_head"}
SAMPLED = 12  # statements, of all those between two commits
SEED = 20261124


def counts(engine: Engine) -> dict[str, int]:
    """Rows by table, without those of the reading itself."""
    with reading(engine) as session:
        tables = [table for name, table in Base.metadata.tables.items() if name not in WITHOUT]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def page_reached(engine: Engine) -> int:
    """The page at which whoever reads next goes on; 0 where no reading has begun, or it is over."""
    with reading(engine) as session:
        about = session.scalars(select(FeedReading)).one_or_none()
        return about.page if about else 0


@dataclass
class Steps:
    """Counts the steps of a reading by kind, and kills this process, as hard as can be, at the one of `kind` with this `number`."""

    kind: str = ""
    number: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def watch(self, engine: Engine) -> None:
        for name in ("before_commit", "after_commit", "after_flush"):
            event.listen(Session, name, lambda *_, name=name: self.take(name))
        event.listen(engine, "before_cursor_execute", lambda *_: self.take("statement"))

    def take(self, kind: str) -> None:
        self.seen[kind] += 1
        if (kind, self.seen[kind]) == (self.kind, self.number):
            os.kill(os.getpid(), signal.SIGKILL)


def read_feed(database: str, port: int, moment: datetime, steps: Steps) -> tuple[Engine, Any]:
    """One reading, with its steps."""
    engine, asker = open_engine(database), caller()
    steps.watch(engine)
    asker.wait = lambda: steps.take("request")
    with mock.patch.dict(addresses.PORTS, {"http": port}), clock.stopped_at(moment):
        return engine, pull(engine, asker, OPTIONS, NAME)


def steps_of(database: str, port: int, moment: datetime, steps: Steps) -> dict[str, Any]:
    """How many steps of each kind one reading takes."""
    read_feed(database, port, moment, steps)
    return dict(steps.seen)


def in_fork(act: Callable[[], dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """How a fork that does `act` ended (0, or less a signal's number), and what it found."""
    out, back = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(back, json.dumps(act()).encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(back)
    with os.fdopen(out, "rb") as said:
        text = said.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), json.loads(text or b"{}")


def main(empty: Path, folder: Path, port: int, moment: datetime) -> None:
    """Every step that is one by itself, and a sample of the statements."""

    def copied() -> str:
        for left in folder.glob("portal.sqlite3*"):
            left.unlink()
        return f"sqlite:///{shutil.copy(empty, folder / 'portal.sqlite3')}"

    _, whole = in_fork(partial(steps_of, copied(), port, moment, Steps()))
    statements = whole.pop("statement")
    every = [(kind, number) for kind, most in whole.items() for number in range(1, most + 1)]
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    every += [("statement", number) for number in sorted(chance.sample(range(1, statements + 1), SAMPLED))]
    for kind, number in every:
        database = copied()
        code, _ = in_fork(partial(steps_of, database, port, moment, Steps(kind, number)))
        ended, found = in_fork(partial(read_on, database, port, moment + timedelta(hours=1)))
        print(json.dumps({"kind": kind, "number": number, "code": code, "ended": ended, **found}), flush=True)


def read_on(database: str, port: int, moment: datetime) -> dict[str, Any]:
    """What a killed reader left, and what is there when the next one has come to its end."""
    left = open_engine(database)
    said = {"was_sound": verify(left).broken is None, "reached": page_reached(left)}
    left.dispose()
    engine, done = read_feed(database, port, moment, Steps())
    said |= {"problem": done[0].problem, "counts": counts(engine), "is_sound": verify(engine).broken is None}
    return said


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), datetime.fromisoformat(sys.argv[4]))
