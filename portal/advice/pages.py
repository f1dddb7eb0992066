"""All pages read once, when a process starts: the pack's own file where it has one, else the project's; frozen `Pages` out.

Whatever is wrong with a file stops the start and says which file and what to mend, so that no reader meets it: front matter
that is not complete, needs and pages that do not exist, placeholders that nobody fills, a page without its English.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from portal import clock
from portal.advice.easy_read import FOLDER, URGENT, EasyRead, load_easy_reads
from portal.advice.money import financial_year, load_money
from portal.advice.page import ADVICE, SITE, SITE_SLUGS, Page, Pages, with_checks
from portal.advice.rendering import InnerLink, fill_text, list_inner_links, render
from portal.advice.writing import DRAFT, Writing, read_writing
from portal.config import Settings
from portal.council.facts import NO_FACTS, Facts, with_front_door
from portal.errors import ContentError
from portal.i18n.languages import SOURCE
from portal.pack import Pack, find_file
from portal.taxonomy.terms import Taxonomy, load_taxonomy

KEPT: Final = 4  # years, and states of the council's facts


@dataclass(frozen=True)
class _Shared:
    """What every page is made with."""

    languages: tuple[str, ...]
    taxonomy: Taxonomy
    values: Mapping[str, str]


@dataclass(frozen=True)
class _Book:
    """Every page and Easy Read, made with the same values."""

    pages: Pages
    easy_reads: Mapping[str, EasyRead]


class Library:
    """Every page as it is on a day, with what the council wrote beside the files (`Facts`).

    Made once for each financial year and each state of the facts, of which the last few are kept. Safe between threads.
    """

    def __init__(self, settings: Settings, pack: Pack) -> None:
        self._settings = settings
        self._pack = pack
        self._books: dict[tuple[int, Facts], _Book] = {}
        self._checked: dict[tuple[int, Facts], Pages] = {}
        self._making = threading.Lock()
        self._check_easy_reads()

    def on(self, day: date, facts: Facts = NO_FACTS) -> Pages:
        """The pages as they are on `day`. Raises `ContentError` as `load_pages` does."""
        key = (financial_year(day), facts)
        with self._making:
            if key not in self._checked:
                pages = self._book(day, facts).pages
                _keep(self._checked, key, with_checks(pages, facts.checks) if facts.checks else pages)
            return self._checked[key]

    def easy_reads_on(self, day: date, facts: Facts = NO_FACTS) -> Mapping[str, EasyRead]:
        """Easy Reads by slug. Urgent help's keeps to the files, as its page does."""
        with self._making:
            own = self._book(day, NO_FACTS).easy_reads
            found = self._book(day, facts).easy_reads
        return {**found, **({URGENT: own[URGENT]} if URGENT in own else {})}

    @property
    def easy_reads(self) -> Mapping[str, EasyRead]:
        """Easy Reads as the files have them today."""
        return self.easy_reads_on(clock.today())

    def _book(self, day: date, facts: Facts) -> _Book:
        key = (financial_year(day), replace(facts, checks=()))
        if key not in self._books:
            folders = (self._settings.base_content, self._settings.content)
            easy_reads = load_easy_reads(folders, _values(self._settings, self._pack, day, facts))
            _keep(self._books, key, _Book(load_pages(self._settings, self._pack, day, facts), easy_reads))
        return self._books[key]

    def _check_easy_reads(self) -> None:
        pages, taxonomy = self.on(clock.today()), load_taxonomy(find_file(self._settings, "taxonomy.yaml"))
        for slug, easy_read in self.easy_reads.items():
            if slug != URGENT and not any(kind_slug == slug for _, kind_slug, _ in pages.by_name):
                raise ContentError(f"{FOLDER}/{slug}.yaml: there is no page of this name.")
            for line in (line for part in easy_read.parts for line in part.lines):
                _check_links(f"{FOLDER}/{slug}.yaml", line.text, pages, taxonomy)


def _keep(kept: dict[tuple[int, Facts], Any], key: tuple[int, Facts], value: object) -> None:
    """Remember `value`, and forget the oldest of more than a few."""
    kept[key] = value
    while len(kept) > KEPT:
        del kept[next(iter(kept))]


