"""A feed in (its base address or its `/services`), raw rows out: every page, then each whole object where the list is short.

Only http(s) is spoken. Each answer is bounded in size and time and tried three times; pages are bounded in number, and a feed
that gives the same page again is refused, since nobody could tell what else it leaves out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote, urlsplit

import httpx

from portal.directory.openreferral.readers.json_file import from_objects, list_objects, parse
from portal.directory.openreferral.rows import Progress, Source
from portal.directory.openreferral.tables import LISTS
from portal.errors import SourceError

TRIES: Final = 3
FIRST_PAUSE: Final = 0.5  # seconds before the second try; each pause is twice the last
TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)
LARGEST: Final = 100_000_000  # bytes of one answer
MOST_PAGES: Final = 10_000
MOST_SERVICES: Final = 200_000
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})


def read_feed(address: str, progress: Progress) -> Source:
    """Read the whole feed. Raises `SourceError`, naming the address, when it does not answer as a feed does."""
    base = services_address(address)
    with httpx.Client(timeout=TIMEOUT, follow_redirects=True, max_redirects=5, headers={"Accept": "application/json"}) as client:
        listed: dict[str, Mapping[str, object]] = {}
        for page in _pages(client, base, progress):
            listed.update(page)
        whole = []
        for number, (key, thing) in enumerate(listed.items(), start=1):
            whole.append(_whole(client, base, key, thing))
            progress(number, len(listed), "Reading services")
    return from_objects(whole, base, urlsplit(base).netloc + urlsplit(base).path)


def services_address(address: str) -> str:
    """The address of the list: `/services` is added to a base address; a query is left out."""
    base = address.split("?", 1)[0].split("#", 1)[0].rstrip("/")
    return base if base.endswith("/services") else f"{base}/services"


def _pages(client: httpx.Client, base: str, progress: Progress) -> Iterator[dict[str, Mapping[str, object]]]:
    before: set[str] = set()
    for number in range(1, MOST_PAGES + 1):
        envelope = _get(client, base, {"page": str(number)})
        page = _by_id(envelope, base)
        if not page:
            return
        if before and set(page) <= before:
            raise SourceError(f"{base}: page {number} is the same as pages before it, so the rest cannot be read.")
        before |= set(page)
        if len(before) > MOST_SERVICES:
            raise SourceError(f"{base}: the feed has more than {MOST_SERVICES:,} services.")
        yield page
        total = envelope.get("total_pages") if isinstance(envelope, dict) else 1
        progress(number, total if isinstance(total, int) else 0, "Reading pages")
        if not isinstance(envelope, dict) or _is_last(envelope, number):
            return


def _is_last(envelope: Mapping[str, object], number: int) -> bool:
    total = envelope.get("total_pages")
    if isinstance(total, int) and total > 0:
        return number >= total
    return envelope.get("last_page") is not False


def _by_id(envelope: object, base: str) -> dict[str, Mapping[str, object]]:
    things = list_objects(envelope, base)
    return {str(thing.get("id") or f"without id {number}"): thing for number, thing in enumerate(things)}


def _whole(client: httpx.Client, base: str, key: str, thing: Mapping[str, object]) -> Mapping[str, object]:
    """The object itself where the list gave all of it, which shows in any list nested in it."""
    if any(name in thing for name in LISTS) or not thing.get("id"):
        return thing
    answer = _get(client, f"{base}/{quote(key, safe='')}", {})
    return answer if isinstance(answer, dict) and answer.get("id") else thing


def _get(client: httpx.Client, address: str, parameters: Mapping[str, str]) -> object:
    problem = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(FIRST_PAUSE * 2 ** (attempt - 1))
        try:
            status, body = _answer(client, address, parameters)
        except httpx.TransportError as error:
            problem = str(error) or type(error).__name__
            continue
        except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise SourceError(f"{address}: {error}") from error
        if status == httpx.codes.OK:
            return parse(body, address)
        problem = f"the feed answered {status}"
        if status not in _AGAIN:
            break
    raise SourceError(f"{address}: {problem}.")


def _answer(client: httpx.Client, address: str, parameters: Mapping[str, str]) -> tuple[int, bytes]:
    body = bytearray()
    with client.stream("GET", address, params=parameters) as response:
        for piece in response.iter_bytes():
            body += piece
            if len(body) > LARGEST:
                raise SourceError(f"{address}: the answer is larger than {LARGEST // 1_000_000} MB.")
    return response.status_code, bytes(body)
