"""Single values as the standard wants them: what a column holds in, an absolute address, a whole moment or nothing out. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from portal.directory.listed import in_milliseconds

_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_LONE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH: Final = "/%:@!$&'()*+,;=~-._"


@lru_cache(maxsize=20_000)
def uri(text: str | None) -> str | None:
    """An absolute http(s) address, escaped as RFC 3986 asks; None for what is none."""
    if not text:
        return None
    try:
        parts = urlsplit(text.strip())
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    return SplitResult(parts.scheme.lower(), host, _escaped(parts.path), _escaped(parts.query), _escaped(parts.fragment)).geturl()


def _escaped(text: str) -> str:
    return _LONE_PERCENT.sub("%25", quote(text, safe=_PATH + "?"))


def email(text: str | None) -> str | None:
    """An e-mail address; None for what is none."""
    return text if text and _EMAIL.fullmatch(text) else None


def moment(at: datetime) -> str:
    """A moment in UTC, with milliseconds: 2026-11-24T10:30:00.123Z."""
    return in_milliseconds(at).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def number(value: float | None) -> int | float | None:
    """18 rather than 18.0."""
    return int(value) if value is not None and value == int(value) else value
