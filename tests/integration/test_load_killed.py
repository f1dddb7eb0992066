"""A load that is killed, wherever it is, leaves what was there before, and the next load works."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.config import CHECKOUT
from portal.db import Base, open_engine, reading
from portal.directory.openreferral.loading import LoadOptions, load
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy

OPTIONS = LoadOptions(load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml"), load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml"))
SERVICES = 400

# Loads argv[2] into the database argv[1] and kills itself, as hard as can be, when `argv[3]` has been said `argv[4]` times.
VICTIM = """
import os, signal, sys
from portal.config import CHECKOUT
from portal.db import open_engine
from portal.directory.openreferral import applying
from portal.directory.openreferral.loading import LoadOptions, load
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy

applying.AT_ONCE = 100
label, left = sys.argv[3], int(sys.argv[4])

def progress(done, total, said):
    global left
    left -= said == label
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

content = CHECKOUT / "content"
options = LoadOptions(load_taxonomy(content / "taxonomy.yaml"), load_rules(content / "taxonomy_rules.yaml"), progress=progress)
load(open_engine(sys.argv[1]), [sys.argv[2]], options)
"""


def listing(number: int) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))),
        "name": f"Lunch club {number}",
        "status": "active",
        "organization": {"id": f"org-{number % 50}", "name": f"Friends {number % 50}"},
        "phones": [{"number": f"01632 960 {number % 1000:03}"}],
        "schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "12:00", "closes_at": "14:00"}],
    }


def counts(url: str) -> dict[str, int]:
    engine = open_engine(url)
    with reading(engine) as session:
        found = {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in Base.metadata.tables.items()}
    engine.dispose()
    return found


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'killed.sqlite3'}"
    engine = open_engine(url)
    Base.metadata.create_all(engine)
    first = tmp_path / "first.json"
    first.write_text(json.dumps([listing(number) for number in range(5)]), "utf-8")
    load(engine, [str(first)], OPTIONS)
    engine.dispose()
    return url


def test_a_killed_load_leaves_nothing_behind_and_the_next_one_works(url: str, tmp_path: Path) -> None:
    everything = tmp_path / "everything.json"
    everything.write_text(json.dumps([listing(number) for number in range(3, SERVICES)]), "utf-8")
    before = counts(url)
    for label, times in (("Checking", 1), ("Comparing", 19), ("Writing", 1), ("Writing", 5), ("Writing", 13)):
        victim = subprocess.run(
            [sys.executable, "-c", VICTIM, url, str(everything), label, str(times)], cwd=CHECKOUT, check=False, timeout=120
        )
        assert victim.returncode == -signal.SIGKILL, f"{label} was not said {times} times"
        assert counts(url) == before
    engine = open_engine(url)
    report = load(engine, [str(everything)], OPTIONS)
    assert report.services == SERVICES - 3
    assert load(engine, [str(everything)], OPTIONS).writes == 0
    engine.dispose()
    assert counts(url)["service"] == SERVICES
