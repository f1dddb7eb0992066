"""Changes as an Atom feed (RFC 4287), in pages that lead from the newest to the oldest (RFC 5005). Pure: changes in, XML out.

A service is one entry, which comes again with a newer date whenever the service changes; one that closed says so in its title, its
words and its category.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from portal.api.changes.queries import Changed
from portal.directory.listing import summarise
from portal.directory.models import Status

STATES: Final = {  # what a title adds, and what is said instead of what a service does
    Status.TEMPORARILY_CLOSED: (" (closed for now)", "This service is closed for now. Ring before you go."),
    Status.INACTIVE: (" (no longer listed)", "This service is no longer listed."),
    Status.DEFUNCT: (" (closed)", "This service has closed."),
}
UNNAMED: Final = "A service that is no longer listed"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Feed:
    """What stands above the entries. Addresses are whole; `next_page` is empty on the last page. `updated` in UTC."""

    address: str
    page: str
    next_page: str
    about: str
    title: str
    author: str
    licence_name: str
    licence_url: str
    updated: datetime


def atom(feed: Feed, changes: Sequence[Changed], base_url: str) -> Iterator[str]:
    """The document, piece by piece. `base_url` is where the site is public."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">'
    yield from _element("id", feed.address)
    yield from _element("title", feed.title)
    yield from _element("updated", _moment(feed.updated))
    yield f"<author>{''.join(_element('name', feed.author))}</author>"
    yield from _element("rights", f"{feed.licence_name}: {feed.licence_url}")
    links = {"self": feed.page, "first": feed.address, "next": feed.next_page, "alternate": feed.about, "license": feed.licence_url}
    yield from (f"<link rel={quoteattr(rel)} href={quoteattr(address)}/>" for rel, address in links.items() if address)
    for change in changes:
        yield from _entry(change, base_url)
    yield "</feed>\n"


def _entry(change: Changed, base_url: str) -> Iterator[str]:
    added, instead = STATES.get(Status(change.status), ("", ""))
    yield "<entry>"
    yield from _element("id", change.service_id.urn)
    yield from _element("title", f"{change.name}{added}" if change.name else UNNAMED)
    yield from _element("updated", _moment(change.mark.changed_at))
    if change.organization:
        yield f"<author>{''.join(_element('name', change.organization))}</author>"
    yield f'<link rel="alternate" type="text/html" href={quoteattr(f"{base_url}/en/services/{change.service_id}")}/>'
    record = f"{base_url}/api/oruk/v3/services/{change.service_id}"
    yield f'<link rel="related" type="application/json" href={quoteattr(record)}/>'
    yield f'<category term={quoteattr(change.status)} label="status"/>'
    yield from _element("summary", instead or summarise(change.description) or change.name)
    yield "</entry>"


def _element(name: str, text: str) -> Iterator[str]:
    yield f"<{name}>{escape(_NOT_XML.sub('', text))}</{name}>"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
