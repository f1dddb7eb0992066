"""How far each language of the site is, for editors: catalogues, advice pages and word books in, a page and lines for a terminal out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from flask import Blueprint, Flask, Response, render_template

from portal import clock
from portal.advice.page import Page
from portal.advice.pages import Library
from portal.config import Settings
from portal.i18n.catalogues import count_whole
from portal.i18n.checked import PARTS, Check, Checked, load_checked
from portal.i18n.languages import SOURCE, Language, choose
from portal.i18n.text import marked
from portal.pack import load_pack, read_yaml
from portal.ui.caching import public

PART_NAMES: Final = {
    "messages": marked("The words of pages, forms and errors"),
    "urgent": marked("Urgent help"),
    "search": marked("The words that search listens for"),
}


@dataclass(frozen=True)
class LanguageState:
    """One language. `checks` has each of `PARTS`, and who checked it or None; `messages` is (translated, all); pages count advice too."""

    language: Language
    messages: tuple[int, int]
    checks: dict[str, Check | None]
    pages: int
    english_pages: int
    outdated_pages: int
    checked_pages: int
    needs: int
    urgent_phrases: int

    @property
    def is_source(self) -> bool:
        """Whether the others are translated from it."""
        return self.language.code == SOURCE


def language_states(settings: Settings) -> list[LanguageState]:
    """Each language of the pack. Raises `ContentError` for content that cannot be read."""
    pack = load_pack(settings)
    pages = list(Library(settings, pack).on(clock.today()).by_name.values())
    checked = load_checked(settings.translations)
    return [_state(settings, language, pages, checked) for language in choose(pack.languages)]


def _state(settings: Settings, language: Language, pages: list[Page], checked: Checked) -> LanguageState:
    code = language.code
    own = [page for page in pages if page.language == code]
    needs, urgent = (settings.lexicon / kind / f"{code}.yaml" for kind in ("needs", "urgent"))
    return LanguageState(
        language=language,
        messages=count_whole(settings.translations, code),
        checks={part: checked.checks.get((code, part)) for part in PARTS},
        pages=len(own),
        english_pages=sum(page.language == SOURCE for page in pages),
        outdated_pages=sum(page.is_outdated for page in own),
        checked_pages=sum(not page.is_draft for page in own),
        needs=len(read_yaml(needs)) if needs.exists() else 0,
        urgent_phrases=sum(len(kind["say"]) for kind in read_yaml(urgent).values()) if urgent.exists() else 0,
    )


def lines(states: list[LanguageState]) -> Iterator[str]:
    """One line a language for a terminal."""
    for it in states:
        drafts = [part for part in PARTS if it.checks[part] is None]
        if it.is_source:
            yield f"{it.language.code}  the source: {it.messages[1]} messages, {it.pages} pages"
            continue
        checks = f"machine draft: {', '.join(drafts)}" if drafts else "checked by a person"
        yield (
            f"{it.language.code}  {it.messages[0]} of {it.messages[1]} messages translated; {it.pages} of {it.english_pages} pages, "
            f"{it.outdated_pages} outdated, {it.checked_pages} checked by a person; "
            f"{it.needs} needs, {it.urgent_phrases} urgent phrases; {checks}"
        )


def install(app: Flask, of_language: str, settings: Settings) -> None:
    """Serve the page. It is worked out once a process: content changes with a start."""
    views = Blueprint("states", __name__)

    @cache
    def states() -> list[LanguageState]:
        return language_states(settings)

    @views.get("/languages/state")
    def languages() -> Response:
        return public(render_template("web/language_states.html", states=states(), parts=PART_NAMES))

    app.register_blueprint(views, url_prefix=of_language)
