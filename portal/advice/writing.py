"""A page as its author wrote it: the text of a file in, front matter and Markdown out, complete or refused.

English carries everything. A translation carries its own words (`title`, `lead`, `who` the page is for, the body), the day it
was last read through and the English it was made from; group, needs, sources and the next review are the English page's.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from portal.advice.page import Source
from portal.errors import ContentError

FENCE: Final = "+++"
DRAFT: Final = "draft"
_FINGERPRINT_LENGTH: Final = 12
_EVERY_PAGE: Final = frozenset({"title", "lead", "owner", "reviewed_on"})
_ENGLISH: Final = _EVERY_PAGE | {"review_by", "sources"}
_TRANSLATION: Final = _EVERY_PAGE | {"translates"}
_MAY_HAVE: Final = frozenset({"who", "needs", "group", "state"})


@dataclass(frozen=True)
class Writing:
    """One file. `translates` is the fingerprint of the English body, empty in English itself."""

    title: str
    lead: str
    owner: str
    reviewed_on: date
    body: str
    who: str = ""
    group: str = ""
    needs: tuple[str, ...] = ()
    review_by: date | None = None
    sources: tuple[Source, ...] = ()
    translates: str = ""
    state: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes when the body does: the first 12 hex digits of its SHA-256."""
        return hashlib.sha256(self.body.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def read_writing(path: Path, *, is_translation: bool) -> Writing:
    """Read a file. Raises `ContentError`, naming the file and the key, for what is missing, misspelt or of the wrong kind."""
    front, body = _halves(path)
    needed = _TRANSLATION if is_translation else _ENGLISH
    if missing := sorted(needed - front.keys()):
        raise ContentError(f"{path}: {', '.join(missing)} missing between the +++ lines.")
    if strange := sorted(front.keys() - needed - _MAY_HAVE):
        raise ContentError(f"{path}: {', '.join(strange)} not known between the +++ lines.")
    if front.get("state", DRAFT) != DRAFT:
        raise ContentError(f'{path}: state may only be "{DRAFT}"; leave it out once a native speaker has checked the page.')
    sources = tuple(_source(path, row) for row in front.pop("sources", ()))
    writing = Writing(**{**front, "needs": tuple(front.get("needs", ()))}, sources=sources, body=body)
    for key in ("reviewed_on", "review_by"):
        _check_date(path, key, front.get(key))
    return writing


def _halves(path: Path) -> tuple[dict[str, Any], str]:
    start, *parts = path.read_text("utf-8").split(f"{FENCE}\n", 2)
    if start or len(parts) != 2:
        raise ContentError(f"{path}: must begin with front matter between two lines of {FENCE}.")
    try:
        return tomllib.loads(parts[0]), parts[1].strip() + "\n"
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path}: {error}") from error


def _source(path: Path, row: dict[str, Any]) -> Source:
    try:
        source = Source(row["name"], row["url"], row["checked_on"])
    except KeyError as error:
        raise ContentError(f"{path}: a source lacks {error.args[0]}.") from error
    if not source.url.startswith("https://"):
        raise ContentError(f"{path}: the source {source.name} needs an https:// address.")
    _check_date(path, "checked_on", source.checked_on)
    return source


def _check_date(path: Path, key: str, value: object) -> None:
    if value is not None and type(value) is not date:
        raise ContentError(f"{path}: {key} must be a date without quotes, as in 2026-11-22.")
