"""What people ask about and a listing does not say: a record in, one sentence for each gap out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from markupsafe import escape

from portal.directory.record import ServiceRecord
from portal.editing.checks.hint import Hint
from portal.i18n.text import LazyString
from portal.i18n.text import lazy_gettext as _

SHORTEST: Final = 60  # letters of a description that says something
_Lacks = Callable[[ServiceRecord], bool]


def _in_person(record: ServiceRecord) -> bool:
    return "in-person" in record.how or bool(record.venues)


def _lacks_times(record: ServiceRecord) -> bool:
    return not record.sessions and not any(venue.sessions for venue in record.venues)


def _lacks_way_in(record: ServiceRecord) -> bool:
    return not (record.phones or record.email or record.url)


def _lacks_access(record: ServiceRecord) -> bool:
    return any(not venue.is_confidential and not venue.access for venue in record.venues)


_GAPS: Final[tuple[tuple[str, _Lacks, LazyString], ...]] = (
    ("cost", lambda it: not it.fees and not it.costs, _("People ask about cost. Say what it costs, or that it is free.")),
    ("times", _lacks_times, _("People ask when it is. Add the days and times, or say that they should ring first.")),
    ("start", _lacks_way_in, _("People ask how to get in touch. Add a phone number, an e-mail or a web page.")),
    ("where", lambda it: _in_person(it) and not it.venues, _("People ask where it is. Add the place.")),
    ("about", lambda it: len(it.description) < SHORTEST, _("Say a little more about what happens there.")),
    ("needs", lambda it: not it.needs, _("Tick what it helps with, so that people can find it.")),
    ("start", lambda it: not it.application_process, _("People ask how to start. Say what to do first, even if it is “just come along”.")),
    ("access", _lacks_access, _("People ask if they can get in. Say if there are steps, a lift or an accessible toilet.")),
    ("areas", lambda it: not it.areas and "home" in it.how, _("You go to people's homes. Say in which areas.")),
)


def missing(record: ServiceRecord) -> Iterator[Hint]:
    """What is not there, what people ask most first."""
    for step, lacks, words in _GAPS:
        if lacks(record):
            yield Hint(step, escape(words))
