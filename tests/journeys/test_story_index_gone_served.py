"""Several workers serve while somebody spoils the index under them, in place: nobody who searches sees an error."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from serving import Served, serving
from waiting import wait_until

WORDS = ("falls", "swimming", "money", "gardening", "benefits", "lunch", "carer", "housing")
ENOUGH = 10  # answers between one damage and the next, of each who searches


def truncate_in_place(index: Path) -> None:
    for file in (index / (index / "CURRENT").read_text().strip()).iterdir():
        os.truncate(file, 0)


def delete(index: Path) -> None:
    shutil.rmtree(index, ignore_errors=True)


def searching(site: Served, stop: Event, seen: Counter[str]) -> None:
    """Search until told to stop; what comes of it is counted in `seen`."""
    while not stop.is_set():
        answer = site.get(f"/en/search?q={WORDS[seen.total() % len(WORDS)]}+{seen.total()}")
        seen["answered" if answer.status == 200 and "data-service" in answer.body else f"{answer.status}"] += 1


def wait_for_more(counts: list[Counter[str]]) -> None:
    """Until everybody who searches has enough further answers."""
    wanted = [seen.total() + ENOUGH for seen in counts]
    wait_until(lambda: all(seen.total() >= least for seen, least in zip(counts, wanted, strict=True)), lambda: f"only {counts}")


def test_an_index_truncated_and_deleted_under_two_workers_costs_no_answer(demo_state: Path, tmp_path: Path) -> None:
    state = shutil.copytree(demo_state, tmp_path / "state")
    damages: tuple[Callable[[Path], None], ...] = (truncate_in_place, delete)
    with serving(state, workers=2) as site, ThreadPoolExecutor(2) as people:
        stop, counts = Event(), [Counter[str](), Counter[str]()]
        found = [people.submit(searching, site, stop, seen) for seen in counts]
        try:
            for damage in damages:
                wait_for_more(counts)
                damage(state / "index")
            wait_for_more(counts)
        finally:
            stop.set()
        assert [one.result() for one in found] == [None, None]
    assert [set(seen) for seen in counts] == [{"answered"}] * 2, counts
    assert "Traceback" not in site.log.read_text()
