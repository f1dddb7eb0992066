"""Several workers serve while somebody spoils the index under them, in place: nobody who searches sees an error."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from serving import Served, serving

WORDS = ("falls", "swimming", "money", "gardening", "benefits", "lunch", "carer", "housing")
A_WHILE = 1.5  # seconds of searching between one damage and the next


def truncate_in_place(index: Path) -> None:
    for file in (index / (index / "CURRENT").read_text().strip()).iterdir():
        os.truncate(file, 0)


def delete(index: Path) -> None:
    shutil.rmtree(index, ignore_errors=True)


def searching(site: Served, stop: Event) -> Counter[str]:
    """Search until told to stop; what came of it, counted."""
    seen: Counter[str] = Counter()
    while not stop.is_set():
        answer = site.get(f"/en/search?q={WORDS[seen.total() % len(WORDS)]}+{seen.total()}")
        seen["answered" if answer.status == 200 and "data-service" in answer.body else f"{answer.status}"] += 1
    return seen


def test_an_index_truncated_and_deleted_under_two_workers_costs_no_answer(demo_state: Path, tmp_path: Path) -> None:
    state = shutil.copytree(demo_state, tmp_path / "state")
    damages: tuple[Callable[[Path], None], ...] = (truncate_in_place, delete)
    with serving(state, workers=2) as site, ThreadPoolExecutor(2) as people:
        stop = Event()
        found = [people.submit(searching, site, stop) for _ in range(2)]
        for damage in damages:
            time.sleep(A_WHILE)
            damage(state / "index")
        time.sleep(A_WHILE)
        stop.set()
        counted = sum((one.result() for one in found), Counter())
    assert set(counted) == {"answered"}, counted
    assert counted["answered"] > 20
    assert "Traceback" not in site.log.read_text()
