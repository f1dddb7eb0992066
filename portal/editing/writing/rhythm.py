"""How often something happens, as one choice in a list: recurrence parts of a record in, a choice with its days out, and back. Pure.

What the list cannot say ("the first Tuesday and the second Wednesday") stays under the choice
`AS_IT_IS`, until somebody picks another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from portal.directory.opening import WEEKDAYS
from portal.directory.record import SessionEntry
from portal.i18n.text import lazy_gettext as _

AS_IT_IS: Final = "same"
BY_DATE: Final = "date"
LAST_DAY: Final = "-1"
WEEKS: Final[Mapping[str, int]] = {"w1": 1, "w2": 2, "w3": 3, "w4": 4}
ORDINALS: Final[Mapping[str, tuple[int, ...]]] = {
    "m1": (1,),
    "m2": (2,),
    "m3": (3,),
    "m4": (4,),
    "m5": (5,),
    "m-1": (-1,),
    "m1,3": (1, 3),
    "m2,4": (2, 4),
}
LABELS: Final = {
    "w1": _("Every week"),
    "w2": _("Every second week"),
    "w3": _("Every third week"),
    "w4": _("Every fourth week"),
    "m1": _("Once a month: the first one"),
    "m2": _("Once a month: the second one"),
    "m3": _("Once a month: the third one"),
    "m4": _("Once a month: the fourth one"),
    "m5": _("In months with five: the fifth one"),
    "m-1": _("Once a month: the last one"),
    "m1,3": _("Twice a month: the first and third"),
    "m2,4": _("Twice a month: the second and fourth"),
    BY_DATE: _("On a date of each month, such as the 15th"),
    AS_IT_IS: _("As it is now"),
}


@dataclass(frozen=True)
class Rhythm:
    """`often` is a key of `LABELS`; `days` as in RFC 5545 ("TU"), in the order of the week; `monthday` "1" to "31" or "-1"."""

    often: str = "w1"
    days: tuple[str, ...] = ()
    monthday: str = ""

    @property
    def needs_a_start(self) -> bool:
        """Whether one date has to be known from which the weeks count."""
        return WEEKS.get(self.often, 1) > 1


def rhythm_of(session: SessionEntry) -> Rhythm:
    """The choice that says what a session says."""
    parts = [part for part in session.byday.upper().replace(" ", "").split(",") if part[-2:] in WEEKDAYS]
    days = tuple(day for day in WEEKDAYS if any(part.endswith(day) for part in parts))
    if session.freq == "WEEKLY" or (not session.freq and parts):
        often = next((key for key, weeks in WEEKS.items() if weeks == max(session.interval, 1)), AS_IT_IS)
        return Rhythm(often, days)
    if session.interval <= 1 and not parts and session.bymonthday.strip().lstrip("-").isdigit():
        return Rhythm(BY_DATE, (), str(int(session.bymonthday)))
    for key, ordinals in ORDINALS.items():
        if session.interval <= 1 and not session.bymonthday and sorted(parts) == _parts(days, ordinals):
            return Rhythm(key, days)
    return Rhythm(AS_IT_IS, days)


def with_rhythm(session: SessionEntry, rhythm: Rhythm) -> SessionEntry:
    """`session` at another rhythm; as it was, letter by letter, where the rhythm is the same."""
    if rhythm.often == AS_IT_IS or rhythm == rhythm_of(session):
        return session
    if rhythm.often in WEEKS:
        parts = {"freq": "WEEKLY", "interval": WEEKS[rhythm.often], "byday": ",".join(rhythm.days), "bymonthday": ""}
    elif rhythm.often == BY_DATE:
        parts = {"freq": "MONTHLY", "interval": 1, "byday": "", "bymonthday": rhythm.monthday}
    else:
        byday = ",".join(f"{ordinal}{day}" for day in rhythm.days for ordinal in ORDINALS[rhythm.often])
        parts = {"freq": "MONTHLY", "interval": 1, "byday": byday, "bymonthday": ""}
    return msgspec.structs.replace(session, **parts)


def _parts(days: tuple[str, ...], ordinals: tuple[int, ...]) -> list[str]:
    return sorted(f"{ordinal}{day}" for day in days for ordinal in ordinals)
