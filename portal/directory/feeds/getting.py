"""A page of a feed as it is got: where a reading stands in, the page's listings out, each whole. Asks the feed; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
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
WHOLE: Final = {"full": "true"}  # what Open Referral calls a list of whole records
_LATER: Final = frozenset({Problem.NO_ANSWER, Problem.BUSY})  # what says nothing of the parameter that was asked with


@dataclass
class Getter:
    """Gets pages of the feed whose list is at `base`. `before` knows what it said of listings last; `beat` is called before long waits.

    A feed that lists in short is asked for a page of whole listings, unless it did not give one before, or only one is wanted.
    """

    caller: Caller
    base: str
    before: Before
    beat: Callable[[], None]
    _gives_whole: bool = field(default=True, init=False)

    def get(self, page: int, since: datetime | None, as_was: FeedPage | None) -> Got:
        """A page, with each listing whole: of what changed `since`, or of all. Raises `Failed`."""
        parameters = {"page": str(page), **({"modified_after": _moment(since)} if since else {})}
        said = self.caller.get(self.base, parameters, Mark(as_was.etag, as_was.modified) if as_was else None)
        if said.body is None and as_was is not None:
            return Got(None, as_was.remote_ids, said.mark, as_was.is_last)
        opened = open_page(said.body or b"", page)
        short, known = [key for key, thing in opened.listings.items() if _is_short(thing)], self._as_before(opened)
        is_much = sum(key not in known and not offered(key, opened.listings[key]).is_gone for key in short) > 1
        whole = self._in_full(parameters, page) if is_much and self._gives_whole else None
        listings = [offered(*it) for it in whole.listings.items()] if whole else list(self._whole(opened, known))
        found = whole or opened
        return Got(listings, list(found.listings), Mark() if short else said.mark, found.is_last, found.is_odd)

    def knows_changes(self) -> bool:
        """Whether the feed can be asked for changes: it names none from tomorrow on."""
        try:
            said = self.caller.get(self.base, {"page": "1", "modified_after": _moment(clock.now() + timedelta(days=1))})
            opened = open_page(said.body or b"", 1)
        except Failed:
            return False
        return not opened.listings and not opened.is_odd

    def _as_before(self, opened: Envelope) -> Mapping[str, Offered]:
        """Listings that a page gives in short, and says to be as they were: as they were."""
        before, found = self.before(list(opened.listings)), opened.listings.items()
        times = {key: thing["last_modified"] for key, thing in found if _is_short(thing) and thing.get("last_modified")}
        return {key: before[key] for key, at in times.items() if key in before and before[key].raw.get("last_modified") == at}

    def _in_full(self, parameters: Mapping[str, str], page: int) -> Envelope | None:
        """A page with its listings whole; nothing from a feed that does not give one: it is not asked for another."""
        self.beat()
        try:
            opened = open_page(self.caller.get(self.base, {**parameters, **WHOLE}).body or b"", page)
        except Failed as error:
            if error.problem in _LATER:
                raise
            opened = None
        self._gives_whole = opened is not None and not all(_is_short(thing) for thing in opened.listings.values())
        return opened if self._gives_whole else None

    def _whole(self, opened: Envelope, known: Mapping[str, Offered]) -> Iterator[Offered]:
        """Each listing of a page; one that the list gives in short is asked for by itself, unless it says that it is as it was."""
        for remote_id, thing in opened.listings.items():
            listed = offered(remote_id, thing)
            if not _is_short(thing) or listed.is_gone:
                yield listed
            elif remote_id in known:
                yield known[remote_id]
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
