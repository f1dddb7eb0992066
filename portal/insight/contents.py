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
    Page(
        marked("What every area should have"),
        marked("What the council names for every area, and where it is still to come."),
        "offer.offer",
    ),
)
