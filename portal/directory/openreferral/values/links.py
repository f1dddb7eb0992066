"""Web and e-mail addresses: only http(s) links and whole addresses are kept."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlsplit

from portal.directory.openreferral.rows import Cleaned, mended, refused
from portal.directory.openreferral.values.plain_text import EMPTY, as_text, clean_line

LONGEST: Final = 2_000
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_SLIPS: Final = re.compile(r"^(https?)(?:[:;]/*|/{2,})(?=[^/:;])", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+'’-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HOST: Final = re.compile(r"(?:[^\W_]|-|\.)+\.[^\W\d_]{2,}|(?:\d{1,3}\.){3}\d{1,3}|localhost")


def clean_url(raw: object) -> Cleaned:
    """An absolute http(s) address."""
    text = clean_line(raw).value
    if not isinstance(text, str) or text.casefold() in EMPTY:
        return Cleaned(None)
    address, *others = text.split() if _begins_several(text) else [text]
    url = _absolute(address)
    if url is None:
        return refused("This is not a web address that people can follow, so it was left out.")
    if others:
        return mended(url, "There were several web addresses in one field; the first was kept.")
    return mended(url, "The web address was completed.") if url != text else Cleaned(url)


def _begins_several(text: str) -> bool:
    return text.count("http") + text.count("www.") > 1 and " " in text


def _absolute(address: str) -> str | None:
    address = address.strip("<>\"' ,;")
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].casefold() not in ("http", "https") and "." not in scheme[1]:
        return None
    slip = _SLIPS.match(address)
    url = f"{slip[1].lower()}://{address[slip.end() :]}" if slip else f"https://{address.lstrip('/')}"
    url = quote(url, safe="%/:=&?~#+!$,;'@()*[]")
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    named = _HOST.fullmatch(re.sub(r"%[0-9A-Fa-f]{2}", "x", host)) and "@" not in url.split("/")[2]
    return url if named and len(url) <= LONGEST else None


def clean_email(raw: object) -> Cleaned:
    """One e-mail address."""
    text = (as_text(raw) or "").strip()
    if text.casefold() in {"", *EMPTY}:
        return Cleaned(None)
    found = _EMAIL.findall(text)
    if not found:
        return refused("This is not an e-mail address, so it was left out.")
    email = str(found[0]).strip(".'’")
    return Cleaned(email) if email == text else mended(email, "Only the e-mail address itself was kept.")
