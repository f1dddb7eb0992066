"""What work costs, told so that a busy machine does not change it: steps of Python, or a multiple of a fixed piece of work."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

YARDSTICK = 500_000  # additions: some 20 ms on a machine of 2024


def steps(act: Callable[[], object]) -> int:
    """Lines of Python that run in `act`: the same on every machine, however busy."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


def effort(act: Callable[[], object]) -> float:
    """Processor time of `act` and its threads, in times of a fixed piece of work that is done right before and right after it.

    What slows the one slows the other. Limits leave wide room all the same: some five to ten times what was measured.
    """
    before = _seconds(_fixed_work)
    took = _seconds(act)
    return took / max(before, _seconds(_fixed_work))


def _fixed_work() -> None:
    total = 0
    for number in range(YARDSTICK):
        total += number


def _seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start
