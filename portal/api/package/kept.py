"""Files that take long to make are made once and kept until the directory changes: a tag in, a file on the disk out.

All workers share the folder. Two that make the same file at once do no harm: the second takes the place of the first, whole.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def kept(folder: Path, name: str, tag: str, make: Callable[[Path], None]) -> Path:
    """The file `name` as it is at `tag` (letters and digits), made where it is not there yet; older ones go. Raises `OSError`."""
    stem, _, kind = name.rpartition(".")
    path = folder / f"{stem}-{tag}.{kind}"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=folder, suffix=".unfinished")
    os.close(handle)
    try:
        make(Path(unfinished))
        Path(unfinished).replace(path)
    finally:
        Path(unfinished).unlink(missing_ok=True)
    for older in folder.glob(f"{stem}-*.{kind}"):
        if older != path:
            with suppress(OSError):  # another worker was faster
                older.unlink()
    return path
