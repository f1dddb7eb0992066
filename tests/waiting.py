"""Waiting for what another process, a thread or a browser does in its own time: never for so long, always for what it does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

Found = TypeVar("Found")
PATIENCE = 120.0  # seconds: for a machine that does much else; a well one needs few of them


def wait_until(happened: Callable[[], Found], or_else: Any = "it did not happen", pause: float = 0.02) -> Found:
    """What `happened` says, as soon as that is true. Raises `AssertionError` with `or_else`, called if it can be, when patience ends."""
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < end, or_else() if callable(or_else) else or_else
        time.sleep(pause)
    return found
