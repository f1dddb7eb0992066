"""Whether an e-mail address is on an organization's own domain: addresses in, yes or no out. Pure, no network.

Held against each other in the letters that the network uses (`xn--…`), whole label by whole label: what only looks alike, or only
begins or ends alike, is another domain. An address above the organization's (`example.org` for `club.example.org`) is somebody else's.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from portal.editing.claiming.shared_hosts import is_shared


def domain_of(email: str) -> str:
    """The domain of an e-mail address as the network writes it; empty for what is no address."""
    try:
        found = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    return found.ascii_domain.casefold()


def host_in_network(website: str) -> str:
    """The host of a web address as the network writes it, without `www.`; empty where there is none."""
    whole = website.strip()
    try:
        host = urlsplit(whole if "//" in whole else f"//{whole}").hostname or ""
    except ValueError:  # a bracket that nobody closed
        return ""
    host = host.rstrip(".").removeprefix("www.")  # not folded: ß is a letter of its own in a domain
    return domain_of(f"x@{host}") if host and not _is_number(host) else ""


def own_domains(website: str | None, email: str | None) -> frozenset[str]:
    """The domains that are an organization's own: of its website and its e-mail, where nobody else has addresses on them."""
    found = {host_in_network(website or ""), domain_of(email or "")}
    return frozenset(domain for domain in found if domain and not is_shared(domain))


def is_on(email: str, domains: Iterable[str]) -> bool:
    """Whether an address is on one of these domains, or below it."""
    mine = domain_of(email)
    return bool(mine) and not is_shared(mine) and any(_is_below(mine, domain) for domain in domains)


def overlap(one: Iterable[str], other: Iterable[str]) -> frozenset[str]:
    """Those of `one` on which, above or below which, the `other` have addresses too."""
    others = frozenset(other)
    return frozenset(domain for domain in one if any(_is_below(domain, each) or _is_below(each, domain) for each in others))


def roots(domains: Iterable[str]) -> frozenset[str]:
    """These domains and those above them that somebody can own: one of them stands in every address on, above or below."""
    above = {".".join(domain.split(".")[start:]) for domain in domains for start in range(domain.count(".") + 1)}
    return frozenset(domain for domain in above if not is_shared(domain))


def may_overlap(domains: Collection[str], *addresses: str) -> bool:
    """Whether one of these addresses may be on, above or below one of `domains`: seen without taking it to pieces, as hundreds are.

    A domain stands in what is on or below it; what is above it stands there as a whole host. Letters beyond ASCII are not judged.
    """
    whole = _whole_host(frozenset(domains))
    plain = [each.casefold() for each in addresses if each.isascii()]
    return len(plain) < len(addresses) or any(whole.search(each) or any(name in each for name in domains) for each in plain)


@lru_cache(maxsize=64)
def _whole_host(domains: frozenset[str]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(roots(domains))))
    return re.compile(rf"(?<![\w.-])(?:www\.)?(?:{names})(?![\w-])")


def _is_below(domain: str, above: str) -> bool:
    return domain == above or domain.endswith(f".{above}")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
