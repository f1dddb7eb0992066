"""What changes in one field, word by word or line by line: lines before and after in, marked pieces out, for `<del>` and `<ins>`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from portal.editing.saying import Line

LEAST_ALIKE: Final = 0.5  # of two lines, below which one is not the other with changes
FEW_WORDS: Final = 12  # of a line that is read at a glance: it is not cut into words
MOST_WORDS: Final = 600  # of a line, above which it is not cut into words
_WORDS: Final = re.compile(r"\S+\s*")


class Mark(StrEnum):
    """Whether words stay, go or come."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Words that stay, go or come together."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Marked:
    """One line, as pieces. `lang` as of a `Line`."""

    pieces: tuple[Piece, ...]
    lang: str = ""


def compare(before: Sequence[Line], after: Sequence[Line]) -> tuple[Marked, ...]:
    """Every line of both, in their order; a line that is much like the one it takes the place of, word by word."""
    return tuple(_lines(list(before), list(after)))


def _lines(before: list[Line], after: list[Line]) -> Iterator[Marked]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (_whole(Mark.KEPT, line) for line in after[c:d])
            continue
        old, new = before[a:b], after[c:d]
        for number in range(max(len(old), len(new))):
            yield from _pair(old[number] if number < len(old) else None, new[number] if number < len(new) else None)


def _pair(old: Line | None, new: Line | None) -> Iterator[Marked]:
    if old and new and old.lang == new.lang:
        gone, come = _WORDS.findall(old.text), _WORDS.findall(new.text)
        matcher = SequenceMatcher(None, gone, come, autojunk=False)
        if FEW_WORDS < max(len(gone), len(come)) <= MOST_WORDS and matcher.ratio() >= LEAST_ALIKE:
            yield Marked(tuple(_pieces(matcher, gone, come)), new.lang)
            return
    if old:
        yield _whole(Mark.GONE, old)
    if new:
        yield _whole(Mark.NEW, new)


def _pieces(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(Mark.KEPT, "".join(new[c:d]))
            continue
        if b > a:
            yield Piece(Mark.GONE, "".join(old[a:b]))
        if d > c:
            yield Piece(Mark.NEW, "".join(new[c:d]))


def _whole(mark: Mark, line: Line) -> Marked:
    return Marked((Piece(mark, line.text),), line.lang)
