"""How counts of people may be shown: counts in, what a page, a file or a report may say out. Pure; every report of insight asks here.

The rules, and why:

- A count from 0 to 9 is "fewer than 10", and nothing tells a 0 from a 9; the rest is rounded to the nearest 5 (`shown`).
- Each person is counted in one cell of a report, and a total is the sum of the cells that are shown (`total`): a total of its own,
  less the cells beside it, would be the hidden one.
- A share is worked out from what is shown. What is hidden lies between 0 and 9, so a share is a range (`Share`), and there is none
  of fewer than `SMALLEST_BASE` (`share`).
- Only whole quarters that are over are shown (`insight.periods`), so that no two periods differ by a few days. A quarter's months are
  shown where each of them has ten or more, and the quarter is then their sum; else the quarter has its own count and no month is
  shown (`spread`).

So whatever is shown comes from counts of ten or more, and a reader who holds all reports against each other still finds every hidden
count to be anything from 0 to 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from portal.tally import ROUNDED_TO, SMALLEST

SMALLEST_BASE: Final = 50  # below it rounding alone could move a share by five in a hundred and more

Shown = int | None  # a count as it is shown; None is "fewer than 10", none at all among them


def shown(count: int) -> Shown:
    """A count of people as it may be shown: None from 0 to 9, else rounded to the nearest 5."""
    return None if count < SMALLEST else ROUNDED_TO * ((count + ROUNDED_TO // 2) // ROUNDED_TO)


def total(parts: Iterable[Shown]) -> Shown:
    """The sum of what is shown of some cells: "at least so many" where one is hidden. None where none is shown."""
    seen = [part for part in parts if part is not None]
    return sum(seen) if seen else None


@dataclass(frozen=True)
class Share:
    """A share in per cent, whole: `low` and `high` differ where something is hidden."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        """Whether nothing is hidden behind it."""
        return self.low == self.high


def share(parts: Sequence[Shown], others: Sequence[Shown]) -> Share | None:
    """Which part of all `parts` and `others` the `parts` are, every hidden one being anything from 0 to 9. None of too few."""
    part, other = total(parts) or 0, total(others) or 0
    if part + other < SMALLEST_BASE:
        return None
    most = SMALLEST - 1
    hidden, others_hidden = most * sum(one is None for one in parts), most * sum(one is None for one in others)
    return Share(_percent(part, other + others_hidden), _percent(part + hidden, other))


def _percent(part: int, other: int) -> int:
    """Rounded, but never 0 of some or 100 with others: those are said of none and of all only."""
    if not part or not other:
        return 100 if part else 0
    return min(max(round(100 * part / (part + other)), 1), 99)


@dataclass(frozen=True)
class Spread:
    """What may be said of one subject in a quarter. `months` is empty where they are not shown."""

    quarter: Shown
    months: tuple[int, ...] = ()


def spread(months: Sequence[int]) -> Spread:
    """A quarter's counts by month, in order, as they may be shown."""
    each = [shown(count) for count in months]
    seen = tuple(count for count in each if count is not None)
    return Spread(sum(seen), seen) if len(seen) == len(each) else Spread(shown(sum(months)))
