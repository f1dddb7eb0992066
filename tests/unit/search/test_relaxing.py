"""Wider questions: one thing let go at a time, the most helpful first, each with more answers than there are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.localities.answer import Place
from portal.search.query import GROUPS, MILES, SearchQuery
from portal.search.relaxing import MOST, relaxations

HERE = Place("locality", "North", 54.1, 1.0, "north")
NARROW = SearchQuery(text="falls", place="North", need=("falls",), cost=("free",), when=("now", "day"), within="1", page=3)


def kinds(query: SearchQuery, counts: dict[str, int], here: Place | None = HERE, total: int = 0) -> list[str]:
    """Kinds of wider questions, when letting go of a field brings so many."""

    def count(wider: SearchQuery) -> int:
        let_go = [field for field, brought in counts.items() if not getattr(wider, field) and getattr(query, field)]
        return total + sum(counts[field] for field in let_go)

    return [relaxation.kind for relaxation in relaxations(query, here, total, count)]


def test_only_what_brings_more_is_offered() -> None:
    assert kinds(NARROW, {"cost": 5}) == ["cost", "all"]
    assert kinds(NARROW, {}) == []


def test_a_group_is_let_go_whole() -> None:
    (found,) = relaxations(SearchQuery(when=("now", "day"), page=2), None, 0, lambda wider: 0 if wider.when else 7)
    assert (found.kind, found.query, found.count) == ("when", SearchQuery(), 7)


def test_farther_comes_first_by_steps_that_each_bring_more() -> None:
    def count(wider: SearchQuery) -> int:
        return {"": 9, "3": 2, "5": 2, "10": 9}.get(wider.within, 0)

    found = relaxations(SearchQuery(place="North", within="1"), HERE, 0, count)
    assert [(relaxation.kind, relaxation.query.within, relaxation.count) for relaxation in found] == [
        ("wider", "3", 2),
        ("within", "", 9),
        ("place", "", 9),
    ]


def test_the_place_is_let_go_with_its_distance_and_only_where_it_is_known() -> None:
    query = SearchQuery(text="falls", place="North", within="5")
    assert relaxations(query, HERE, 0, lambda wider: 0 if wider.place else 3)[0].query == SearchQuery(text="falls")
    assert kinds(query, {"place": 3}, here=None) == []


def test_everything_is_let_go_last_and_only_where_there_are_several_things() -> None:
    both = SearchQuery(text="falls", need=("falls",), cost=("free",), page=2)
    found = relaxations(both, None, 0, lambda wider: int(not wider.narrowed))
    assert [(relaxation.kind, relaxation.query) for relaxation in found] == [("all", SearchQuery(text="falls"))]
    assert kinds(SearchQuery(cost=("free",)), {"cost": 1}) == ["cost"]


def test_a_question_with_nothing_to_let_go_has_no_wider_one() -> None:
    assert relaxations(SearchQuery(text="falls"), None, 0, lambda _wider: 9) == ()


CHOSEN = {group: st.sampled_from([(), ("x",), ("x", "y")]) for group in GROUPS}
PLACES, WITHIN = st.sampled_from(["", "North"]), st.sampled_from(["", *MILES])
QUERIES = st.builds(SearchQuery, place=PLACES, within=WITHIN, page=st.integers(1, 9), **CHOSEN)


@settings(deadline=None)
@given(QUERIES, st.integers(0, 50), st.randoms(use_true_random=False))
def test_wider_questions_are_few_all_different_really_wider_and_on_page_one(query: SearchQuery, total: int, random: object) -> None:
    counts: dict[SearchQuery, int] = {}

    def count(wider: SearchQuery) -> int:
        return counts.setdefault(wider, random.randint(0, 60))  # type: ignore[attr-defined]

    found = relaxations(query, HERE if query.place else None, total, count)
    assert len({relaxation.query for relaxation in found}) == len(found) <= MOST
    for relaxation in found:
        assert relaxation.count == counts[relaxation.query] > total
        assert relaxation.query.page == 1
        assert set(relaxation.query.narrowed) - {("within", relaxation.query.within)} < {*query.narrowed, ("place", query.place)}
