"""A process in which a trusted editor publishes, and that brings the index in line, is refused by the disk: full, broken or read-only.

Must hold after each: the database is sound and its history proves whole; what somebody was told is done is done; nothing is done by
half; when the disk is well again, searches are answered and the next follow makes them find what the database says.
"""

from __future__ import annotations

from faults.harming import refuse_everywhere
from faults.trial import Trial


def run(trial: Trial) -> None:
    """Refuse at as many calls as there is time for."""
    refuse_everywhere(trial, "publish")
