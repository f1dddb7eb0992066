"""The cards of urgent help: `content/urgent.yaml` and the pack's own lines in, frozen cards in order of danger out.

Read once when a process starts. No page that shows them may depend on the database or the index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from portal.errors import ContentError
from portal.pack import Line, Pack, read_yaml

REQUIRED: Final = ("name", "hours", "cost", "source", "checked_on")


@dataclass(frozen=True)
class Contact:
    """Somebody to ring, or to text at `sms`. `number` as written, `tel` as dialled.

    `is_local`: the council's own line, whose words are its own."""

    id: str
    name: str
    number: str
    tel: str
    hours: str
    cost: str = ""
    purpose: str = ""
    sms: str = ""
    other_ways: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    checked_on: date | None = None
    is_local: bool = False


@dataclass(frozen=True)
class Card:
    """One kind of danger: when to ring, whom, and what to do meanwhile. The first contact is the one to ring first."""

    id: str
    icon: str
    title: str
    call_if: tuple[str, ...]
    contacts: tuple[Contact, ...]
    steps: tuple[str, ...] = ()


def load_cards(path: Path, pack: Pack) -> Mapping[str, Card]:
    """Read the cards, in the file's order, by id. Raises `ContentError` for a number without hours, cost, source or date."""
    raw = read_yaml(path)
    try:
        cards = [_card(path, row, pack) for row in raw["kinds"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"{path}: {error!r} in the kinds.") from error
    by_id = {card.id: card for card in cards}
    if len(by_id) != len(cards):
        raise ContentError(f"{path}: a kind is there twice.")
    return by_id


def _card(path: Path, row: dict[str, Any], pack: Pack) -> Card:
    contacts = [contact for entry in row["contacts"] if (contact := _contact(path, entry, pack))]
    if not contacts:
        raise ContentError(f"{path}: {row['id']} has nobody to ring.")
    return Card(row["id"], row["icon"], row["title"], tuple(row["call_if"]), tuple(contacts), tuple(row.get("steps", ())))


def _contact(path: Path, entry: dict[str, Any], pack: Pack) -> Contact | None:
    if "pack" in entry:
        line = pack.lines.get(entry["pack"])
        return _local(line) if line else None
    missing = [key for key in REQUIRED if not entry.get(key)]
    if "checked_on" not in missing and not isinstance(entry["checked_on"], date):
        missing.append("a date of checked_on such as 2026-11-22")
    if not (entry.get("number") or entry.get("sms")):
        missing.append("number or sms")
    if missing:
        raise ContentError(f"{path}: {entry.get('id')} lacks {', '.join(missing)}: a number is published only with all of them.")
    return Contact(
        id=entry["id"],
        name=entry["name"],
        number=str(entry.get("number", "")),
        tel=str(entry.get("tel", entry.get("number", ""))),
        hours=entry["hours"],
        cost=entry["cost"],
        purpose=entry.get("for", ""),
        sms=str(entry.get("sms", "")),
        other_ways=tuple(entry.get("other_ways", ())),
        url=entry.get("url", ""),
        source=entry["source"],
        checked_on=entry["checked_on"],
    )


def _local(line: Line) -> Contact:
    return Contact(line.id, line.name, line.number, line.number, line.hours, line.cost, url=line.url, is_local=True)
