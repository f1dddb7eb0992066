"""What a source is called: the name that listings show, and the name that ids are made from."""

from __future__ import annotations

import re
from pathlib import Path


def file_namespace(path: Path) -> str:
    """The file's name without dates, counters and ending: next month's export makes the same ids as this month's."""
    stem = path.name.split(".", 1)[0].casefold()
    return re.sub(r"[\W\d_]+$", "", stem) or stem
