"""What people ask about and a listing does not say: a record in, its gaps out; a sentence for each, and what makes it complete. Pure.

One rule serves both: who writes a listing is told of the same gaps that the council counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from markupsafe import escape

from portal.directory.record import ServiceRecord
from portal.editing.checks.hint import Hint
from portal.i18n.text import LazyString
from portal.i18n.text import lazy_gettext as _

SHORTEST: Final = 60  # letters of a description that says something
_Lacks = Callable[[ServiceRecord], bool]


class Gap(StrEnum):
    """Something that people ask about, what they ask most first."""

    COST = "cost"
    TIMES = "times"
    CONTACT = "contact"
    WHERE = "where"
    ABOUT = "about"
    NEEDS = "needs"
    START = "start"
    ACCESS = "access"
    AREAS = "areas"
    NOWHERE = "nowhere"


class Part(StrEnum):
    """A part that every complete listing has."""

    WHEN = "when"
    COST = "cost"
    CONTACT = "contact"
    ABOUT = "about"
    NEEDS = "needs"
    PLACE = "place"


def _in_person(record: ServiceRecord) -> bool:
    return "in-person" in record.how or bool(record.venues)


def _lacks_times(record: ServiceRecord) -> bool:
    return not record.sessions and not any(venue.sessions for venue in record.venues)


def _lacks_way_in(record: ServiceRecord) -> bool:
    return not (record.phones or record.email or record.url)


def _lacks_access(record: ServiceRecord) -> bool:
    return any(not venue.is_confidential and not venue.access for venue in record.venues)


_GAPS: Final[tuple[tuple[Gap, str, _Lacks, LazyString], ...]] = (
    (Gap.COST, "cost", lambda it: not it.fees and not it.costs, _("People ask about cost. Say what it costs, or that it is free.")),
    (Gap.TIMES, "times", _lacks_times, _("People ask when it is. Add the days and times, or say that they should ring first.")),
    (Gap.CONTACT, "start", _lacks_way_in, _("People ask how to get in touch. Add a phone number, an e-mail or a web page.")),
    (Gap.WHERE, "where", lambda it: _in_person(it) and not it.venues, _("People ask where it is. Add the place.")),
    (Gap.ABOUT, "about", lambda it: len(it.description) < SHORTEST, _("Say a little more about what happens there.")),
    (Gap.NEEDS, "needs", lambda it: not it.needs, _("Tick what it helps with, so that people can find it.")),
    (
        Gap.START,
        "start",
        lambda it: not it.application_process,
        _("People ask how to start. Say what to do first, even if it is “just come along”."),
    ),
    (Gap.ACCESS, "access", _lacks_access, _("People ask if they can get in. Say if there are steps, a lift or an accessible toilet.")),
    (Gap.AREAS, "areas", lambda it: not it.areas and "home" in it.how, _("You go to people's homes. Say in which areas.")),
    (Gap.NOWHERE, "areas", lambda it: not it.areas and not it.venues, _("People ask if it is for where they live. Say in which areas.")),
)
_LEAVE_OPEN: Final[Mapping[Part, frozenset[Gap]]] = {  # what is all missing when a part is
    Part.WHEN: frozenset({Gap.TIMES, Gap.START}),
    Part.COST: frozenset({Gap.COST}),
    Part.CONTACT: frozenset({Gap.CONTACT}),
    Part.ABOUT: frozenset({Gap.ABOUT}),
    Part.NEEDS: frozenset({Gap.NEEDS}),
    Part.PLACE: frozenset({Gap.NOWHERE}),
}


def missing(record: ServiceRecord) -> Iterator[Hint]:
    """What is not there, what people ask most first."""
    lacking = _gaps(record)
    for gap, step, _lacks, words in _GAPS:
        if gap in lacking and not (gap is Gap.NOWHERE and lacking & {Gap.WHERE, Gap.AREAS}):  # those have said it already
            yield Hint(step, escape(words))


def missing_parts(record: ServiceRecord) -> tuple[Part, ...]:
    """The parts that a listing needs to be complete and has not: none when it is."""
    lacking = _gaps(record)
    return tuple(part for part, gaps in _LEAVE_OPEN.items() if gaps <= lacking)


def _gaps(record: ServiceRecord) -> frozenset[Gap]:
    return frozenset(gap for gap, _step, lacks, _words in _GAPS if lacks(record))
