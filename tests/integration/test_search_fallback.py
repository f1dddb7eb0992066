"""While the index is away the database answers: the same listings for needs and names, the same places and filters, nothing closed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from unittest import mock

import pytest
from sqlalchemy import select

from portal.config import Settings
from portal.db import reading
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.directory.queries import find_public
from portal.search import fallback as fallback_module
from portal.search import find as find_module
from portal.search.fallback import find_in_database
from portal.search.find import Asked, find
from portal.search.query import SearchQuery
from portal.search.results import Hit, SearchResults
from portal.web.holdings import Holdings, hold

MOMENT = datetime(2026, 11, 24, 10, 30)


@dataclass(frozen=True)
class Desk:
    """Answers questions about the demo borough, with the index and without."""

    holdings: Holdings

    def plainly(self, query: SearchQuery, language: str = "en") -> SearchResults:
        room = self.holdings.search_room
        with reading(self.holdings.engine) as session:
            return find_in_database(room.searcher, session, query, Asked(language, MOMENT, lambda ids: find_public(session, ids)))

    def with_index(self, query: SearchQuery, language: str = "en") -> SearchResults:
        room = self.holdings.search_room
        return find(room.searcher, room.index.snapshot(), query, Asked(language, MOMENT, set))


@pytest.fixture(scope="module")
def desk(demo: Settings) -> Iterator[Desk]:
    made = Desk(hold(demo))
    yield made
    made.holdings.engine.dispose()


@pytest.fixture
def on_one_page() -> Iterator[None]:
    with mock.patch.object(find_module, "PAGE_SIZE", 10_000), mock.patch.object(fallback_module, "PAGE_SIZE", 10_000):
        yield


def hits(results: SearchResults) -> dict[uuid.UUID, Hit]:
    return {hit.listing.id: hit for hit in results.hits}


NEEDS = [
    SearchQuery(need=("falls",), place="Eastmoor"),
    SearchQuery(need=("domestic-abuse",), place="Eastmoor"),
    SearchQuery(need=("homelessness",), place="Calderwick"),
    SearchQuery(need=("food",), place="Quayside", within="3"),
    SearchQuery(need=("social-groups",), place="ZZ1 1AZ", cost=("free",), how=("in-person",)),
    SearchQuery(need=("social-groups", "getting-active"), when=("now",)),
    SearchQuery(need=("mobility-aids",), age=("65",), who=("adult",)),
    SearchQuery(need=("falls",), speaks=("ur",)),
]


@pytest.mark.usefixtures("on_one_page")
@pytest.mark.parametrize("query", NEEDS, ids=lambda query: " ".join(map(str, query.to_args().values())))
def test_a_need_brings_the_same_listings_with_the_same_reasons(desk: Desk, query: SearchQuery) -> None:
    plain, indexed = hits(desk.plainly(query)), hits(desk.with_index(query))
    assert plain.keys() == indexed.keys()
    for service_id, hit in plain.items():
        other = indexed[service_id]
        assert (hit.needs, hit.covers, hit.miles, hit.site) == (other.needs, other.covers, other.miles, other.site)
        assert replace(hit.listing, words="", weights=()) == replace(other.listing, weights=())


def test_these_needs_are_met_by_somebody(desk: Desk) -> None:
    assert all(desk.with_index(query).total for query in NEEDS)


@pytest.mark.usefixtures("on_one_page")
@pytest.mark.parametrize(
    ("text", "language", "need"),
    [("mum keeps falling", "en", "falls"), ("düşüyorum", "tr", "falls"), ("I am homeless", "en", "homelessness")],
)
def test_a_need_that_is_only_spoken_of_is_met_too(desk: Desk, text: str, language: str, need: str) -> None:
    plain = desk.plainly(SearchQuery(text=text), language)
    meeting = [hit.listing.id for hit in desk.with_index(SearchQuery(need=(need,))).hits]
    assert need in plain.question.needs
    assert set(meeting) <= hits(plain).keys()
    assert plain.hits[0].needs


@pytest.mark.parametrize("name", ["Kettle's On", "Sure Ground refuge", "SURE GROUND helpline", "Hearing aid clinic", "Help in BSL"])
def test_a_name_brings_its_service_first(desk: Desk, name: str) -> None:
    assert desk.plainly(SearchQuery(text=name)).hits[0].listing.name.casefold() == name.casefold()


@pytest.mark.usefixtures("on_one_page")
def test_nothing_closed_is_shown_and_nothing_confidential_told(desk: Desk) -> None:
    with reading(desk.holdings.engine) as session:
        closed = list(session.scalars(select(Service).where(Service.status.not_in(PUBLIC_STATUSES))))
        names = [(service.id, service.name) for service in closed]
    assert names
    for service_id, name in names:
        assert service_id not in hits(desk.plainly(SearchQuery(text=name)))
    sites = [site for hit in desk.plainly(SearchQuery(need=("domestic-abuse",))).hits for site in hit.listing.sites if site.is_confidential]
    assert sites
    assert {(site.name, site.address, site.postcode, site.latitude) for site in sites} == {("", "", "", None)}


def test_an_answer_says_where_it_comes_from_and_counts_nothing_that_it_did_not_count(desk: Desk) -> None:
    results = desk.plainly(SearchQuery(need=("falls",), place="Eastmoor"))
    assert results.from_database
    assert (results.facets, results.relaxations, results.nearest) == ((), (), ())
    assert results.place_kind == "known"


@pytest.mark.parametrize("query", [SearchQuery(need=("social-groups",)), SearchQuery(text="club", place="Eastmoor")])
def test_pages_hold_every_answer_once(desk: Desk, query: SearchQuery) -> None:
    first = desk.plainly(query)
    assert first.pages > 1
    shown = [hit.listing.id for page in range(1, first.pages + 1) for hit in desk.plainly(replace(query, page=page)).hits]
    assert len(shown) == len(set(shown)) == first.total


@pytest.mark.parametrize("text", ["%", "_", "qx%xq", "\\", "'; DROP TABLE service; --", "\0", "zzzz qqqq", "a" * 1_000, "( OR )"])
def test_whatever_is_typed_is_answered_and_means_nothing_to_the_database(desk: Desk, text: str) -> None:
    results = desk.plainly(SearchQuery(text=text, place=text[:80]))
    assert results.from_database
    if text in ("zzzz qqqq", "qx%xq", "a" * 1_000):
        assert results.total == 0
