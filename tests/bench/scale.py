"""`make bench-scale`: how cost grows with the number of listings. One directory of each size; a table, `measured.json` and curves out.

Each size is loaded, indexed, edited and backed up in a process of its own, and served by another (see `scale_writing`, `scale_serving`), so
that memory is honest. A size that does not fit or is not done in time is reported with what was measured of it, and no larger one is
tried: nothing here is worked out from smaller sizes. All listings are of one area; a country is many areas.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.curves import draw_all, table_of
from faults.postgres import cluster
from faults.states import demo_in, settings_of

SIZES: Final = "1000,5000,20000,50000,100000,200000,500000"
HERE: Final = Path(__file__).parent
LATE: Final = "not done in time"
Row = dict[str, Any]


def main() -> None:
    """Measure, and write what was measured after each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES, help="listings, from the smallest")
    parser.add_argument("--postgresql", default="", help="sizes that are measured on PostgreSQL too")
    parser.add_argument("--patience", type=float, default=60.0, help="minutes for one size")
    parser.add_argument("--gigabytes", type=float, default=8.0, help="memory that one process may take")
    parser.add_argument("--into", type=Path, default=Path("scale"), help="folder for the table and the curves; what is there is kept")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    file = given.into / "measured.json"
    rows: list[Row] = json.loads(file.read_text("utf-8")) if file.exists() else []
    with tempfile.TemporaryDirectory(prefix="portal-scale-") as name:
        for row in measured(Path(name), given):
            rows = [*(it for it in rows if _what(it) != _what(row)), row]
            rows.sort(key=_what)
            file.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
            draw_all(rows, given.into)
    print(table_of(rows))


def _what(row: Row) -> tuple[str, int]:
    return row["database"], row["size"]


def measured(folder: Path, given: argparse.Namespace) -> Iterator[Row]:
    """One row for each database and size, until one is not done."""
    demo = settings_of(demo_in(folder)).database_url
    for database, sizes in (("sqlite", given.sizes), ("postgresql", given.postgresql)):
        for size in sorted(map(int, filter(None, sizes.split(",")))):
            with _address(database) as url:
                row = _measure(folder / f"{database}{size}", (demo, url), size, given)
            yield {"database": database, "size": size, **row}
            if "failed" in row:
                print(f"{size:,} on {database}: {row['failed']}; nothing larger is tried")
                break


@contextmanager
def _address(database: str) -> Iterator[str]:
    """The URL of an empty database; none for a file in the folder of the state."""
    if database == "sqlite":
        yield ""
        return
    with cluster() as server:
        yield server.url


def _measure(state: Path, urls: tuple[str, str], size: int, given: argparse.Namespace) -> Row:
    """What both processes said of one size, and under "failed" why there is no more."""
    row: Row = {}
    end, most = time.monotonic() + given.patience * 60, str(given.gigabytes)
    print(f"{size:,} listings …", file=sys.stderr, flush=True)
    try:
        for program, words in (
            ("scale_writing.py", (str(state), urls[0], str(size), most, urls[1])),
            ("scale_serving.py", (str(state), most, urls[1])),
        ):
            if failed := _run([sys.executable, str(HERE / program), *words], row, end):
                return {**row, "failed": failed}
    finally:
        shutil.rmtree(state, ignore_errors=True)
    return row


def _run(command: list[str], row: Row, end: float) -> str:
    """Put the figures that a process writes into `row`. Why it did not end well; empty when it did."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        alarm = threading.Timer(max(0.0, end - time.monotonic()), os.killpg, (process.pid, signal.SIGKILL))
        alarm.daemon = True
        alarm.start()
        said: list[str] = []
        listening = threading.Thread(target=lambda: said.extend(process.stderr or ()))
        listening.start()
        for line in process.stdout or ():
            print(f"  {line.strip()}", file=sys.stderr, flush=True)
            row.update(json.loads(line))
        status = process.wait()
        alarm.cancel()
        listening.join()
    if status == 0:
        return ""
    return LATE if time.monotonic() >= end else f"{Path(command[1]).name} ended with {status}: {(said or ['nothing said'])[-1].strip()}"


if __name__ == "__main__":
    main()
