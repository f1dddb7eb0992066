"""What pages and the file call measures, areas and parts of listings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from babel import Locale
from babel.numbers import format_percent
from markupsafe import Markup

from portal.editing.checks.missing import Part
from portal.editing.quality.measures import Measure
from portal.editing.quality.placing import ELSEWHERE, EVERYWHERE, Ground
from portal.editing.quality.queries import BY_NAME
from portal.i18n.text import gettext, marked, ngettext

OTHERS: Final = {
    EVERYWHERE: marked("The whole borough, or wider"),
    ELSEWHERE: marked("Outside the borough, or place not known"),
}
GOOD: Final = {  # the columns in which a large share is good: how the share is headed
    Measure.UNCHECKED: marked("Checked in 6 months"),
    Measure.INCOMPLETE: marked("Complete"),
    Measure.HARD: marked("Easy to read"),
}
BAD: Final = {
    Measure.BROKEN: marked("Broken web links"),
    Measure.REPORTED: marked("Something reported"),
    Measure.UNKEPT: marked("Kept by nobody"),
}
TITLES: Final = {  # of the list behind a number
    Measure.ALL: marked("All listings"),
    Measure.WORK: marked("Listings to put right"),
    Measure.UNCHECKED: marked("Not checked in 6 months"),
    Measure.INCOMPLETE: marked("Something is missing"),
    Measure.HARD: marked("Hard to read"),
    Measure.BROKEN: marked("A web link does not work"),
    Measure.REPORTED: marked("Somebody told us that something is wrong"),
    Measure.UNKEPT: marked("Nobody keeps these listings"),
    Measure.UNMEASURED: marked("Not looked through yet"),
}
SORTS: Final = {
    Measure.WORK.value: marked("Most to put right"),
    Measure.UNCHECKED.value: marked("Most not checked"),
    Measure.INCOMPLETE.value: marked("Most with gaps"),
    Measure.HARD.value: marked("Most hard to read"),
    Measure.BROKEN.value: marked("Most broken links"),
    Measure.REPORTED.value: marked("Most reports"),
    Measure.UNKEPT.value: marked("Most kept by nobody"),
    Measure.ALL.value: marked("Most listings"),
    BY_NAME: marked("By name"),
}
PARTS: Final = {
    Part.WHEN: marked("It does not say when it is, or how to start."),
    Part.COST: marked("It does not say what it costs."),
    Part.CONTACT: marked("It does not say how to get in touch."),
    Part.ABOUT: marked("It says too little about what happens there."),
    Part.NEEDS: marked("It does not say what it helps with."),
    Part.PLACE: marked("It does not say where it is, or which area it covers."),
}


def _listings(number: int) -> Markup:
    return ngettext("%(num)s listing", "%(num)s listings", number)


NUMBERS: Final[Mapping[Measure, Callable[[int], Markup]]] = {  # what a number says in its own cell
    Measure.WORK: _listings,
    Measure.UNCHECKED: lambda n: ngettext("%(num)s to check", "%(num)s to check", n),
    Measure.INCOMPLETE: lambda n: ngettext("%(num)s with gaps", "%(num)s with gaps", n),
    Measure.HARD: lambda n: ngettext("%(num)s hard to read", "%(num)s hard to read", n),
    Measure.BROKEN: _listings,
    Measure.REPORTED: _listings,
    Measure.UNKEPT: _listings,
}


def names_of_places(ground: Ground) -> dict[str, str]:
    """What stands in the database → how the area is called, localities first."""
    localities = {slug: each.name for slug, each in ground.extents.gazetteer.localities.items()}
    return {**localities, **{place: str(gettext(name)) for place, name in OTHERS.items()}}


def percent(locale: Locale, share: float | None) -> str:
    """A share as people read it: 0% and 100% are said of none and all only. A dash where there is none."""
    if share is None:
        return "–"
    whole = round(share * 100) if share in (0, 1) else min(max(round(share * 100), 1), 99)
    return format_percent(whole / 100, locale=Locale("en", "GB") if locale.language == "en" else locale)
