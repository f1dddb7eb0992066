"""What a page of advice, or about the site itself, is: frozen, whole and ready to show; and all of them, by name and language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from markupsafe import Markup

from portal.errors import NotFound
from portal.i18n.languages import SOURCE
from portal.taxonomy.terms import Group, Need

ADVICE: Final = "advice"
SITE: Final = "site"
SITE_SLUGS: Final = ("about", "using-this-site", "privacy", "accessibility", "contact")


@dataclass(frozen=True)
class Source:
    """Where a page's facts were read, and when."""

    name: str
    url: str
    checked_on: date


@dataclass(frozen=True)
class Page:
    """One page in one language. `body` is safe HTML whose links within the site are still names: see `rendering.resolve_links`.

    `who` says in a sentence who it is for; empty on pages about the site. `is_draft`: no native speaker has checked this
    translation yet. `is_outdated`: the English has changed since.
    """

    slug: str
    language: str
    title: str
    lead: str
    who: str
    body: Markup
    group: Group | None
    needs: tuple[Need, ...]
    owner: str
    reviewed_on: date
    review_by: date
    sources: tuple[Source, ...]
    is_draft: bool = False
    is_outdated: bool = False

    @property
    def is_sensitive(self) -> bool:
        """Whether somebody may be in danger when seen reading it."""
        return any(need.is_sensitive for need in self.needs)


@dataclass(frozen=True)
class Shelf:
    """The advice pages of one group of needs."""

    group: Group
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Pages:
    """Every page by (kind, slug, language), and the groups in the taxonomy's order. English is always there."""

    by_name: Mapping[tuple[str, str, str], Page]
    groups: tuple[Group, ...]

    @property
    def advice_slugs(self) -> tuple[str, ...]:
        """Names of the advice pages, in order."""
        return tuple(sorted({slug for kind, slug, _ in self.by_name if kind == ADVICE}))

    def get_page(self, kind: str, slug: str, language: str) -> Page:
        """The page in `language`, else in English: see its own `language`. Raises `NotFound` for a slug that is not there."""
        page = self.by_name.get((kind, slug, language)) or self.by_name.get((kind, slug, SOURCE))
        if page is None:
            raise NotFound(f"No {kind} page is called {slug!r}.")
        return page

    def list_shelves(self, language: str) -> tuple[Shelf, ...]:
        """Advice pages by group, titles in alphabetical order; groups without a page are left out."""
        slugs = self.advice_slugs
        pages = sorted((self.get_page(ADVICE, slug, language) for slug in slugs), key=lambda page: page.title)
        shelves = (Shelf(group, tuple(page for page in pages if page.group == group)) for group in self.groups)
        return tuple(shelf for shelf in shelves if shelf.pages)


def with_checks(pages: Pages, checks: Iterable[tuple[str, date]]) -> Pages:
    """The pages, with the days on which the council last found them still right: ("advice/benefits", the day).

    The next review is then as long after that day as the author allowed. A translation that is older than its English was not what
    was checked: it keeps its own day. A day before the author's own says nothing new.
    """
    days = dict(checks)
    return replace(
        pages,
        by_name={key: _checked(page, pages.by_name[*key[:2], SOURCE], days.get("/".join(key[:2]))) for key, page in pages.by_name.items()},
    )


def _checked(page: Page, english: Page, day: date | None) -> Page:
    if day is None or day <= english.reviewed_on:
        return page
    review_by = day + (english.review_by - english.reviewed_on)
    return replace(page, review_by=review_by, reviewed_on=page.reviewed_on if page.is_outdated else max(day, page.reviewed_on))
