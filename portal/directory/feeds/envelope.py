"""A page of a feed: its bytes in, the listings as sent out, and whether more pages follow. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.directory.feeds.calling import Failed
from portal.directory.feeds.models import Problem
from portal.directory.openreferral.readers.json_file import parse
from portal.errors import SourceError

LONGEST_ID: Final = 200


@dataclass(frozen=True)
class Envelope:
    """Listings by the feed's own ids. `is_odd`: something among them was no listing, or had no id."""

    listings: Mapping[str, Mapping[str, Any]]
    is_last: bool
    is_odd: bool


def open_page(body: bytes, number: int) -> Envelope:
    """Page `number` of a list. Raises `Failed` for what is none."""
    thing = _json(body)
    contents = thing.get("contents") if isinstance(thing, dict) else thing
    if not isinstance(contents, list):
        raise Failed(Problem.NOT_A_FEED)
    found = [(remote_id_of(each), each) for each in contents]
    listings = {remote_id: each for remote_id, each in found if remote_id and isinstance(each, dict)}
    return Envelope(listings, _is_last(thing, contents, number), len(listings) < len(contents))


def open_listing(body: bytes, remote_id: str) -> Mapping[str, Any] | None:
    """One listing, asked for by its id; nothing where something else was sent."""
    thing = _json(body)
    return thing if isinstance(thing, dict) and remote_id_of(thing) == remote_id else None


def remote_id_of(thing: object) -> str:
    """What a feed calls a listing; empty for what is no id."""
    given = thing.get("id") if isinstance(thing, dict) else None
    if isinstance(given, bool) or not isinstance(given, str | int):
        return ""
    text = str(given).strip() if isinstance(given, str) or abs(given) < 10**18 else ""
    return text if text.isprintable() and 0 < len(text) <= LONGEST_ID and text.encode("utf-8", "replace").decode() == text else ""


def _json(body: bytes) -> object:
    try:
        return parse(body, "feed")
    except SourceError as error:
        raise Failed(Problem.NOT_JSON) from error


def _is_last(thing: object, contents: list[object], number: int) -> bool:
    if not isinstance(thing, dict) or not contents:
        return True
    total = thing.get("total_pages")
    if isinstance(total, int) and not isinstance(total, bool) and total > 0:
        return number >= total
    return thing.get("last_page") is not False
