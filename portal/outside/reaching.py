"""One request to one address, that cannot be led inside: a target in, status, headers and first bytes out. No directory, no database.

The name is resolved here, every number that it has is judged, and the connection goes to the number that was judged: a name that
says something else a moment later changes nothing. No proxy, no cookie, no sign-in; bounded in bytes and in time, also where a
server sends a letter a second.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import httpcore
import httpx

from portal.outside.addresses import NotAllowed, Target, is_public

SECONDS: Final = 10.0  # for a request, from the name to the last byte that is read
MOST_BYTES: Final = 256 * 1024
FIRST_BYTES: Final = 64 * 1024
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True)
class Rules:
    """How names become numbers, and which numbers are gone to. Tests have others; the site has these.

    A request lasts `seconds` at most; more than `most_bytes` on the wire is an error, and `first_bytes` of a body are kept.
    """

    resolve: Resolve = field(default_factory=lambda: resolved)
    is_allowed: Callable[[str], bool] = is_public
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES
    first_bytes: int = FIRST_BYTES


@dataclass(frozen=True)
class Answer:
    """What a server said: `headers` by name in small letters, `body` the first bytes of a GET."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def location(self) -> str:
        """Where it sends on."""
        return self.headers.get("location", "")


def resolved(host: str, port: int) -> Sequence[str]:
    """Every number of a name. Raises `OSError` for a name that has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def ask(target: Target, method: str, headers: Mapping[str, str], rules: Rules) -> Answer:
    """One request, with `headers` beside our own. Raises `NotAllowed`, or what the network raises: `OSError`, httpcore's and h11's."""
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.target)
    asked = [*{"Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close", **headers}.items()]
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), rules.seconds)
    backend = _Pinned(rules, time.monotonic() + rules.seconds)
    with (
        httpcore.ConnectionPool(ssl_context=_tls(), http1=True, http2=False, retries=0, network_backend=backend) as pool,
        pool.stream(method, url, headers=asked, extensions={"timeout": timeout}) as response,
    ):
        said = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in reversed(response.headers)}
        return Answer(response.status, said, _first_bytes(response.iter_stream(), rules.first_bytes) if method == "GET" else b"")


def _first_bytes(pieces: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) >= most:
            break
    return bytes(body[:most])


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _Pinned(httpcore.NetworkBackend):
    """Connects to numbers that were judged, and to nothing else."""

    def __init__(self, rules: Rules, until: float) -> None:
        self._rules = rules
        self._until = until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, judge every number, connect to the first. Raises `NotAllowed` if any is not public: a name for both is a trap."""
        numbers = self._rules.resolve(host, port)
        if not numbers or not all(self._rules.is_allowed(number) for number in numbers):
            raise NotAllowed("not on the public internet")
        stream = httpcore.SyncBackend().connect_tcp(numbers[0], port, min(timeout or self._rules.seconds, self._left()))
        return _Bounded(stream, self._left, self._rules)

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Never."""
        raise NotAllowed("not the web")

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("it took too long")
        return left


class _Bounded(httpcore.NetworkStream):
    """A connection that gives so many bytes and lasts so long."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float], rules: Rules, read: int = 0) -> None:
        self._stream = stream
        self._left = left
        self._rules = rules
        self._read = read

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes. Raises when there were too many, or it took too long."""
        if self._read >= self._rules.most_bytes:
            raise httpcore.ReadError("it sent too much")
        piece = self._stream.read(max_bytes, min(timeout or self._rules.seconds, self._left()))
        self._read += len(piece)
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._stream.write(buffer, min(timeout or self._rules.seconds, self._left()))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection, private: the certificate must be of the name that was asked for."""
        secured = self._stream.start_tls(ssl_context, server_hostname, min(timeout or self._rules.seconds, self._left()))
        return _Bounded(secured, self._left, self._rules, self._read)

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)
