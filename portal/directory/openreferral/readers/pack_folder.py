"""A content pack's own directory in, raw rows out: a folder of YAML files written by hand.

A file holds one `organization` with its `services`, or a list of `organizations` each with its own, or shared `locations`. Nouns
are nested as in Open Referral; a `location` that is a word is the id of one written elsewhere. Every scalar is read as text, so
that an unquoted 19:30 or a `no` stays what was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml

from portal.directory.openreferral.identifiers import PACK
from portal.directory.openreferral.readers.nesting import At, Flattener
from portal.directory.openreferral.rows import Source
from portal.errors import SourceError

_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_LISTS: Final = {"organizations": "organization", "locations": "location", "services": "service"}


def holds_pack(folder: Path) -> bool:
    """Whether there is YAML in the folder."""
    return next(folder.glob("*.yaml"), None) is not None


def read_pack(folder: Path) -> Source:
    """Read every `.yaml` file. Raises `SourceError`, naming the file, for one that cannot be read."""
    flattener = Flattener(f"{folder.resolve().parent.name}/{folder.name}", PACK)
    record = 0
    for path in sorted(folder.glob("*.yaml")):
        for noun, thing in _things(_parse(path), path):
            record += 1
            flattener.add(noun, thing, At(where=path.name, record=record))
    return flattener.finish()


def _parse(path: Path) -> Mapping[str, object]:
    try:
        document = yaml.load(path.read_text("utf-8-sig"), Loader=_LOADER)  # noqa: S506 - a base loader makes only text, lists and maps
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"{path}: this is not YAML ({error}).") from error
    if not isinstance(document, dict):
        raise SourceError(f"{path}: a file of listings starts with `organization:`, `organizations:` or `locations:`.")
    return document


def _things(document: Mapping[str, object], path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    rest = {key: value for key, value in document.items() if key not in ("organization", *_LISTS)}
    if rest:
        raise SourceError(f"{path}: `{next(iter(rest))}` is not something that a file of listings can hold.")
    if isinstance(organization := document.get("organization"), dict):
        yield "organization", {**organization, "services": document.get("services")}
        document = {key: value for key, value in document.items() if key != "services"}
    for key, noun in _LISTS.items():
        items = document.get(key) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise SourceError(f"{path}: `{key}` must be a list.")
        yield from ((noun, _unwrapped(item) if noun == "organization" else item) for item in items)


def _unwrapped(item: Mapping[str, object]) -> Mapping[str, object]:
    """`{organization: {…}, services: […]}` as one organization, the way other files write it."""
    inner = item.get("organization")
    return {**inner, "services": item.get("services")} if isinstance(inner, dict) and "id" not in item else item
