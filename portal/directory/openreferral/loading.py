"""`load`: sources in, a changed directory and a report out. All or nothing across all sources of one call.

Reading and cleaning happen before the transaction begins; comparing and writing happen within it, so that nobody changes a
record in between. A process that is killed leaves nothing behind.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.db import reading, writing
from portal.directory.openreferral.applying import Applied, apply
from portal.directory.openreferral.cleaning import clean
from portal.directory.openreferral.comparing import in_batches
from portal.directory.openreferral.joining import join
from portal.directory.openreferral.needs import NeedsOf, settle_needs
from portal.directory.openreferral.readers import read
from portal.directory.openreferral.reporting import LoadReport
from portal.directory.openreferral.rows import Action, Finding, Progress, Row, Source
from portal.directory.openreferral.tables import table_of
from portal.directory.openreferral.whole import Whole
from portal.taxonomy.rules import NeedRules
from portal.taxonomy.terms import Taxonomy


def in_silence(_done: int, _total: int, _label: str) -> None:
    """Progress for nobody."""


@dataclass(frozen=True)
class LoadOptions:
    """How to load. `taxonomy` and `rules` are the pack's; `progress` is told (done, total or 0, what is being done).

    `days_moved` moves the days on which listings were checked: see `web.serving.first_listings`.
    """

    taxonomy: Taxonomy
    rules: NeedRules
    is_dry_run: bool = False
    loaded_by: str = "portal load"
    progress: Progress = in_silence
    days_moved: int = 0


def load(engine: Engine, sources: Sequence[str], options: LoadOptions) -> LoadReport:
    """Load files, folders, packages and feeds. Raises `SourceError` for one that cannot be read; then nothing is written."""
    read_from = [read(source, options.progress) for source in sources]
    _move_checks(read_from, timedelta(days=options.days_moved))
    tidy = _tidy(read_from, options.progress)
    with reading(engine) as session:
        settled = _settle(session, tidy, options)
    with writing(engine) as session:
        applied = apply(session, settled.whole, settled.needs, options.loaded_by, options.progress)
        if options.is_dry_run:
            session.rollback()
    return _report(tidy, settled, applied, options)


def load_within(session: Session, sources: Sequence[Source], options: LoadOptions) -> LoadReport:
    """Load what is read already, in the caller's transaction. Never commits."""
    tidy = _tidy(sources, options.progress)
    settled = _settle(session, tidy, options)
    return _report(tidy, settled, apply(session, settled.whole, settled.needs, options.loaded_by, options.progress), options)


@dataclass(frozen=True)
class _Tidy:
    """Clean rows of sources, what was found on the way, and fields that have no column."""

    names: tuple[str, ...]
    rows: Sequence[Row]
    findings: Sequence[Finding]
    unkept: Counter[str]


@dataclass(frozen=True)
class _Settled:
    """A sound whole, the needs of its services, and how many services it has."""

    whole: Whole
    needs: Mapping[uuid.UUID, NeedsOf]
    services: int


def _tidy(sources: Sequence[Source], progress: Progress) -> _Tidy:
    unkept: Counter[str] = sum((source.unkept for source in sources), Counter())
    rows, findings = _clean(sources, progress)
    return _Tidy(tuple(source.name for source in sources), rows, findings, unkept)


def _settle(session: Session, tidy: _Tidy, options: LoadOptions) -> _Settled:
    whole = _joined(session, tidy.rows)
    return _Settled(whole, settle_needs(whole, options.taxonomy, options.rules), len(whole.rows["service"]))


def _report(tidy: _Tidy, settled: _Settled, applied: Applied, options: LoadOptions) -> LoadReport:
    return LoadReport(
        sources=tidy.names,
        findings=(*tidy.findings, *settled.whole.findings),
        written=applied.written,
        unkept=tuple(sorted(tidy.unkept.items())),
        services=settled.services,
        with_needs=sum(bool(found.needs) for found in settled.needs.values()),
        changed=applied.changed,
        kept=applied.kept,
        is_dry_run=options.is_dry_run,
    )


def _move_checks(sources: Sequence[Source], by: timedelta) -> None:
    """Only days of checks: sessions fall on days of the week, and closures on days of the year, that must not move."""
    if not by:
        return
    for row in (row for source in sources for row in source.rows if row.table == "service"):
        with suppress(ValueError):
            row.values["assured_date"] = (date.fromisoformat(str(row.values.get("assured_date"))) + by).isoformat()


def _clean(sources: Sequence[Source], progress: Progress) -> tuple[list[Row], list[Finding]]:
    total, done = sum(len(source.rows) for source in sources), 0
    rows: list[Row] = []
    findings: dict[object, Finding] = {}  # each once: an organization is told again with each of its services
    for source in sources:
        source.rows.reverse()
        while source.rows:  # each raw row is forgotten once it is clean: a large source need not be in memory twice
            clean_rows, found = clean(source.rows.pop(), source)
            rows += clean_rows
            for finding in found:
                findings.setdefault((finding.record_id or finding.where, finding.field, finding.before, finding.words), finding)
            done += 1
            if done % 1000 == 0 or done == total:
                progress(done, total, "Checking")
        findings |= {(source.name, finding.words): finding for finding in _about_ids(source)}
    return rows, list(findings.values())


def _about_ids(source: Source) -> list[Finding]:
    if not source.made_ids:
        return []
    words = f"{source.made_ids:,} ids are not UUIDs, as the standard wants; UUIDs were made from them, the same on each load."
    return [Finding(source.name, "", "", "", "id", Action.NOTED, "", "", words)]


def _joined(session: Session, rows: Sequence[Row]) -> Whole:
    def stored(table: str, ids: set[uuid.UUID]) -> set[uuid.UUID]:
        column = table_of(table).c.id
        return {key for some in in_batches(sorted(ids)) for key in session.scalars(select(column).where(column.in_(some)))}

    return join(rows, stored)
