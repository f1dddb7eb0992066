"""The words of closed lists, as a spreadsheet has them: the taxonomy, languages and areas in, ids for words and words for ids out.

Words are English, as listings are: the same file must be read the same way on every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from babel import Locale
from rapidfuzz import fuzz, process

from portal.directory.openreferral.values.words import code_of_language
from portal.directory.record import AreaEntry, LanguageEntry
from portal.editing.spreadsheet.table import Unclear, folded
from portal.i18n.text import gettext
from portal.taxonomy.terms import Taxonomy

STATES: Final = {"active": "Open", "temporarily closed": "Closed for now", "inactive": "Not shown", "defunct": "Ended"}
WAYS: Final = {"in-person": "You go there", "home": "Comes to you", "online": "Online", "phone": "By phone"}
_SPOKEN: Final = {"bengali": "bn", "bangla": "bn", "sylheti": "syl", "punjabi": "pa"}
_SAME: Final = 90.0  # per cent alike: a slip of the finger
_NEAR: Final = 55.0


@dataclass(frozen=True)
class Choices:
    """One closed list: `labels` by id. `also` are other words for an id."""

    labels: Mapping[str, str]
    also: Mapping[str, str]

    def write(self, ids: Iterable[str]) -> str:
        """The words for these ids; an id that is not known stands for itself."""
        return "; ".join(self.labels.get(each, each) for each in ids)

    def read(self, text: str) -> tuple[str, ...]:
        """The ids of what is named, each once. Raises `Unclear`, with the nearest word, for what is not on the list."""
        found = [each for piece in re.split(r"[;\n|]", text) if piece.strip() for each in self._read_piece(piece)]
        return tuple(dict.fromkeys(found))

    def _read_piece(self, piece: str) -> list[str]:
        """A piece between semicolons may be one choice with commas in it, or several between commas."""
        if whole := self._find(piece):
            return [whole]
        parts, found = [part.strip() for part in piece.split(",") if part.strip()], []
        while parts:
            joined = ((size, self._find(", ".join(parts[:size]))) for size in range(len(parts), 0, -1))
            size, one = next(((size, one) for size, one in joined if one), (0, ""))
            if not one:
                raise self._unknown(parts[0])
            found.append(one)
            parts = parts[size:]
        return found

    def _find(self, said: str) -> str:
        known = self._known
        key = folded(said)
        if key in known:
            return known[key]
        near = process.extractOne(key, known.keys(), scorer=fuzz.ratio, score_cutoff=_SAME)
        return known[near[0]] if near and len(key) > 4 else ""

    @cached_property
    def _known(self) -> dict[str, str]:
        words = {folded(word): each for word, each in self.also.items()}
        return words | {folded(each): each for each in self.labels} | {folded(label): each for each, label in self.labels.items()}

    def _unknown(self, said: str) -> Unclear:
        near = process.extractOne(
            folded(said), {each: folded(label) for each, label in self.labels.items()}, scorer=fuzz.WRatio, score_cutoff=_NEAR
        )
        if near:
            return Unclear(gettext("We do not know “%(said)s”. Did you mean “%(near)s”?", said=said[:60], near=self.labels[near[2]]))
        return Unclear(gettext("We do not know “%(said)s”. The words to choose from are in the template.", said=said[:60]))


@dataclass(frozen=True)
class Words:
    """All closed lists. `areas` are names by extent: localities, the borough, the country."""

    needs: Choices
    who_for: Choices
    ways: Choices
    states: Choices
    areas: Mapping[str, str]

    def write_area(self, area: AreaEntry) -> str:
        """The name of an area."""
        return area.name or self.areas.get(area.extent, area.extent)

    def read_area(self, text: str) -> AreaEntry:
        """An area that we know, or one that is words only."""
        by_name = {folded(name): extent for extent, name in self.areas.items()}
        extent = by_name.get(folded(text)) or (text.casefold() if text.casefold() in self.areas else "")
        return AreaEntry(extent, self.areas[extent] if extent else text)


def words_of(taxonomy: Taxonomy, areas: Mapping[str, str]) -> Words:
    """The lists of this pack."""
    return Words(
        needs=Choices({need.id: need.label for need in taxonomy.needs.values()}, {}),
        who_for=Choices(
            {each.id: each.label for each in taxonomy.audiences.values()}, {"carers": "carer", "families": "family", "children": "family"}
        ),
        ways=Choices(
            WAYS,
            {"in person": "in-person", "at home": "home", "home visits": "home", "telephone": "phone", "phone": "phone", "web": "online"},
        ),
        states=Choices(
            STATES,
            {
                "closed": "defunct",
                "live": "active",
                "published": "active",
                "paused": "temporarily closed",
                "temporarily closed": "temporarily closed",
            },
        ),
        areas=areas,
    )


def write_language(language: LanguageEntry) -> str:
    """The English name of a language."""
    return language.name or _names().get(language.code, language.code)


def read_language(text: str) -> LanguageEntry:
    """A language by its English name or its code. Raises `Unclear`."""
    name = text.strip()
    code = _SPOKEN.get(name.casefold()) or code_of_language(name) or (name.casefold() if name.casefold() in _names() else "")
    if not code:
        near = process.extractOne(
            name.casefold(), {each: label.casefold() for each, label in _names().items()}, scorer=fuzz.ratio, score_cutoff=70
        )
        if near:
            raise Unclear(gettext("We do not know “%(said)s”. Did you mean “%(near)s”?", said=name[:60], near=_names()[near[2]]))
        raise Unclear(gettext("“%(said)s” is not a language that we know. Write its English name.", said=name[:60]))
    return LanguageEntry(code, _names().get(code, name))


@cache
def _names() -> dict[str, str]:
    names = {code: name for code, name in Locale("en").languages.items() if re.fullmatch("[a-z]{2,3}", code)}
    return names | {"bfi": "British Sign Language", "bn": "Bengali", "pa": "Panjabi"}
