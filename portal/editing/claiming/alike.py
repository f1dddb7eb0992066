"""Organizations that may be the one that somebody tells us of: what they wrote and those that we know in, the likeliest out. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from portal.directory.likeness import last_digits, plain
from portal.editing.claiming.domains import host_in_network
from portal.editing.claiming.shared_hosts import is_shared
from portal.editing.claiming.told import Founding

ALIKE: Final = 82  # of 100: how alike names are
MOST: Final = 6
_SAME: Final = 200  # the same website or telephone says more than any name


@dataclass(frozen=True)
class Known:
    """An organization that we have. `phones` are its own and its services'."""

    id: uuid.UUID
    name: str
    website: str = ""
    phones: tuple[str, ...] = ()
    is_public: bool = True


def alike(founding: Founding, known: Iterable[Known]) -> tuple[Known, ...]:
    """Those that are likely the same, the likeliest first."""
    name, host, digits = plain(founding.name), own_host(founding.website), last_digits(founding.phone)
    scored = [(_score((name, host, digits), each), each) for each in known]
    near = sorted(((score, each) for score, each in scored if score >= ALIKE), key=lambda one: (-one[0], one[1].name, one[1].id))
    return tuple(each for _score, each in near[:MOST])


def own_host(website: str) -> str:
    """The host of a website, where it is no site that many share."""
    host = host_in_network(website)
    return "" if not host or is_shared(host) else host


def _score(mine: tuple[str, str, str], known: Known) -> float:
    name, host, digits = mine
    if _is_at(known.website, host) or (digits and digits in map(last_digits, known.phones)):
        return _SAME
    theirs = plain(known.name)
    return max(fuzz.token_sort_ratio(name, theirs), fuzz.token_set_ratio(name, theirs) if _is_telling(name, theirs) else 0)


def _is_at(website: str, host: str) -> bool:
    """Whether a website is at this host. Most are not, which is seen without taking them to pieces."""
    return bool(host) and (host in website.casefold() or not website.isascii()) and own_host(website) == host


def _is_telling(name: str, theirs: str) -> bool:
    """Whether the shorter of two names has enough words for its being part of the other to mean something."""
    return min(len(name.split()), len(theirs.split())) >= 2
