"""What an officer is told of a load: a file with a line for each finding, and a few lines for the terminal."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal import clock
from portal.directory.openreferral.rows import Action, Finding

COLUMNS: Final = ("source", "row", "id", "listing", "field", "what was done", "before", "after", "in words")
MOST_SHOWN: Final = 12
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Written:
    """How many rows of one table were new, different, gone, or already so."""

    table: str
    inserted: int
    updated: int
    deleted: int
    unchanged: int


@dataclass(frozen=True)
class LoadReport:
    """All that a load did. `changed` services will be read again by the index; `kept` ones people changed here.

    `unkept` is (field, how often).
    """

    sources: tuple[str, ...]
    findings: tuple[Finding, ...]
    written: tuple[Written, ...]
    unkept: tuple[tuple[str, int], ...]
    services: int
    with_needs: int
    changed: int
    is_dry_run: bool
    kept: int = 0

    def count(self, action: Action) -> int:
        """How many findings of one kind there are."""
        return sum(finding.action is action for finding in self.findings)

    @property
    def refused_rows(self) -> int:
        """How many rows were left out whole."""
        return sum(finding.action is Action.REFUSED and not finding.field for finding in self.findings)

    @property
    def writes(self) -> int:
        """How many rows were, or in a dry run would have been, written."""
        return sum(table.inserted + table.updated + table.deleted for table in self.written)


def save(report: LoadReport, folder: Path) -> Path:
    """Write the findings as CSV and the summary as text beside it; the path of the CSV. The folder is made."""
    path = save_findings(report.findings, folder)
    path.with_suffix(".txt").write_text("\n".join(summary_lines(report)) + "\n", "utf-8", "backslashreplace")
    return path


def save_findings(findings: Iterable[Finding], folder: Path) -> Path:
    """Write findings as CSV; the path. The folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"load-{clock.now():%Y%m%d-%H%M%S-%f}.csv"
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_safe(_cells(finding)) for finding in findings)
    return path


def summary_lines(report: LoadReport) -> list[str]:
    """The load in a few lines of plain text."""
    done = "would be" if report.is_dry_run else "were"
    lines = [
        f"Services read: {report.services:,}, from {', '.join(report.sources)}.",
        f"Rows that {done} written: {report.writes:,}; services that {done} changed: {report.changed:,}.",
        f"Services that say, or whose words show, what they help with: {report.with_needs:,}.",
        f"Mended: {report.count(Action.MENDED):,}; refused: {report.count(Action.REFUSED):,}; noted: {report.count(Action.NOTED):,}.",
    ]
    if report.kept:
        lines.append(f"Services left as people here have changed them, since their source has not changed: {report.kept:,}.")
    lines += [f"  {number:,} × {words}" for words, number in _commonest(report.findings)]
    lines += [f"  not kept: {number:,} × {name}" for name, number in report.unkept[:MOST_SHOWN]]
    return lines


def _commonest(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    counts = Counter(f"{finding.action}: {finding.field or 'row'}: {finding.words}" for finding in findings)
    return counts.most_common(MOST_SHOWN)


def _cells(finding: Finding) -> tuple[str, ...]:
    return (
        finding.source,
        finding.where,
        finding.record_id,
        finding.listing,
        finding.field,
        finding.action.value,
        finding.before,
        finding.after,
        finding.words,
    )


def _safe(cells: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet takes for a formula."""
    plain = (cell.replace("\0", "") for cell in cells)
    return [f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell for cell in plain]
