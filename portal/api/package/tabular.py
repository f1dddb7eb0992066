"""The tabular package as a zip: services, terms and vocabularies in, one file on the disk out, with little memory whatever their number.

Tables are filled side by side while services are read, so each waits in a file of its own until the zip is made of them. Texts are
exactly what they are: this is for programs. (`flat.py` is for spreadsheets.)
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

from portal.api.package.rows import Flattener, Record
from portal.api.package.tables import TABLES

WHEN: Final = (1980, 1, 1, 0, 0, 0)  # the same for every file, so that the same tables make the same zip
MEMBER: Final = "datapackage.json"
AT_ONCE: Final = 1 << 16


def write_package(path: Path, records: Iterable[tuple[str, Record]], description: Mapping[str, Any]) -> None:
    """Write the zip of all these (noun, record) to `path`."""
    with ExitStack() as stack:
        files = {noun: stack.enter_context(TemporaryFile("w+b")) for noun in TABLES}
        _fill(files, records)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(_info(MEMBER), json.dumps(description, indent=1, ensure_ascii=False))
            for noun, file in files.items():
                _put(package, TABLES[noun].file, file)


def _fill(files: Mapping[str, IO[bytes]], records: Iterable[tuple[str, Record]]) -> None:
    texts = {noun: io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False) for noun, file in files.items()}
    writers = {}
    for noun, text in texts.items():
        writers[noun] = csv.DictWriter(text, [column.name for column in TABLES[noun].columns], restval="")
        writers[noun].writeheader()
    flattener = Flattener()
    for noun, record in records:
        for table, row in flattener.rows(noun, record):
            writers[table].writerow(row)
    for text in texts.values():
        text.flush()
        text.detach()  # the file below stays open


def _put(package: zipfile.ZipFile, name: str, file: IO[bytes]) -> None:
    file.seek(0)
    with package.open(_info(name), "w") as member:
        while some := file.read(AT_ONCE):
            member.write(some)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, WHEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
