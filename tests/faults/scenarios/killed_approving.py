"""A process in which a reviewer approves a change, and that brings the index in line, is killed by SIGKILL at its system calls.

Must hold after each: the database is sound and its history proves whole; what somebody was told is done is done; nothing is done by
half; a search is answered meanwhile, and the next follow makes it find what the database says.
"""

from __future__ import annotations

from faults.harming import kill_everywhere
from faults.trial import Trial


def run(trial: Trial) -> None:
    """Kill at as many calls as there is time for."""
    kill_everywhere(trial, "approve")
