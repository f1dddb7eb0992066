"""Text in, plain text out: no markup, no entities, no mojibake, no control characters; paragraphs and list dashes kept.

ZWNJ and ZWJ stay (Urdu and Persian need them); characters that turn the reading order round go.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

import nh3
import regex

from portal.directory.openreferral.rows import Action, Cleaned, Remark

LONGEST_LINE: Final = 500
LONGEST_PROSE: Final = 20_000
MOST_PASSES: Final = 4  # markup inside entities inside markup: real text is never deeper
EMPTY: Final = frozenset({"null", "n/a", "na", "nan", "undefined", "-", "--", "nil", "tbc", "\\n"})

_ODD: Final = regex.compile(r"[\p{Cc}\p{Cs}\p{Cn}\u00ad\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff--[\n\t]]", regex.V1)
_TAG: Final = re.compile(r"<+(?=[A-Za-z/!?])")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_ITEM: Final = re.compile(r"\s*<li\b[^>]*>\s*", re.IGNORECASE)
_BREAK: Final = re.compile(r"\s*<(?:br|/?(?:ul|ol|tr|dl|dt|dd))\b[^>]*>\s*", re.IGNORECASE)
_BLOCK: Final = re.compile(r"\s*</?(?:p|div|h[1-6]|section|article|table|blockquote|hr)\b[^>]*>\s*", re.IGNORECASE)
_SPACES: Final = re.compile(r"[^\S\n]+")
_BLANKS: Final = re.compile(r" ?\n ?(?:\n ?)+")
_EDGES: Final = re.compile(r" ?\n ?")
# UTF-8 read as Windows-1252 shows as a run that starts with one of these letters and goes on with upper Latin-1 or its signs.
_UPPER: Final = "\u0080-\u00bf" + bytes(code for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)).decode("cp1252")
_MOJIBAKE: Final = re.compile(f"(?:[Â-ß][{_UPPER}]|[à-ï][{_UPPER}]{{2}}|[ð-ô][{_UPPER}]{{3}})+")


def clean_line(raw: object) -> Cleaned:
    """Text on one line, `LONGEST_LINE` letters at most."""
    found = clean_prose(raw, LONGEST_LINE)
    return Cleaned(" ".join(found.value.split()) or None, found.remarks) if isinstance(found.value, str) else found


def clean_prose(raw: object, longest: int = LONGEST_PROSE) -> Cleaned:
    """Text in paragraphs, `longest` letters at most."""
    text = as_text(raw)
    if text is None:
        return Cleaned(None, (Remark(Action.REFUSED, "This is not text, so it was left out."),))
    if text.strip().casefold() in EMPTY:
        return Cleaned(None, (Remark(Action.MENDED, "This only says that nothing is known, so it was left empty."),))
    remarks: list[Remark] = []
    text = _mend(text, remarks)
    text = _tidy(text)
    if len(text) > longest:
        text = shorten(text, longest)
        remarks.append(Remark(Action.MENDED, f"This was longer than {longest:,} letters, so the end was cut off."))
    return Cleaned(text or None, tuple(remarks))


def as_text(raw: object) -> str | None:
    """What was written, of a text, a number, or a list of them; None for anything else."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | float):
        return str(raw)
    if isinstance(raw, list) and all(isinstance(item, str | int | float) for item in raw):
        return ", ".join(map(str, raw))
    return None


def shorten(text: str, longest: int) -> str:
    """At most `longest` letters, ending with a whole word and an ellipsis."""
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:– ") + "…"


def _mend(text: str, remarks: list[Remark]) -> str:
    if not text.isascii() or not text.isprintable():
        readable = _MOJIBAKE.sub(_decoded, text)
        if readable != text:
            remarks.append(Remark(Action.MENDED, "Letters that had been garbled in copying were put right."))
        text = _without_odd(readable, remarks)
    if "<" in text or "&" in text:
        plain = without_markup(text)
        if plain != text:
            remarks.append(Remark(Action.MENDED, "Web page code was taken out; the words stayed."))
        text = plain
    return text


def _without_odd(text: str, remarks: list[Remark]) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = _ODD.sub("", text)
    if clean != text:
        remarks.append(Remark(Action.MENDED, "Characters that cannot be seen were taken out."))
    return unicodedata.normalize("NFC", clean)


def without_markup(text: str) -> str:
    """The words of a piece of HTML: items as dashes, blocks as paragraphs, entities as what they stand for."""
    for _ in range(MOST_PASSES):
        if not _TAG.search(text) and not _ENTITY.search(text):
            return text
        if _TAG.search(text):
            text = _without_tags(text)
        text = _ODD.sub("", html.unescape(text))
    return _TAG.sub("", text)


def _without_tags(text: str) -> str:
    text = _ITEM.sub("\n- ", text)
    text = _BREAK.sub("\n", text)
    text = _BLOCK.sub("\n\n", text)
    return nh3.clean(text, tags=set())


def _decoded(match: re.Match[str]) -> str:
    raw = b"".join(letter.encode("latin-1") if ord(letter) < 0x100 else letter.encode("cp1252") for letter in match[0])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _tidy(text: str) -> str:
    text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = _BLANKS.sub("\n\n", text)
        text = _EDGES.sub("\n", text)
    return text.strip()
