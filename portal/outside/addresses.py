"""Which addresses may be gone to: a link in, what to ask for out; a number on the network in, yes or no out. Pure.

Only web addresses with a name, on the two ports of the web, without a user. Only what is the public internet by every reading of
the number: an address that wraps another (IPv4 in IPv6, 6to4, Teredo, NAT64) is refused whatever it wraps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import quote, urlsplit

PORTS: Final = {"http": 80, "https": 443}
LONGEST: Final = 2_000
_NAME: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+\.?")
_ENDS_IN_NUMBER: Final = re.compile(r"(?:\d+|0x[0-9a-f]*)\.?")
_REFUSED: Final = tuple(
    ip_network(written)
    for written in (
        "64:ff9b::/96",  # NAT64, which leads to any IPv4 address where there is a gateway
        "64:ff9b:1::/48",
        "2002::/16",  # 6to4
        "2001::/32",  # Teredo
        "::/96",  # IPv4 in an old way of writing
        "fec0::/10",  # of a site, in an old way
        "192.88.99.0/24",
        "168.63.129.16/32",  # where machines of one cloud ask about themselves; public by its number
    )
)


class NotAllowed(Exception):
    """Where nobody of ours goes, whatever is there."""


@dataclass(frozen=True)
class Target:
    """What to ask for: `host` as it is asked for on the network, `target` path and query, both ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.target


def target_of(url: str) -> Target:
    """What a link asks for. Raises `NotAllowed` for one that is no plain web address with a name."""
    try:
        parts = urlsplit(url)
        port = PORTS.get(parts.scheme) if parts.port is None else parts.port
        host = (parts.hostname or "").encode("idna").decode().lower()
    except (ValueError, UnicodeError) as error:
        raise NotAllowed("not an address") from error
    if len(url) > LONGEST or not url.isprintable() or "\\" in url or parts.username is not None or parts.password is not None:
        raise NotAllowed("not a plain address")
    if port is None or port not in PORTS.values() or parts.scheme not in PORTS:
        raise NotAllowed("not the web")
    if not _NAME.fullmatch(host) or _ENDS_IN_NUMBER.fullmatch(host.rstrip(".").rsplit(".", 1)[-1]):
        raise NotAllowed("not a name")
    path, query = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~"), quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return Target(parts.scheme, host, port, f"{path}?{query}" if query else path)


def is_public(number: str) -> bool:
    """Whether an address of the network (as numbers) is on the public internet, by every reading."""
    try:
        address = ip_address(number)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address.scope_id):
        return False
    if any(address in network for network in _REFUSED if network.version == address.version):
        return False
    return address.is_global and not _is_special(address)


def _is_special(address: IPv4Address | IPv6Address) -> bool:
    """Python calls some of these global: what is meant for many, or kept for later."""
    kinds = (address.is_multicast, address.is_reserved, address.is_unspecified, address.is_loopback, address.is_link_local)
    return any(kinds) or address.is_private
