"""A page of a feed as it is got: where a reading stands in, the page's listings out, each whole. Asks the feed; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from portal import clock
from portal.directory.feeds.calling import Caller, Failed, Mark
from portal.directory.feeds.envelope import Envelope, open_listing, open_page
from portal.directory.feeds.foreign import Offered, offered
from portal.directory.feeds.models import FeedPage, Problem
from portal.directory.openreferral.tables import LISTS


@dataclass(frozen=True)
class Got:
    """A page as it was got: its listings (None: as they were), how its server calls it, and whether it is the last."""

    page: Sequence[Offered] | None
    remote_ids: Sequence[str]
    mark: Mark
    is_last: bool
    is_odd: bool = False


Before = Callable[[Sequence[str]], Mapping[str, Offered]]


@dataclass(frozen=True)
class Getter:
    """Gets pages of the feed whose list is at `base`. `before` knows what it said of listings last; `beat` is called before long waits."""

    caller: Caller
    base: str
    before: Before
    beat: Callable[[], None]

    def get(self, page: int, since: datetime | None, as_was: FeedPage | None) -> Got:
        """A page, with each listing whole: of what changed `since`, or of all. Raises `Failed`."""
        parameters = {"page": str(page), **({"modified_after": _moment(since)} if since else {})}
        said = self.caller.get(self.base, parameters, Mark(as_was.etag, as_was.modified) if as_was else None)
        if said.body is None and as_was is not None:
            return Got(None, as_was.remote_ids, said.mark, as_was.is_last)
        opened = open_page(said.body or b"", page)
        listings = list(self._whole(opened))
        is_short = any(_is_short(thing) for thing in opened.listings.values())
        return Got(listings, list(opened.listings), Mark() if is_short else said.mark, opened.is_last, opened.is_odd)

    def knows_changes(self) -> bool:
        """Whether the feed can be asked for changes: it names none from tomorrow on."""
        try:
            said = self.caller.get(self.base, {"page": "1", "modified_after": _moment(clock.now() + timedelta(days=1))})
            opened = open_page(said.body or b"", 1)
        except Failed:
            return False
        return not opened.listings and not opened.is_odd

    def _whole(self, opened: Envelope) -> Iterator[Offered]:
        """Each listing of a page; one that the list gives in short is asked for by itself, unless it says that it is as it was."""
        before = self.before(list(opened.listings))
        for remote_id, thing in opened.listings.items():
            listed = offered(remote_id, thing)
            if not _is_short(thing) or listed.is_gone:
                yield listed
                continue
            known = before.get(remote_id)
            if known and (at := thing.get("last_modified")) and known.raw.get("last_modified") == at:
                yield known
            elif found := self._one(remote_id):
                yield found

    def _one(self, remote_id: str) -> Offered | None:
        """A listing asked for by itself; nothing where the feed has none, though it lists it. Raises `Failed`."""
        self.beat()
        try:
            body = self.caller.get(f"{self.base}/{quote(remote_id, safe='')}", {}).body
        except Failed as error:
            if error.problem is Problem.STATUS:
                return None
            raise
        found = open_listing(body or b"", remote_id)
        return offered(remote_id, found) if found else None


def _is_short(thing: Mapping[str, Any]) -> bool:
    return not any(name in thing for name in LISTS)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
