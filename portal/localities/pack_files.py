"""The localities pack written: what a build found in; a folder that is either the old pack or the new, whole, out.

Everything is written to a folder beside it and flushed to the disk, and then both change places in one step of the file system. Files
that a build does not write are kept.
"""

from __future__ import annotations

import csv
import ctypes
import io
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from portal.disk import sync

_HERE: Final = -100  # AT_FDCWD: paths are relative to the working directory
_EXCHANGE: Final = 2  # RENAME_EXCHANGE


def write_folder(out: Path, files: Mapping[str, str]) -> None:
    """Put `files` (name → text) into the folder `out`. Raises `OSError`, with the old folder as it was, when that cannot be done."""
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    if _before(out).exists() and not out.exists():
        _before(out).rename(out)
    made = out.with_name(f".{out.name}.building")
    shutil.rmtree(made, ignore_errors=True)
    if out.is_dir():
        shutil.copytree(out, made, ignore=lambda folder, names: [name for name in names if name in files and Path(folder) == out])
    else:
        made.mkdir()
    for name, text in files.items():
        _write(made / name, text)
    sync(made)
    _swap(made, out)
    sync(out.parent)
    shutil.rmtree(made, ignore_errors=True)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str | float]]) -> str:
    """A table as text: degrees with five decimals."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([f"{value:.5f}" if isinstance(value, float) else value for value in row] for row in rows)
    return text.getvalue()


def geojson_text(head: Mapping[str, str], features: Iterable[Mapping[str, object]]) -> str:
    """A FeatureCollection with `head` beside its features, a line for each, so that a change of one shows as one."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    opening = json.dumps({"type": "FeatureCollection", **head}, ensure_ascii=False)[:-1]
    return f'{opening}, "features": [\n{lines}\n]}}\n'


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _swap(made: Path, out: Path) -> None:
    """Let both folders change names in one step; or give the new one its name where there is no old one."""
    if not out.exists():
        made.rename(out)
    elif not _exchanged(made, out):
        _swap_in_steps(made, out)


def _exchanged(made: Path, out: Path) -> bool:
    """Whether the file system could do it: some, such as network disks, cannot."""
    exchange = getattr(ctypes.CDLL(None), "renameat2", None)
    return exchange is not None and exchange(_HERE, os.fsencode(made), _HERE, os.fsencode(out), _EXCHANGE) == 0


def _before(out: Path) -> Path:
    """Where the old folder waits while a swap in steps goes on."""
    return out.with_name(f".{out.name}.before")


def _swap_in_steps(made: Path, out: Path) -> None:
    before = _before(out)
    shutil.rmtree(before, ignore_errors=True)
    out.rename(before)
    try:
        made.rename(out)
    except OSError:
        before.rename(out)
        raise
    before.rename(made)
