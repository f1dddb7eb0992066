"""What it costs to load, index, edit, fold and back up a directory of one size: run by `scale` in a process of its own.

Every figure is written as soon as it is known, a line of JSON each, so that what was measured stays when the rest takes too long.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

import structlog
from bench.borough import fill
from faults.states import settings_of
from msgspec.structs import replace
from sqlalchemy import Engine, make_url, select, text

from portal.backup.taking import take
from portal.config import Settings
from portal.db import opened, reading, writing
from portal.directory.models import Service
from portal.directory.publishing import Target, publish
from portal.directory.records import find_records
from portal.history import Act
from portal.search.folding import CHANGED_SHARE, FEWEST_CHANGES, MOST_CHANGES
from portal.search.generation import OWN, current_name
from portal.search.index import Index
from portal.web.holdings import Holdings, hold
from portal.web.serving import prepare_database

EDITS: Final = 9
TOLD: Final = Act("approved", "bench")


def main() -> None:
    """Measure `size` listings in the folder `state`, from those of the demo at the URL `demo`. `--url` names another database."""
    state, demo, size, gigabytes, url = sys.argv[1:]
    bound(float(gigabytes))
    settings = settings_of(Path(state), **({"PORTAL_DATABASE_URL": url} if url else {}))
    prepare_database(settings)
    holdings = hold(settings)
    with timed("load"), opened(demo) as models:
        fill(holdings.engine, models, int(size), max(200, int(size) // 7))
    _settle(holdings.engine)
    say(database_mb=_database_bytes(holdings.engine, settings) / 1e6)
    _build(holdings, settings)
    _edit(holdings)
    with timed("backup"):
        taken = take(holdings.engine, Path(state) / "backups", settings.secret_key)
    say(backup_mb=_folder_bytes(taken.place) / 1e6, rows=taken.rows)


def bound(gigabytes: float) -> None:
    """So much memory for this process; and what is logged goes where figures do not."""
    resource.setrlimit(resource.RLIMIT_DATA, (int(gigabytes * 2**30),) * 2)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def say(**figures: float) -> None:
    """Write figures."""
    print(json.dumps(figures), flush=True)


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Say how many seconds the context took by the clock (`…_s`), and of the processor with what it started (`…_cpu_s`)."""
    began, used = time.perf_counter(), _used()
    yield
    say(**{f"{name}_s": time.perf_counter() - began, f"{name}_cpu_s": _used() - used})


def _used() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _build(holdings: Holdings, settings: Settings) -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak of memory begins anew
    with timed("build"):
        holdings.index.rebuild()
    peak = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM"))
    generation = settings.index / current_name(settings.index)
    say(
        build_peak_mb=int(peak.split()[1]) / 1024,
        index_mb=_folder_bytes(generation) / 1e6,
        listings=holdings.index.snapshot().generation.count,
    )


def _edit(holdings: Holdings) -> None:
    """Edits one by one; then as many at once as the delta holds before it is folded, single ones beside those, and the folding."""
    reader = hold_reader(holdings)
    due = round(max(FEWEST_CHANGES, min(MOST_CHANGES, CHANGED_SHARE * reader.snapshot().generation.base.size)))
    ids = _some(holdings.engine, EDITS * 2 + due)
    say(**_edits(holdings, reader, ids[:EDITS], "edit"))
    own = holdings.index.folder / current_name(holdings.index.folder)
    say(edit_mb=sum((own / name).stat().st_size for name in OWN) / 1e6)
    with timed("many_commit"):
        publish_all(holdings.engine, ids[EDITS * 2 :])
    with timed("many_follow"):
        holdings.index.follow()
    say(**_edits(holdings, reader, ids[EDITS : EDITS * 2], "late_edit"))
    with timed("fold"):
        is_folded = holdings.index.fold()
    if not is_folded:
        raise RuntimeError("nothing was folded")


def hold_reader(holdings: Holdings) -> Index:
    """Another index of the same folder, as another worker has it open."""
    index = holdings.index
    reader = Index(index.folder, holdings.engine, index._origin, index._laywords)
    reader.snapshot()
    return reader


def _some(engine: Engine, number: int) -> list[uuid.UUID]:
    with reading(engine) as session:
        ids = session.scalars(select(Service.id).where(Service.status == "active").order_by(Service.id)).all()
    return [ids[at * len(ids) // number] for at in range(number)]


def _edits(holdings: Holdings, reader: Index, ids: Sequence[uuid.UUID], name: str) -> dict[str, float]:
    """Seconds of the median edit: to its commit, until there is a generation with it, until a reader has that open; and of the longest.

    Of the processor, the mean of all.
    """
    steps: list[tuple[float, ...]] = []
    used = _used()
    for service_id in ids:
        steps.append(_timings(lambda each=service_id: publish_all(holdings.engine, [each]), holdings.index.follow, reader.snapshot))  # type: ignore[misc]
    commit, follow, opening = (statistics.median(column) for column in zip(*steps, strict=True))
    whole = sorted(sum(each) for each in steps)
    return {
        f"{name}_commit_s": commit,
        f"{name}_follow_s": follow,
        f"{name}_open_s": opening,
        f"{name}_s": statistics.median(whole),
        f"{name}_longest_s": whole[-1],
        f"{name}_cpu_s": (_used() - used) / len(ids),
    }


def _timings(*steps: Callable[[], object]) -> tuple[float, ...]:
    taken = []
    for step in steps:
        began = time.perf_counter()
        step()
        taken.append(time.perf_counter() - began)
    return tuple(taken)


def publish_all(engine: Engine, ids: Sequence[uuid.UUID]) -> None:
    """Publish another description of each, in one transaction, as an approval does."""
    with writing(engine) as session:
        for service_id, known in find_records(session, ids).items():
            words = f"{known.record.description} Ask for {uuid.uuid4().hex[:8]}."
            publish(session, Target(known.organization_id, service_id), replace(known.record, description=words), TOLD)


def _settle(engine: Engine) -> None:
    """Let the database do what it would do by itself some minutes later."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def _database_bytes(engine: Engine, settings: Settings) -> int:
    if engine.dialect.name == "sqlite":
        return Path(make_url(settings.database_url).database or "").stat().st_size
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def _folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


if __name__ == "__main__":
    main()
