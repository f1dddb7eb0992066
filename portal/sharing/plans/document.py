"""A plan as a document and as plain text: what it says and in which language in; UTF-8 text out, fit for a message or to read aloud.

The same `Document` becomes a PDF (see `pdf`). In a language written from right to left, telephone numbers, money and English names
stay readable: they are isolated with U+2066 and U+2069 where they would be turned around, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import regex

from portal.i18n.languages import direction
from portal.typed import lines

LONGEST: Final = 2_000  # letters of one piece of text: far more than any listing says
_TICK: Final = "[ ] "
_LETTER: Final = regex.compile(r"\X")  # as people count: with its vowels and accents
_WORD: Final = r"[\p{Latin}0-9][\p{Latin}\p{M}0-9]*"
_HYPHEN: Final = r"(?<=\p{Latin}|\d{3})-|-(?=\p{Latin}|\d{3})"  # but 9-5 goes in the direction of its sentence
_JOIN: Final = rf"(?:,? | & |://|(?<=\d),(?=\d)|{_HYPHEN}|[.:'’&/@_+])"
_RUN: Final = rf"{_WORD}(?:{_JOIN}{_WORD})*+"
_LEFT_TO_RIGHT: Final = regex.compile(rf"(?:\({_RUN}\)|[+£$€#]?{_RUN})(?:{_JOIN}?\({_RUN}\)|{_JOIN}{_RUN})*+/?")
# What stands right in any sentence: a number alone; from letter to letter or number, unless a number of the sentence comes next.
_SAFE: Final = regex.compile(r"[0-9]+|\p{Latin}(?:[^\p{Arabic}\p{Hebrew}]*[\p{Latin}\p{M}0-9])?")
_NUMBER_NEXT: Final = regex.compile(r"\P{L}*[0-9]")


@dataclass(frozen=True)
class Words:
    """Text with the code of its language; no code means the document's own."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Entry:
    """One service, step or number. `is_tick` puts an empty box before it, to tick on paper."""

    title: Words | None
    lines: tuple[Words, ...]
    is_tick: bool = False


@dataclass(frozen=True)
class Section:
    """Entries under a title. `is_urgent` sets it apart in red."""

    title: str
    intro: str = ""
    entries: tuple[Entry, ...] = ()
    is_urgent: bool = False


@dataclass(frozen=True)
class Document:
    """A plan. `language` is a code; `made_on` a day in words of that language; each of `intro` and `closing` is a paragraph."""

    title: str
    language: str
    site: str
    made_on: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...] = ()


def to_text(document: Document) -> str:
    """The document as plain text: each section's title over a line of dashes, paragraphs and entries apart by an empty line."""
    parts = [document.title, f"{document.site} · {document.made_on}", *document.intro]
    written = [readable(part, document.language) for part in parts if part]
    for section in document.sections:
        written += _section(section, document.language)
    written += [readable(part, document.language) for part in document.closing]
    return "\n\n".join(part for part in written if part) + "\n"


def readable(text: str, own: str, language: str = "") -> str:
    """`text` without marks that nobody sees, and with what runs left to right isolated in a document of right-to-left letters.

    `own` is the language of the document, `language` that of the text when it is another.
    """
    clean = lines(text, LONGEST)
    if direction(own) == "ltr":
        return clean
    if direction(language or own) == "ltr":
        return "\n".join(line if _SAFE.fullmatch(line) else _isolated(line) for line in clean.split("\n"))
    return str(_LEFT_TO_RIGHT.sub(_isolated_run, clean))


def _section(section: Section, own: str) -> Iterator[str]:
    title = readable(section.title, own)
    yield f"\n{title}\n{'-' * len(_LETTER.findall(section.title))}"
    yield readable(section.intro, own)
    for entry in section.entries:
        yield _entry(entry, own)


def _entry(entry: Entry, own: str) -> str:
    pieces: Iterable[Words] = (entry.title, *entry.lines) if entry.title else entry.lines
    said = [line for words in pieces for line in readable(words.text, own, words.language).split("\n") if line]
    if not entry.is_tick:
        return "\n".join(said)
    return _TICK + f"\n{' ' * len(_TICK)}".join(said)


def _isolated_run(run: regex.Match[str]) -> str:
    stands = _SAFE.fullmatch(run[0]) and (run[0].isdecimal() or not _NUMBER_NEXT.match(run.string, run.end()))
    return run[0] if stands else _isolated(run[0])


def _isolated(text: str) -> str:
    return f"\u2066{text}\u2069"
