"""Feeds read by a server or from a terminal: settings in, other directories' listings in step, a report kept, the index following."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from portal.config import Settings
from portal.directory.feeds.pulling import Pulled, caller_of, pull
from portal.directory.openreferral.loading import LoadOptions
from portal.directory.openreferral.reporting import save_findings
from portal.pack import find_file
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import Taxonomy
from portal.web.holdings import Holdings, hold
from portal.web.leading import Leader

EVERY_SECONDS: Final = 600.0


def options_for_feeds(settings: Settings, taxonomy: Taxonomy) -> LoadOptions:
    """How listings of feeds are loaded: by the pack's taxonomy and rules, as any other."""
    return LoadOptions(taxonomy, load_rules(find_file(settings, "taxonomy_rules.yaml")))


def pull_due(settings: Settings, holdings: Holdings) -> list[str]:
    """Read all feeds that are due; a line about each. Nothing where another process reads."""
    return _pull(settings, holdings, "", accepts_fewer=False) or []


def pull_now(settings: Settings, name: str, *, accepts_fewer: bool) -> list[str] | None:
    """Read the feed of this name, or all that are due, and let the index follow. None where another reads. Raises `NotFound`."""
    holdings = hold(settings)
    try:
        done = _pull(settings, holdings, name, accepts_fewer=accepts_fewer)
        holdings.index.follow()
        return done
    finally:
        holdings.engine.dispose()


def pull_for_ever(settings: Settings, holdings: Holdings, leader: Leader, guarded: Callable[[str, Callable[[], object]], None]) -> None:
    """Read what is due, again and again while this process leads, in a thread of its own: a slow feed must not keep mail waiting.

    `guarded` does what it is given and says in the log what fails.
    """
    pause = threading.Event()

    def run() -> None:
        while not pause.wait(EVERY_SECONDS):
            if leader.leads():
                guarded("feeds", lambda: pull_due(settings, holdings))

    threading.Thread(target=run, name="feeds", daemon=True).start()


def _pull(settings: Settings, holdings: Holdings, name: str, *, accepts_fewer: bool) -> list[str] | None:
    options = options_for_feeds(settings, holdings.taxonomy)
    done = pull(holdings.engine, caller_of(settings.base_url), options, name, accepts_fewer=accepts_fewer)
    return None if done is None else [_line(each, settings.instance / "reports") for each in done]


def _line(pulled: Pulled, folder: Path) -> str:
    """A feed in one line; what its loading found is kept as a file."""
    report = pulled.report
    said = f"{report.loaded:,} loaded, {report.unchanged:,} as they were, {report.withdrawn:,} withdrawn, {report.waiting:,} to decide"
    refused = f", {report.refused:,} refused" if report.refused else ""
    wrong = f"; not read to its end: {pulled.problem}" if pulled.problem else ""
    kept = f"; report: {save_findings(report.findings, folder)}" if report.findings else ""
    return f"{pulled.name}: {said}{refused}{wrong}{kept}"
