"""Which languages a script speaks for: typed text in, codes of languages it is plainly written in out. Never a guess from words."""

from __future__ import annotations

from typing import Final

import regex

ENOUGH: Final = 3  # letters of a script: fewer may be a name or a slip
_SCRIPTS: Final = {"bn": regex.compile(r"\p{Bengali}"), "pa": regex.compile(r"\p{Gurmukhi}")}
_ARABIC: Final = regex.compile(r"\p{Arabic}")
_URDU_ONLY: Final = regex.compile("[ٹڈڑںےہھۃۓ]")
_ARABIC_ONLY: Final = regex.compile("[ةىكيإؤ]")


def written_in(text: str) -> tuple[str, ...]:
    """Codes of the languages that the script of `text` is used for here; both Urdu and Arabic where its letters are in both."""
    if text.isascii():  # as in most questions
        return ()
    if len(_ARABIC.findall(text)) >= ENOUGH:
        urdu, arabic = bool(_URDU_ONLY.search(text)), bool(_ARABIC_ONLY.search(text))
        return ("ur",) if urdu and not arabic else ("ar",) if arabic and not urdu else ("ur", "ar")
    return tuple(code for code, script in _SCRIPTS.items() if len(script.findall(text)) >= ENOUGH)
