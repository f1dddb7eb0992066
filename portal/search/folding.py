"""A new base of the index, made beside the one in use: a generation in; Whoosh's index with all that changed since, and its arrays, out.

It takes seconds of work for thousands of listings, so it is done in a process of its own, with patience, while searches and edits go on.
What changed meanwhile stays in the delta of the generation that takes the new base up. Ended at any moment it leaves only a folder that
the next one clears away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from portal.search import inverted
from portal.search.arrays.changes import read_changes
from portal.search.arrays.opened import digest_of
from portal.search.generation import (
    BASE,
    CHANGES,
    Before,
    Generation,
    Known,
    Origin,
    link_base,
    next_generation,
    open_generation,
    write_base_arrays,
    write_delta,
)

FOLDER: Final = "folding"
MOST_CHANGES: Final = 256  # of listings since the base was written, however many there are
FEWEST_CHANGES: Final = 20  # however few there are
CHANGED_SHARE: Final = 0.1
PATIENCE: Final = 10  # how much others are served before it, as `nice` counts


def is_due(generation: Generation) -> bool:
    """Whether so much changed since the base was written that a new one is worth its while."""
    return len(generation.changes.held) > max(FEWEST_CHANGES, min(MOST_CHANGES, CHANGED_SHARE * generation.base.size))


def begin(folder: Path, generation: Generation) -> Path:
    """A place with the Whoosh index and the changes of a generation, for `make_base`. The caller holds the lock."""
    for left in folder.glob(f"{FOLDER}-*"):  # by one that was ended; if it still writes, it fails and ends
        shutil.rmtree(left, ignore_errors=True)
    place = folder / f"{FOLDER}-{time.time_ns():x}"
    place.mkdir()
    link_base(generation.folder, place)
    (place / BASE).unlink()
    os.link(generation.folder / CHANGES, place / CHANGES)
    return place


def make_base_apart(place: Path) -> None:
    """Let another process do `make_base`. Raises `subprocess.CalledProcessError`, with what it said, when it fails."""
    command = [sys.executable, "-m", __name__, str(place)]
    subprocess.run(command, check=True, stderr=subprocess.PIPE)  # noqa: S603 - this module, with a path of ours


def make_base(place: Path) -> None:
    """Write the changes in `place` into its Whoosh index, and derive the arrays. Raises `OSError` and what Whoosh raises."""
    changes = read_changes(place / CHANGES)
    (place / CHANGES).unlink()
    inverted.write(place, changes.listings, anew=False, gone=changes.ids)
    write_base_arrays(place)


def take_up(made: Path, origin: Origin, before: Generation, current: str) -> bool:
    """Make a generation of the base `made` and of what changed since `before`. False where the base in use is no longer that of `before`.

    The caller holds the lock. Raises `IndexUnavailable` or `OSError`.
    """
    folder = made.parent
    generation = open_generation(folder, current, origin)
    if generation.base is not before.base:
        return False

    def fill(place: Path, _name: str) -> Known:
        files = [file for file in made.iterdir() if not file.name.endswith("WRITELOCK")]
        for file in files:
            os.link(file, place / file.name)
        write_delta(place, origin, generation.changes.after(before.folder.name), Before(generation.columns))
        return {file.name: digest_of(file) for file in files}

    next_generation(folder, origin, fill, generation.applied)
    return True


if __name__ == "__main__":
    os.nice(PATIENCE)
    make_base(Path(sys.argv[1]))