def load_pages(settings: Settings, pack: Pack, day: date, facts: Facts = NO_FACTS) -> Pages:
    """Read every page in the pack's languages, with the amounts of money of `day`; `facts` take the place of the files' own.

    Raises `ContentError`, naming the file and what is wrong in it.
    """
    shared = _Shared(pack.languages, load_taxonomy(find_file(settings, "taxonomy.yaml")), _values(settings, pack, day, facts))
    pages: dict[tuple[str, str, str], Page] = {}
    for kind in (ADVICE, SITE):
        for slug, paths in _paths_by_slug(settings, kind).items():
            pages |= {(kind, slug, page.language): page for page in _read_page(kind, slug, paths, shared)}
    if missing := [slug for slug in SITE_SLUGS if (SITE, slug, SOURCE) not in pages]:
        raise ContentError(f"{settings.base_content / SITE}: {', '.join(missing)} missing: every page of the site links to them.")
    found = Pages(pages, tuple(shared.taxonomy.groups.values()))
    for (kind, slug, language), page in pages.items():
        _check_links(f"{kind}/{slug}/{language}.md", page.body, found, shared.taxonomy)
    return found


def _values(settings: Settings, pack: Pack, day: date, facts: Facts) -> dict[str, str]:
    """Every placeholder and what fills it on `day`."""
    amounts = load_money(find_file(settings, "money.yaml")).amounts_on(day)
    ours = facts.amounts_of(financial_year(day))
    values = pack_values(with_front_door(pack, facts.front_door))
    return {**values, **{f"money.{name}": ours.get(name, amount) for name, amount in amounts.items()}}


def pack_values(pack: Pack) -> dict[str, str]:
    """The placeholders that a pack fills; empty where it has nothing."""
    door = pack.front_door
    return {
        "council": pack.council,
        "borough": pack.borough,
        "site": pack.site,
        "front_door_name": door.name,
        "front_door_number": door.number,
        "front_door_hours": door.hours,
        "email": door.email,
        "address": pack.address,
        "website": pack.website,
    }


def _paths_by_slug(settings: Settings, kind: str) -> dict[str, dict[str, Path]]:
    found: dict[str, dict[str, Path]] = {}
    for folder in (settings.base_content, settings.content):  # the pack comes last, so its own file wins
        for path in sorted((folder / kind).glob("*/*.md")):
            found.setdefault(path.parent.name, {})[path.stem] = path
    return found


def _read_page(kind: str, slug: str, paths: Mapping[str, Path], shared: _Shared) -> list[Page]:
    """The page in each language that the pack offers and a file speaks."""
    if SOURCE not in paths:
        raise ContentError(f"{next(iter(paths.values())).parent}: {SOURCE}.md is missing, which other languages fall back to.")
    english = read_writing(paths[SOURCE], is_translation=False)
    if (kind == ADVICE) != (english.group in shared.taxonomy.groups):
        raise ContentError(
            f"{paths[SOURCE]}: group {english.group!r} must be a group of the taxonomy for advice, and nothing else for the site."
        )
    pages = []
    for language in shared.languages:
        if path := paths.get(language):
            writing = english if language == SOURCE else read_writing(path, is_translation=True)
            if (kind == ADVICE) != bool(writing.who):
                raise ContentError(f"{path}: advice says in `who` for whom it is; pages about the site do not.")
            try:
                pages.append(_page(slug, language, (writing, english), shared))
            except ContentError as error:
                raise ContentError(f"{path}: {error}") from error
    return pages


def _page(slug: str, language: str, writings: tuple[Writing, Writing], shared: _Shared) -> Page:
    writing, english = writings
    if unknown := [need for need in english.needs if need not in shared.taxonomy.needs]:
        raise ContentError(f"needs {', '.join(unknown)} are not in the taxonomy.")
    return Page(
        slug=slug,
        language=language,
        title=fill_text(writing.title, shared.values),
        lead=fill_text(writing.lead, shared.values),
        who=fill_text(writing.who, shared.values),
        body=render(writing.body, shared.values, language),
        group=shared.taxonomy.groups.get(english.group),
        needs=tuple(shared.taxonomy.needs[need] for need in english.needs),
        owner=fill_text(writing.owner, shared.values),
        reviewed_on=writing.reviewed_on,
        review_by=english.review_by or english.reviewed_on,
        sources=english.sources,
        is_draft=writing.state == DRAFT,
        is_outdated=language != SOURCE and writing.translates != english.fingerprint,
    )


def _check_links(place: str, body: Markup, pages: Pages, taxonomy: Taxonomy) -> None:
    for link in list_inner_links(body):
        if not _leads_somewhere(link, pages, taxonomy):
            raise ContentError(f"{place}: {link.kind}:{link.name} leads nowhere.")


def _leads_somewhere(link: InnerLink, pages: Pages, taxonomy: Taxonomy) -> bool:
    if link.kind == "page":
        return (ADVICE, link.name, SOURCE) in pages.by_name
    if link.kind == "site":
        return link.name in SITE_SLUGS
    return link.kind != "need" or link.name in taxonomy.needs
