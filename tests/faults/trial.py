"""One scenario as it runs: where it may write, how long it may take, and what it says of what it did and what held."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from faults.states import demo_in, filled_in, small_in


class NotShown(Exception):
    """This machine cannot show it; the text says what is missing. That is never taken for "held"."""


@dataclass
class Trial:
    """`folder` is the scenario's own and empty; `made` holds directories that all scenarios copy; `seconds` is what it may take."""

    folder: Path
    made: Path
    seconds: float
    failed: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def did(self, said: str) -> None:
        """Say what was done."""
        print(f"  did      {said}", flush=True)

    def held(self, is_so: bool, said: str) -> None:
        """Say what must hold, and whether it did."""
        print(f"  {'held' if is_so else 'NOT HELD':8} {said}", flush=True)
        if not is_so:
            self.failed.append(said)

    def begin(self) -> None:
        """What had to be set up is there: the time begins."""
        self.began = time.monotonic()

    def broke(self, said: str) -> None:
        """Say what did not hold."""
        self.held(is_so=False, said=said)

    def is_over(self, share: float = 1.0) -> bool:
        """Whether this share of the time is used up."""
        return time.monotonic() - self.began > self.seconds * share

    def demo(self, name: str = "state") -> Path:
        """A copy of the demo borough, loaded and indexed."""
        return self._copy(demo_in(self.made), name)

    def small(self, name: str = "state") -> Path:
        """A copy of a few organizations of it."""
        return self._copy(small_in(self.made), name)

    def filled(self, listings: int, name: str = "state") -> Path:
        """A copy of a directory of about so many listings, indexed."""
        return self._copy(filled_in(self.made, listings), name)

    def _copy(self, made: Path, name: str) -> Path:
        return Path(shutil.copytree(made, self.folder / name))


def program(name: str, package: str) -> str:
    """Where a program is. Raises `NotShown`."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        raise NotShown(f"{name} is not here (Debian: {package})")
    return found
