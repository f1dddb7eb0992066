"""What the pages of the editor's desk are given, and what a page of writing may choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from sqlalchemy import Engine

from portal import clock
from portal.db import reading
from portal.directory.record import VenueEntry
from portal.editing.desk.places import list_places_at
from portal.editing.writing.page import Offer
from portal.errors import IndexUnavailable
from portal.i18n.languages import SOURCE
from portal.localities.gazetteer import Gazetteer
from portal.pack import Pack
from portal.search.index import Index
from portal.search.laywords import SPOKEN, LayWords
from portal.search.understanding import understand
from portal.taxonomy.terms import Taxonomy
from portal.taxonomy.words import words

SIGNED = {"bfi": "British Sign Language"}


@dataclass(frozen=True)
class DeskRoom:
    """What these pages share. `questions`: language → need → what people type (see `checks.findable`)."""

    engine: Engine
    pack: Pack
    taxonomy: Taxonomy
    gazetteer: Gazetteer
    laywords: LayWords
    index: Index
    questions: Mapping[str, Mapping[str, tuple[str, ...]]]

    def offer(self, language: str) -> Offer:
        """What a page of writing may choose from, for a page in this language."""
        return Offer(
            pack=self.pack,
            taxonomy=self.taxonomy,
            gazetteer=self.gazetteer,
            places_at=self.places_at,
            needs_in=lambda written: self.needs_in(written, language),
            language_names=language_names(),
            today=clock.today(),
        )

    def places_at(self, postcode: str) -> Sequence[VenueEntry]:
        """Public places that we know at a postcode."""
        with reading(self.engine) as session:
            return list_places_at(session, postcode)

    def needs_in(self, written: str, language: str) -> tuple[str, ...]:
        """Needs that words speak of, then those that they hint at: as search hears them, or from the books alone while it is away."""
        try:
            question = understand(written, language, self.laywords, self.index.snapshot().lexicon)
        except IndexUnavailable:
            heard = self.laywords.hear(words(written), language)
            return tuple(dict.fromkeys((*heard.needs, *heard.hints)))
        return tuple(dict.fromkeys((*question.needs, *question.hints)))

    def hears(self, question: str, language: str) -> tuple[str, ...]:
        """The needs that search surely hears in a question."""
        try:
            return understand(question, language, self.laywords, self.index.snapshot().lexicon).needs
        except IndexUnavailable:
            return self.laywords.hear(words(question), language).needs


def language_names() -> dict[str, str]:
    """Languages that listings are likely to be offered in, by code; names in English, as listings have them."""
    english = Locale.parse(SOURCE).languages
    return {**SIGNED, **{code: str(english[code]) for code in SPOKEN if code in english}}
