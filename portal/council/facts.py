"""What the council's words change on advice pages: amounts of money, the front door's number and hours, which pages were checked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.council.content import LineWords
from portal.pack import Pack

FRONT_DOOR = "front_door"


@dataclass(frozen=True)
class Facts:
    """Hashable, so that pages made with them can be remembered. Amounts are ((financial year, name), "£86.45"), in order; checks are
    ("advice/benefits", the day)."""

    amounts: tuple[tuple[tuple[int, str], str], ...] = ()
    front_door: LineWords | None = None
    checks: tuple[tuple[str, date], ...] = ()

    def amounts_of(self, year: int) -> Mapping[str, str]:
        """Amounts of a financial year, by name."""
        return {name: amount for (of_year, name), amount in self.amounts if of_year == year}


NO_FACTS = Facts()


def counts(words: LineWords | None, pack: Pack) -> bool:
    """Whether the council's words about the front door count: the pack has not been changed since they were written."""
    door = pack.front_door
    return words is not None and (words.pack_number, words.pack_hours) == (door.number, door.hours)


def with_front_door(pack: Pack, words: LineWords | None) -> Pack:
    """The pack with the front door's number and hours as the council wrote them."""
    if words is None or not counts(words, pack):
        return pack
    door = replace(pack.front_door, number=words.number, hours=words.hours)
    return replace(pack, lines={**pack.lines, FRONT_DOOR: door})
