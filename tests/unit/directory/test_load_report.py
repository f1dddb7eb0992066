"""What an officer reads after a load."""

from __future__ import annotations

import csv
from pathlib import Path

from portal.directory.openreferral.reporting import COLUMNS, LoadReport, Written, save, summary_lines
from portal.directory.openreferral.rows import Action, Finding


def report(*findings: Finding, is_dry_run: bool = False) -> LoadReport:
    written = (Written("service", 2, 1, 0, 5), Written("phone", 0, 0, 1, 0))
    return LoadReport(
        ("tea.json",), findings, written, (("service.colour", 12),), services=8, with_needs=7, changed=3, is_dry_run=is_dry_run
    )


def finding(action: Action = Action.MENDED, field: str = "minimum_age", before: str = "-1") -> Finding:
    return Finding("tea.json", "service 1", "abc", "Tea", field, action, before, "", "Nobody has this age.")


def test_the_file_has_a_line_for_each_finding_that_a_spreadsheet_cannot_run(tmp_path: Path) -> None:
    dangers = ["=1+1", "+44", "-1", "@cmd", "\t=1", " =1", "a\0b", 'say "tea", please\nnow']
    path = save(report(*(finding(before=danger) for danger in dangers)), tmp_path / "reports")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file)
    assert tuple(head) == COLUMNS
    assert [line[6] for line in lines] == ["'=1+1", "'+44", "'-1", "'@cmd", "'\t=1", "' =1", "ab", 'say "tea", please\nnow']


def test_two_reports_of_one_second_do_not_meet_and_each_has_its_summary(tmp_path: Path) -> None:
    first, second = save(report(), tmp_path), save(report(), tmp_path)
    assert first != second
    assert first.with_suffix(".txt").read_text("utf-8").splitlines() == summary_lines(report())


def test_the_summary_says_what_was_read_written_mended_and_not_kept() -> None:
    lines = "\n".join(summary_lines(report(finding(), finding(), finding(Action.REFUSED, field=""))))
    assert "Services read: 8, from tea.json." in lines
    assert "Rows that were written: 4; services that were changed: 3." in lines
    assert "Mended: 2; refused: 1; noted: 0." in lines
    assert "2 × mended: minimum_age: Nobody has this age." in lines
    assert "not kept: 12 × service.colour" in lines


def test_a_dry_run_speaks_of_what_would_be() -> None:
    assert "Rows that would be written: 4; services that would be changed: 3." in "\n".join(summary_lines(report(is_dry_run=True)))


def test_rows_left_out_whole_are_counted_apart_from_values() -> None:
    found = report(finding(Action.REFUSED, field="url"), finding(Action.REFUSED, field=""))
    assert (found.count(Action.REFUSED), found.refused_rows) == (2, 1)
