"""Says what was done to a row, while it is done."""

from __future__ import annotations

from portal.directory.openreferral.rows import Action, Finding, Remark, Row, Value, finding_of


class Voice:
    """Collects the findings on one row."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.findings: list[Finding] = []

    def say(self, field: str, action: Action, words: str, before: object = None, after: object = None) -> None:
        """A finding on `field`, empty for the whole row."""
        self.findings.append(finding_of(self._row, self._row.source, (field, before, after), Remark(action, words)))

    def put(self, field: str, value: Value | None, words: str, before: object = None) -> None:
        """Put `value` into the row (None empties the field) and say so."""
        self.say(field, Action.MENDED, words, before if before is not None else self._row.values.get(field), value)
        if value is None:
            self._row.values.pop(field, None)
        else:
            self._row.values[field] = value
