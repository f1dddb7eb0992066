"""A place inside a longer sentence: "someone to talk to near Eastmoor" in, the place and "someone to talk to" out. Pure and bounded.

Only what is surely a place is taken: a full postcode; a name where the words around it say so ("in Eastmoor", "Eastmoor'da",
"Eastmoor میں"); a locality's name that ends the sentence. "Eastmoor Library" and "Friends of Eastmoor" are names of other things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

from portal.localities import spelling
from portal.localities.answer import Place
from portal.localities.gazetteer import Gazetteer
from portal.localities.names import IGNORED
from portal.taxonomy.words import LONGEST_TEXT, words

LONGEST_NAME: Final = 6  # words
BEFORE: Final = frozenset({"in", "near", "at", "around", "by", "nearby", "within"})
NOT_BEFORE: Final = frozenset({"of"})
AFTER: Final = frozenset(
    {
        "with", "for", "and", "or", "but", "on", "to", "from", "who", "that", "which", "where", "when", "while", "because", "as", "so",
        "please", "today", "tonight", "tomorrow", "this", "open", "is", "are", "i", "my", "we", "our", "she", "he", "they", "if",
        "before", "after", "until", "during", "every", "at", "area",
    }
)  # fmt: skip
PLACED_AFTER: Final = tuple(words(text) for text in ("میں", "کے قریب", "yakınında", "civarında", "çevresinde"))
ORDINARY: Final = frozenset(
    {"bank", "bridge", "castle", "central", "church", "green", "hall", "heath", "hill", "park", "station", "town", "university", "village"}
)

_WORD: Final = regex.compile(r"[\w\p{M}]+(?:['’ʼ][\w\p{M}]+)*")
_TURKISH_IN: Final = regex.compile(r"(?<=...)[dt][ae](?:ki|n)?$")  # Eastmoor'da, Millbrook'taki, Old Town'dan
_STOP: Final = regex.compile(r"\s*[,.;:!?)]")
_LOOSE: Final = regex.compile(r"[\s,;:]+(?=[,.;:!?])")


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    folded: str
    stem: str  # without a Turkish "in"; empty where it has none
    is_capital: bool


@dataclass(frozen=True)
class _Named:
    """Words `start` to before `end`, which are a name; `place` is None where that is no one place. `is_inflected`: "Eastmoor'da"."""

    start: int
    end: int
    place: Place | None
    is_inflected: bool = False


def find_in_sentence(text: str, gazetteer: Gazetteer) -> tuple[Place, str] | None:
    """The place that a sentence names, and the sentence without it; None where none is surely named. Reads `LONGEST_TEXT` letters."""
    sentence = text[:LONGEST_TEXT]
    spelt = [_word(match) for match in _WORD.finditer(sentence)]
    named = _postcode(sentence, spelt, gazetteer) or _name(sentence, spelt, gazetteer)
    if named is None or named.place is None:
        return None
    return named.place, _without(sentence, spelt, named)


def _word(match: regex.Match[str]) -> _Word:
    folded = "".join(words(match.group()))
    return _Word(match.start(), match.end(), folded, _TURKISH_IN.sub("", folded), match.group()[0].isupper())


def _postcode(sentence: str, spelt: list[_Word], gazetteer: Gazetteer) -> _Named | None:
    """The last full postcode. One of whose letters some had to be put right counts only if the pack has it."""
    for match in reversed(list(spelling.FULL.finditer(sentence))):
        full = [reading for reading in spelling.readings(" ".join(match.groups())) if reading.form == "full"]
        exact = [reading for reading in full if not reading.changes]
        found = next(filter(None, map(gazetteer.postcodes.known, full)), None) or gazetteer.postcodes.meant(exact)
        if isinstance(found, Place):
            inside = [at for at, word in enumerate(spelt) if word.end > match.start() and word.start < match.end()]
            return _Named(inside[0], inside[-1] + 1, found)
    return None


def _name(sentence: str, spelt: list[_Word], gazetteer: Gazetteer) -> _Named | None:
    at = 0
    while at < len(spelt):
        named = _longest_name(spelt, at, gazetteer)
        if named and named.place and _is_sure(sentence, spelt, named):
            return named
        at = named.end if named else at + 1
    return None


def _longest_name(spelt: list[_Word], start: int, gazetteer: Gazetteer) -> _Named | None:
    """The longest name that begins with this word, so that "Eastmoor Road" is never taken for Eastmoor."""
    for end in range(min(start + LONGEST_NAME, len(spelt)), start, -1):
        plain = [word.folded for word in spelt[start:end] if word.folded not in IGNORED]
        for name in (plain, [*plain[:-1], spelt[end - 1].stem]) if plain else ():
            if places := gazetteer.names.exact(name):
                one = places[0] if len(places) == 1 and places[0].kind != "street" else None
                return _Named(start, end, one, name is not plain and spelt[end - 1].stem != spelt[end - 1].folded)
    return None


def _is_sure(sentence: str, spelt: list[_Word], named: _Named) -> bool:
    """Whether the words around a name say that it is where, not what."""
    before = _before(spelt, named.start)
    if before in NOT_BEFORE or (named.end - named.start == 1 and _is_ordinary(spelt[named.start])):
        return False
    if named.is_inflected or _following(spelt, named.end):
        return True
    is_last = named.end == len(spelt)
    if before in BEFORE:
        return is_last or bool(_STOP.match(sentence, spelt[named.end - 1].end)) or spelt[named.end].folded in AFTER
    return is_last and named.place is not None and named.place.kind == "locality"


def _is_ordinary(word: _Word) -> bool:
    return word.folded in ORDINARY and not word.is_capital


def _before(spelt: list[_Word], start: int) -> str:
    """The word before, passing over "the"."""
    return next((word.folded for word in reversed(spelt[:start]) if word.folded not in IGNORED), "")


def _following(spelt: list[_Word], end: int) -> int:
    """How many words after a name say that something is there, as in Urdu and Turkish."""
    after = tuple(word.folded for word in spelt[end : end + 2])
    return next((len(phrase) for phrase in PLACED_AFTER if after[: len(phrase)] == phrase), 0)


def _without(sentence: str, spelt: list[_Word], named: _Named) -> str:
    """The sentence without the name, the "in" before it and what follows it in other languages."""
    start, end = named.start, named.end + _following(spelt, named.end)
    if start and spelt[start - 1].folded in BEFORE:
        start -= 1
    left = f"{sentence[: spelt[start].start]} {sentence[spelt[end - 1].end :]}"
    return str(_LOOSE.sub("", " ".join(left.split()))).strip(" ,;:-–—")
