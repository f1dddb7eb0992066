"""The machine's clock jumps two hours ahead and back under a site that people use; and days come that are unlike others.

Must hold: pages are answered throughout, and nobody is kept out by a limit that was begun before the jump; a form sent after it is taken.
On 29 February, in the hours when summer time begins and ends, at midnight and at the turn of the year every kind of page is answered
without an error, and everything that is done each minute is done.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from faults.crowd import SEARCHES, URGENT, crowd
from faults.states import settings_of
from faults.trial import NotShown, Trial
from page_types import page_types
from serving import Served, serving
from structlog.testing import capture_logs

from portal import clock
from portal.web.app import create_app
from portal.web.holdings import hold
from portal.web.logs import configure_logs
from portal.web.serving import load_sources, prepare_database
from portal.web.tending import tend

LIBRARY = (Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"), Path("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"))
JUMPS = ("+0", "+7200", "+0", "-7200", "+0")  # seconds beside the true time
POSTS = 31  # one more than a minute allows
MOMENTS = {
    "29 February": datetime(2028, 2, 29, 10, 30, tzinfo=UTC),
    "the minute before summer time": datetime(2027, 3, 28, 0, 59, 30, tzinfo=UTC),
    "the hour that summer time leaves out": datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    "the hour that comes twice, first": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "the hour that comes twice, again": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    "the last second of a year": datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    "midnight": datetime(2027, 1, 1, 0, 0, tzinfo=UTC),
}


def run(trial: Trial) -> None:
    """Days first, in one process; then the jumps, as it is served."""
    trial.begin()
    _days(trial)
    _jumps(trial)


def _days(trial: Trial) -> None:
    configure_logs()
    state = trial.demo("days")
    settings = settings_of(state)
    app, holdings = create_app(settings), hold(settings)
    pages = page_types(holdings.engine)
    trial.small("unused")
    with clock.stopped_at(MOMENTS["29 February"]):
        again = settings_of(trial.folder / "leap")
        prepare_database(again)
        load_sources(again, [str(trial.made / "some")], dry_run=False, say=lambda _line: None)
        trial.did("loaded listings on 29 February")
    for name, moment in MOMENTS.items():
        with clock.stopped_at(moment), capture_logs() as lines:
            statuses = {page: app.test_client().get(f"/en{address}").status_code for page, address in pages.items()}
            tend(settings, holdings)
        wrong = {page: status for page, status in statuses.items() if status >= 500}
        undone = [line["what"] for line in lines if line["event"] == "not tended"]
        trial.held(
            not wrong and not undone, f"{name}: {len(statuses)} kinds of page answered {wrong or ''} and all was tended {undone or ''}"
        )
    holdings.engine.dispose()


def _jumps(trial: Trial) -> None:
    library = next((each for each in LIBRARY if each.exists()), None)
    if library is None:
        raise NotShown("libfaketime is not here (Debian: libfaketime), so that no clock can be moved under a server")
    wound = trial.folder / "clock"
    wound.write_text("+0")
    faked = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(wound),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    try:
        with serving(trial.demo("jumps"), workers=2, **faked) as site:
            _jump(trial, site, wound)
    except AssertionError as error:  # the library, not the site: Python's sleep is refused where only one of the clocks is moved
        why = next((line for line in str(error).splitlines() if "Errno" in line), "it says nothing")
        raise NotShown(f"the jumps: this libfaketime does not let the server start ({why})") from error


def _jump(trial: Trial, site: Served, wound: Path) -> None:
    with crowd(site, (*SEARCHES[:3], URGENT), people=2) as people:
        for jump in JUMPS:
            _wind(wound, jump)
            first = [_note(site) for _ in range(POSTS)]
            trial.held(
                first[0] < 400, f"clock at {jump} s: the first form is taken ({first[0]}); of {POSTS} in a row the last is {first[-1]}"
            )
    trial.held(set(people.statuses()) == {200}, f"pages meanwhile: {dict(people.statuses())}")
    said = site.log.read_text("utf-8", "replace")
    trial.held("Traceback" not in said and "WORKER TIMEOUT" not in said, "no server process ended for it, and no error is in the log")


def _wind(wound: Path, jump: str) -> None:
    """Whole at once: the library ends the server when it finds half of what is written."""
    beside = wound.with_suffix(".next")
    beside.write_text(jump)
    beside.replace(wound)


def _note(site: Served) -> int:
    return site.post("/en/list/note", {"service": "00000000-0000-0000-0000-000000000000", "note": "x"}).status
