"""An Open Referral JSON file in, raw rows out: a list of objects, one object, a paged envelope with `contents`, or an object a line.

What kind of object each is shows in its own fields, so that files of organizations, places or terms load as well as services.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from portal.directory.openreferral.readers.naming import file_namespace
from portal.directory.openreferral.readers.nesting import At, Flattener
from portal.directory.openreferral.rows import Source
from portal.errors import SourceError

LARGEST: Final = 500_000_000  # bytes; the largest real directories are a tenth of this

_LINES: Final = (".ndjson", ".jsonl")

# A field that only one noun has, nearest first; what fits none is taken for a service.
_TELLTALE: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("service_at_location", ("location", "location_id")),
    ("service", ("status", "organization", "organization_id", "service_at_locations", "service_areas")),
    ("taxonomy_term", ("term", "term_uri", "taxonomy", "taxonomy_id")),
    ("taxonomy", ("taxonomy_terms", "version")),
    ("organization", ("services", "organization_identifiers", "website", "logo", "legal_status", "locations")),
    ("location", ("location_type", "addresses", "latitude")),
)


def read_json(path: Path) -> Source:
    """Read the file. Raises `SourceError` when it is too large, not JSON, or holds no objects."""
    if path.stat().st_size > LARGEST:
        raise SourceError(f"{path}: the file is larger than {LARGEST // 1_000_000} MB.")
    things = _lines(path) if path.suffix.casefold() in _LINES else parse(path.read_bytes(), str(path))
    return from_objects(list_objects(things, str(path)), path.name, file_namespace(path))


def _lines(path: Path) -> list[object]:
    """The object of each line that is not empty."""
    with path.open("rb") as file:
        return [parse(line, f"{path} line {number}") for number, line in enumerate(file, start=1) if line.strip()]


def parse(text: bytes, name: str) -> object:
    """JSON in UTF-8, UTF-16 or UTF-32, with or without a byte order mark."""
    try:
        return json.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name}: this is not JSON ({error}).") from error


def list_objects(thing: object, name: str) -> list[Mapping[str, object]]:
    """The objects of a list, an envelope, or the one object that there is."""
    contents = thing.get("contents", thing.get("services", thing)) if isinstance(thing, dict) and "id" not in thing else thing
    if isinstance(contents, dict):
        contents = [contents]
    if not isinstance(contents, list) or not all(isinstance(item, dict) for item in contents):
        raise SourceError(f"{name}: this is JSON, but not a list of listings, one listing, or a page with `contents`.")
    return contents


def from_objects(objects: list[Mapping[str, object]], name: str, namespace: str) -> Source:
    """Flatten objects of whatever noun."""
    flattener = Flattener(name, namespace)
    for number, thing in enumerate(_let_go(objects), start=1):
        noun = noun_of(thing)
        flattener.add(noun, thing, At(where=f"{noun} {number}", record=number))
    return flattener.finish()


def noun_of(thing: Mapping[str, object]) -> str:
    """The table that an object belongs to."""
    return next((noun for noun, keys in _TELLTALE if any(key in thing for key in keys)), "service")


def _let_go(objects: list[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """Each object in order, forgotten as soon as it is flattened: a large file need not be in memory twice."""
    objects.reverse()
    while objects:
        yield objects.pop()
