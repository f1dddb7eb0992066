"""The whole that is being put together: rows by table and id, and what was found on the way."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from portal.directory.openreferral.rows import Action, Finding, Remark, Row, finding_of
from portal.directory.openreferral.tables import TABLES

Stored = Callable[[str, set[uuid.UUID]], set[uuid.UUID]]  # table, ids → those that the database has


@dataclass
class Whole:
    """All rows, by table in the order in which they can be written."""

    rows: dict[str, dict[uuid.UUID, Row]] = field(default_factory=lambda: {table: {} for table in TABLES})
    findings: list[Finding] = field(default_factory=list)

    def say(self, row: Row, column: str, action: Action, words: str, before: object = None) -> None:
        """Add a finding on a row; `column` is empty for the whole row."""
        self.findings.append(finding_of(row, row.source, (column, before, None), Remark(action, words)))

    def row(self, table: str, key: object) -> Row | None:
        """The row with this id, if it is being loaded."""
        return self.rows[table].get(key) if isinstance(key, uuid.UUID) else None
