"""What reading a feed did, for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.directory.openreferral.rows import Finding


@dataclass
class Report:
    """What reading a feed did: how many listings were loaded, withdrawn, left for a reviewer, refused; and what the loader found odd."""

    loaded: int = 0
    withdrawn: int = 0
    waiting: int = 0
    refused: int = 0
    unchanged: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """With what another page did."""
        self.loaded += other.loaded
        self.withdrawn += other.withdrawn
        self.waiting += other.waiting
        self.refused += other.refused
        self.unchanged += other.unchanged
        self.findings += other.findings
