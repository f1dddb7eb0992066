"""`portal load` of 2,000 listings is killed at each tenth of the time that it takes, while people search the site that it loads into.

Must hold: nothing of what was killed is there, or all of it; nobody who searches sees an error; the last load, which nobody kills, loads
all, and every listing of it is found.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
import uuid
from pathlib import Path

from faults.crowd import crowd, wait_for
from faults.states import settings_of
from faults.trial import Trial
from serving import PORTAL, serving

LISTINGS = 2_000
NAME = "Quillwander"
FOUND_IN = 90.0  # seconds


def run(trial: Trial) -> None:
    """Once to the end elsewhere, to know how long it takes; then killed nine times; then to the end."""
    elsewhere, state = trial.small("elsewhere"), trial.small()
    file = trial.folder / "many.json"
    file.write_text(json.dumps([_listing(number) for number in range(LISTINGS)]), "utf-8")
    trial.begin()
    whole = _load(elsewhere, file, None)
    trial.did(f"loaded {LISTINGS:,} listings elsewhere in {whole:.1f} s")
    with serving(state, workers=2) as site, crowd(site) as people:
        seen = set()
        for tenth in range(1, 10):
            _load(state, file, whole * tenth / 10)
            seen.add(_count(state))
        trial.did(f"killed the same load at nine tenths of that time; listings of it that were there afterwards: {sorted(seen)}")
        trial.held(seen <= {0, LISTINGS}, "none or all of it is there")
        _load(state, file, None)
        trial.held(_count(state) == LISTINGS, "the load that nobody killed loaded all")
        found = wait_for(lambda: f"{NAME}" in site.get(f"/en/search?q={NAME}").body.replace(f"value={NAME}", ""), FOUND_IN)
        status = subprocess.run(
            [PORTAL, "index", "status"], env=_environ(state), capture_output=True, text=True, check=False
        ).stdout.strip()
    trial.held(found is not None and "0 changes wait" in status, f"and search has followed: {status}")
    trial.held(not people.failed(), f"nobody saw an error: {dict(people.statuses())}")


def _load(state: Path, file: Path, kill_after: float | None) -> float:
    """How many seconds it took. Raises `CalledProcessError` where it fails by itself."""
    started = time.monotonic()
    command = [str(PORTAL), "load", str(file)]
    process = subprocess.Popen(command, env=_environ(state), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if process.wait(kill_after):
            raise subprocess.CalledProcessError(process.returncode, command)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return time.monotonic() - started


def _environ(state: Path) -> dict[str, str]:
    return {**os.environ, "PORTAL_STATE": str(state)}


def _count(state: Path) -> int:
    with sqlite3.connect(settings_of(state).database_url.removeprefix("sqlite:///")) as connection:
        counted = connection.execute("SELECT count(*) FROM service WHERE name LIKE ?", (f"{NAME} %",)).fetchone()
        return int(counted[0])


def _listing(number: int) -> dict[str, object]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"walk {number}")),
        "name": f"{NAME} {number}",
        "description": "We go out together and keep fit.",
        "status": "active",
        "organization": {"id": f"walkers {number % 100}", "name": f"Wanderers {number % 100}"},
        "schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "12:00", "closes_at": "14:00"}],
    }
