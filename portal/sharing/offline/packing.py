"""A pack as it travels and as it is kept: pages and files in, one JSON text of bounded size out. Pure.

It is one text so that a phone has all of it or none. What is measured is what the phone keeps, not what travels, which is compressed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from portal.ui.assets import Assets

LARGEST: Final = 300_000  # bytes of all that is kept
ROOM_FOR_LIST: Final = 40_000  # of these for the phone's own list, which is fetched beside the pack
LARGEST_PACK: Final = LARGEST - ROOM_FOR_LIST
HEADINGS: Final = 6_000
FORM: Final = 1  # a phone that keeps a pack of another form asks for a new one
FILES: Final = {"app.js": "text/javascript", "keep.js": "text/javascript", "icons.svg": "image/svg+xml", "favicon.svg": "image/svg+xml"}


@dataclass(frozen=True)
class File:
    """A file that kept pages need: its media type and its text."""

    type: str
    text: str


@dataclass(frozen=True)
class Told:
    """What a phone says of its pack, in the pack's language: of which place, what, saved when, and how much it takes."""

    title: str
    what: str
    saved: str
    size: str


@dataclass(frozen=True)
class Pack:
    """All that is kept of the locality `area` in one language. `pages` and `files` by address; `otherwise` is for any other address.

    `list_at` is where the phone's own list opens. `headers` are those of every page.
    """

    language: str
    direction: str
    area: str
    list_at: str
    told: Told
    headers: Mapping[str, str]
    pages: Mapping[str, str]
    otherwise: str
    files: Mapping[str, File]
    form: int = FORM


def write(pack: Pack) -> bytes:
    """The pack as JSON, in UTF-8."""
    return json.dumps(asdict(pack), ensure_ascii=False, separators=(",", ":")).encode()


def fitting(services: Iterable[str], rest: int) -> int:
    """How many of these services, as written and in this order, there is room for beside `rest` bytes and the headings between them."""
    room, count = LARGEST_PACK - rest - HEADINGS, 0
    for service in services:
        room -= len(json.dumps(service, ensure_ascii=False).encode())
        if room < 0:
            break
        count += 1
    return count


def files_for(direction: str, assets: Assets) -> dict[str, File]:
    """What pages in this direction load."""
    sheet = "app.rtl.css" if direction == "rtl" else "app.css"
    wanted = {sheet: "text/css", **FILES}
    return {assets.url(name): File(kind, assets.text(name)) for name, kind in wanted.items()}
