"""All pages read once, when a process starts: the pack's own file where it has one, else the project's; frozen `Pages` out.

Whatever is wrong with a file stops the start and says which file and what to mend, so that no reader meets it: front matter
that is not complete, needs and pages that do not exist, placeholders that nobody fills, a page without its English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.advice.page import ADVICE, SITE, SITE_SLUGS, Page, Pages
from portal.advice.rendering import InnerLink, fill_text, list_inner_links, render
from portal.advice.writing import DRAFT, Writing, read_writing
from portal.config import Settings
from portal.errors import ContentError
from portal.i18n.languages import SOURCE
from portal.pack import Pack, find_file
from portal.taxonomy.terms import Taxonomy, load_taxonomy


@dataclass(frozen=True)
class _Shared:
    """What every page is made with."""

    pack: Pack
    taxonomy: Taxonomy


def load_pages(settings: Settings, pack: Pack) -> Pages:
    """Read every page in the pack's languages. Raises `ContentError`, naming the file and what is wrong in it."""
    shared = _Shared(pack, load_taxonomy(find_file(settings, "taxonomy.yaml")))
    pages: dict[tuple[str, str, str], Page] = {}
    for kind in (ADVICE, SITE):
        for slug, paths in _paths_by_slug(settings, kind).items():
            pages |= {(kind, slug, page.language): page for page in _read_page(kind, slug, paths, shared)}
    if missing := [slug for slug in SITE_SLUGS if (SITE, slug, SOURCE) not in pages]:
        raise ContentError(f"{settings.base_content / SITE}: {', '.join(missing)} missing: every page of the site links to them.")
    found = Pages(pages, tuple(shared.taxonomy.groups.values()))
    for (kind, slug, language), page in pages.items():
        _check_links(f"{kind}/{slug}/{language}.md", page, found, shared.taxonomy)
    return found


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
    for language in shared.pack.languages:
        if path := paths.get(language):
            writing = english if language == SOURCE else read_writing(path, is_translation=True)
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
        title=fill_text(writing.title, shared.pack),
        lead=fill_text(writing.lead, shared.pack),
        body=render(writing.body, shared.pack, language),
        group=shared.taxonomy.groups.get(english.group),
        needs=tuple(shared.taxonomy.needs[need] for need in english.needs),
        owner=fill_text(writing.owner, shared.pack),
        reviewed_on=writing.reviewed_on,
        review_by=english.review_by or english.reviewed_on,
        sources=english.sources,
        is_draft=writing.state == DRAFT,
        is_outdated=language != SOURCE and writing.translates != english.fingerprint,
    )


def _check_links(place: str, page: Page, pages: Pages, taxonomy: Taxonomy) -> None:
    for link in list_inner_links(page.body):
        if not _leads_somewhere(link, pages, taxonomy):
            raise ContentError(f"{place}: {link.kind}:{link.name} leads nowhere.")


def _leads_somewhere(link: InnerLink, pages: Pages, taxonomy: Taxonomy) -> bool:
    if link.kind == "page":
        return (ADVICE, link.name, SOURCE) in pages.by_name
    if link.kind == "site":
        return link.name in SITE_SLUGS
    return link.kind != "need" or link.name in taxonomy.needs
