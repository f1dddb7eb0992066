"""A source in, its raw rows out: one reader for each form in which listings are handed over.

`read` chooses by what the source is: an address, a folder, a zip, a JSON file. Raises `SourceError` when it cannot be read.
"""

from __future__ import annotations

from pathlib import Path

from portal.directory.openreferral.readers.feed import read_feed
from portal.directory.openreferral.readers.json_file import read_json
from portal.directory.openreferral.readers.pack_folder import holds_pack, read_pack
from portal.directory.openreferral.readers.tabular import holds_tables, read_folder, read_zip
from portal.directory.openreferral.rows import Progress, Source
from portal.errors import SourceError


def read(source: str, progress: Progress) -> Source:
    """Everything that `source` says, as raw rows."""
    if source.startswith(("http://", "https://")):
        return read_feed(source, progress)
    try:
        return _read_path(source, Path(source).expanduser())
    except OSError as error:
        raise SourceError(f"{source}: this cannot be read ({error.strerror}).") from error


def _read_path(source: str, path: Path) -> Source:
    if not path.exists():
        raise SourceError(f"{source}: there is no such file or folder.")
    if path.is_dir():
        return _read_directory(path)
    return read_zip(path) if path.suffix.casefold() == ".zip" else read_json(path)


def _read_directory(path: Path) -> Source:
    if holds_tables(path):
        return read_folder(path)
    if holds_pack(path):
        return read_pack(path)
    raise SourceError(f"{path}: the folder holds neither CSV tables of an Open Referral package nor YAML listings.")
