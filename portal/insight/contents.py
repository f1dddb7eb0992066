"""The pages of insight that commissioners find their way between, in the order of reading. Whoever adds a page adds it here.

`insight/frame.html` is the frame of each of them: it draws these links, and leads back to the first page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from portal.i18n.text import marked


@dataclass(frozen=True)
class Page:
    """A page without anything in its address but the language: what it is called, what it answers, and its endpoint."""

    title: str
    about: str
    endpoint: str


HUB: Final = Page(marked("Need and provision"), marked("What each area needs, beside what there is."), "insight.hub")
PAGES: Final[tuple[Page, ...]] = (
    Page(marked("Areas and needs"), marked("What each area has for each need, beside how many people have it."), "insight.matrix"),
    Page(marked("Map of one need"), marked("Where there is less and where there is more."), "insight.shaded"),
    Page(marked("Compare areas"), marked("Two areas or more, side by side."), "insight.compare"),
    Page(
        marked("What every area should have"),
        marked("What the council names for every area, and where it is still to come."),
        "offer.offer",
    ),
    Page(
        marked("What came of plans"),
        marked("How help went, how fast requests are answered, quarter by quarter."),
        "outcomes.outcomes",
    ),
    Page(marked("Over time"), marked("What there was in each month, and which way it goes."), "monthly.over_time"),
    Page(marked("What if?"), marked("Add a service on paper, or take one away, and see what would change."), "supposing.supposing"),
    Page(marked("Two pages to print"), marked("Need and provision of an area or of the borough, with charts, as a PDF."), "briefs.briefs"),
    Page(marked("How we work this out"), marked("What is counted, what the gap means, and how people are protected."), "insight.method"),
)
