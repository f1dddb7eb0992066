"""A reader of feeds that is killed, wherever it is: the directory is sound, and whoever reads next goes on; nothing comes twice."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from feed_killing import counts, page_reached
from feed_server import HOST, OPTIONS, caller, feed_served, listing
from sqlalchemy import Engine

from portal import clock
from portal.config import CHECKOUT
from portal.db import open_engine, writing
from portal.directory.feeds.operations import add_feed
from portal.directory.feeds.pulling import pull
from portal.history.verifying import verify

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
LISTINGS = 23
PAGES = 2
FEW = 5 * PAGES - 2

# Reads the feed on port argv[2] into the database argv[1] and kills itself, as hard as can be, at step argv[3]: a request, flush or commit.
VICTIM = """
import os, signal, sys
from datetime import datetime
from unittest import mock
from sqlalchemy import event
from sqlalchemy.orm import Session
sys.path.insert(0, "tests")
from feed_server import OPTIONS, caller
from portal import clock
from portal.db import open_engine
from portal.directory.feeds.pulling import pull
from portal.outside import addresses

left = int(sys.argv[3])

def step(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Session, "before_commit", step)
event.listen(Session, "after_commit", step)
event.listen(Session, "after_flush", step)
asker = caller()
asker.wait = step
with mock.patch.dict(addresses.PORTS, {"http": int(sys.argv[2])}), clock.stopped_at(datetime.fromisoformat(sys.argv[4])):
    pull(open_engine(sys.argv[1]), asker, OPTIONS, "Next council")
print("whole", left)
"""


def add(engine: Engine) -> None:
    with writing(engine) as session:
        add_feed(session, HOST, "Next council", "", "test")


def run(engine: Engine, port: int, step: int, days: int) -> int:
    """A victim that dies at `step`; its exit code."""
    url = engine.url.render_as_string(hide_password=False)
    when = (NOW + timedelta(hours=days)).isoformat()
    return subprocess.run(
        [sys.executable, "-c", VICTIM, url, str(port), str(step), when], cwd=CHECKOUT, check=False, timeout=120
    ).returncode


def test_killed_at_any_step_the_next_one_comes_to_the_same_end(empty_database: Path, tmp_path: Path) -> None:
    known = shutil.copy(empty_database, tmp_path / "known.sqlite3")
    engine = open_engine(f"sqlite:///{known}")
    add(engine)
    engine.dispose()
    with feed_served() as feed:
        feed.put(*(listing(number) for number in range(FEW)))
        command = [sys.executable, "tests/feed_killing.py", known, tmp_path, str(feed.port), NOW.isoformat()]
        run = subprocess.run(command, cwd=CHECKOUT, check=True, timeout=600, stdout=subprocess.PIPE)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    for each in found:
        assert each["code"] == -signal.SIGKILL, each
        assert (each["was_sound"], each["ended"], each["problem"], each["is_sound"]) == (True, 0, None, True), each
        assert each["counts"] == found[0]["counts"], each
    assert (found[0]["counts"]["service"], found[0]["counts"]["phone"], found[0]["counts"]["organization"]) == (FEW, FEW, 7)
    kinds = Counter(each["kind"] for each in found)
    assert set(kinds) == {"before_commit", "after_commit", "after_flush", "request", "statement"}
    assert min(kinds.values()) > PAGES, "at least one of each kind for each page, and what is before and after them"
    assert {each["reached"] for each in found} >= set(range(PAGES + 1)), "wherever it was, what is read already was kept"


def test_killed_again_and_again_it_comes_to_its_end_and_nothing_comes_twice(postgresql: Engine) -> None:
    engine = postgresql
    add(engine)
    with feed_served() as feed:
        feed.put(*(listing(number) for number in range(LISTINGS)))
        reached, hours = [], 0
        for step in (2, 5, 9, 14, 3, 20, 7, 26):
            hours += 1  # by then nobody holds the round
            code = run(engine, feed.port, step, hours)
            if code == 0:
                break
            assert code == -signal.SIGKILL
            assert verify(engine).broken is None
            reached.append(page_reached(engine))
        with clock.stopped_at(NOW + timedelta(hours=hours + 1)):
            done = pull(engine, caller(), OPTIONS, "Next council")
        assert done
        assert done[0].problem is None
        assert max(reached) > 1, "some of what the killed ones read was kept"
        assert len([page for page in reached if page]) > 3
        after = counts(engine)
        assert after["service"] == LISTINGS
        assert after["phone"] == LISTINGS
        assert after["organization"] == 7
        with clock.stopped_at(NOW + timedelta(days=8)):
            again = pull(engine, caller(), OPTIONS, "Next council")
        assert again
        assert again[0].report.loaded == 0
        assert counts(engine) == after
        assert verify(engine).broken is None


def test_one_that_slept_for_too_long_writes_nothing_more(database: Engine) -> None:
    add(database)
    with feed_served() as feed:
        feed.put(*(listing(number) for number in range(LISTINGS)))
        slow = caller()
        asked = 0

        def another_reads() -> None:
            nonlocal asked
            asked += 1
            if asked == 4:
                with clock.stopped_at(NOW + timedelta(hours=1)):
                    done = pull(database, caller(), OPTIONS, "Next council")
                assert done
                assert done[0].report.loaded > 0

        slow.wait = another_reads
        with clock.stopped_at(NOW):
            assert pull(database, slow, OPTIONS, "Next council") is None
        assert counts(database)["service"] == LISTINGS
