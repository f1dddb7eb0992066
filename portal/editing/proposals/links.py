"""Web and e-mail addresses that may not be what they seem: an address and those known to be right in, sentences out. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from rapidfuzz.distance import DamerauLevenshtein

from portal.editing.proposals.contacts import host_of
from portal.i18n.text import gettext as _

_SHORTENERS: Final = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly",
     "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "trib.al", "v.gd", "x.co"}
)  # fmt: skip
_NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", re.IGNORECASE)  # also 2130706433, 0x7f.1
_NEAR: Final = 1  # letters that differ
_LEAST: Final = 5  # letters of a name in which one that differs can be overlooked


def odd_address(address: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """What to look at in a web or e-mail address. `known` are addresses of the same organization, of either kind."""
    is_mail = "@" in address and "//" not in address and "/" not in address
    host = _host(address)
    found = [*(() if is_mail else _of_link(address, host)), *_of_host(host)]
    near = next((name for each in known if (name := _host(each)) and _passes_for(host, name)), None)
    if near is not None:
        found.append(_("%(host)s looks much like %(known)s, but is another address.", host=host, known=near))
    return tuple(found)


def _of_link(address: str, host: str) -> Iterator[str]:
    scheme = address.partition(":")[0].casefold() if "://" in address or re.match(r"(?i)(javascript|data|file|vbscript):", address) else ""
    if scheme not in ("", "http", "https"):
        yield _("The link does not begin with http or https.")
    if _has_user(address):
        yield _("The link has a name before an @, which hides where it leads.")
    if not host:
        yield _("There is no web address in it.")
    elif _NUMERIC.fullmatch(host) or ":" in host:
        yield _("The link leads to a bare number instead of a name.")
    elif host in _SHORTENERS:
        yield _("The link is a short one, which hides where it leads.")


def _of_host(host: str) -> Iterator[str]:
    if not host.isascii() or any(label.startswith("xn--") for label in host.split(".")):
        yield _("The address has letters that can pass for others: %(host)s.", host=_spelled(host))


def _host(address: str) -> str:
    is_mail = "@" in address and "//" not in address and "/" not in address
    return address.rpartition("@")[2].strip().casefold() if is_mail else host_of(address)


def _has_user(address: str) -> bool:
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:
        return False
    return "@" in parts.netloc or "\\" in address


def _passes_for(host: str, known: str) -> bool:
    """Whether two hosts differ so little that an eye can miss it; a host below the other is the same people's."""
    if not host or host == known or host.endswith(f".{known}") or known.endswith(f".{host}"):
        return False
    mine, theirs = _seen(host), _seen(known)
    return mine == theirs or (len(theirs) >= _LEAST and DamerauLevenshtein.distance(mine, theirs, score_cutoff=_NEAR) <= _NEAR)


def _seen(host: str) -> str:
    """The host as an eye takes it in: letters that pass for Latin ones as these, accents off, rn as m."""
    plain = "".join(_latin(letter) for letter in unicodedata.normalize("NFKD", _spelled(host)) if not unicodedata.combining(letter))
    return plain.casefold().replace("rn", "m").replace("vv", "w").replace("1", "l").replace("0", "o").replace("-", "")


@cache
def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    from confusable_homoglyphs import confusables  # type: ignore[import-untyped]  # a table of every letter that there is

    found = confusables.is_confusable(letter, greedy=True, preferred_aliases=[])
    alike = [each["c"] for one in found or () for each in one["homoglyphs"] if each["c"].isascii()]
    return str(alike[0]) if alike else letter


def _spelled(host: str) -> str:
    """A host with its letters, where it is written in the code for networks (xn--…)."""
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host
