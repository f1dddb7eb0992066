"""What if: a service that is imagined counts as if it were listed, and one that is taken away as if it had never been."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, time
from itertools import combinations

import pytest
from little_borough import BOROUGH, MIDDLE, NEEDS, NORTH, columns, covering, extents, listing, site

from portal.directory.listing import Listing
from portal.directory.opening import Hours, Pattern
from portal.errors import NotFound
from portal.insight.asked import Asked
from portal.insight.facts import Facts, Terms, facts_of
from portal.insight.gap import Verdict
from portal.insight.matrix import Demand, Matrix
from portal.insight.unreached import Way, missing_languages, missing_ways, reaches
from portal.insight.what_if import Imagined, what_if
from portal.localities.need import Measure, NeedTable, Source
from portal.search.areas import Extents

MONDAY = date(2026, 11, 23)
PEOPLE = {
    Measure.RESIDENTS: {"north": 1000, "middle": 2000, "south": 1000},
    Measure.LITTLE_ENGLISH: {"north": 30, "middle": 20, "south": None},
}
TABLE = NeedTable({measure: Source("Made up", "2026") for measure in PEOPLE}, PEOPLE)
DEMAND = Demand(TABLE, dict.fromkeys(NEEDS, Measure.RESIDENTS), Asked(missed={("north", "food"): 20}))
EVENINGS = Hours(tuple(Pattern(weekday=day, opens=time(17), closes=time(20)) for day in (1, 3)))
SATURDAYS = Hours((Pattern(weekday=5, opens=time(10), closes=time(14)),))

AS_LISTED = {  # what is imagined, beside the same as a listing would have it
    "named": (Imagined(frozenset({"falls"}), frozenset({"north"})), {"how": ("in-person",), "areas": covering("north")}),
    "by phone": (
        Imagined(frozenset({"falls", "food"}), remote=True, languages=frozenset({"ur"})),
        {"needs": ("food", "falls"), "how": ("phone",), "areas": covering(BOROUGH), "languages": ("ur", "en")},
    ),
    "visits two": (
        Imagined(frozenset({"falls"}), frozenset({"north", "south"}), remote=True, free=True),
        {"how": ("home",), "areas": covering("north", "south"), "is_free": True},
    ),
    "with places": (
        Imagined(frozenset({"falls"}), places={"middle": 2}, hours=6, step_free=True, evening=True),
        {
            "how": ("in-person",),
            "areas": covering(BOROUGH),
            "sites": (site(MIDDLE, hours=EVENINGS), site(MIDDLE, hours=EVENINGS)),
            "access": ("step-free",),
        },
    ),
    "a place elsewhere": (
        Imagined(frozenset({"falls"}), frozenset({"south"}), places={"north": 1}, hours=4),
        {
            "how": ("in-person",),
            "areas": covering("south"),
            "sites": (site(NORTH, hours=Hours((Pattern(1, opens=time(9), closes=time(13)),))),),
        },
    ),
    "at weekends": (
        Imagined(frozenset({"food"}), frozenset({"middle"}), weekend=True),
        {"needs": ("food",), "how": ("in-person",), "areas": covering("middle"), "hours": SATURDAYS},
    ),
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Extents:
    return extents(tmp_path_factory.mktemp("places"))


def falls(name: str, **values: object) -> Listing:
    return listing(name, **{"needs": ("falls",), "assured_on": date(2026, 11, 1), **values})


def facts(known: Extents, *listings: Listing) -> Facts:
    return facts_of(columns(listings, known), known, Terms(NEEDS, ("en", "tr", "ur")), MONDAY)


def told(matrix: Matrix) -> tuple[object, ...]:
    return matrix.cells, matrix.by_locality, matrix.by_need, matrix.counted, matrix.elsewhere


THERE = [falls(f"There {number}", how=("in-person",), areas=covering("north", "middle")) for number in range(4)]


@pytest.mark.parametrize("name", AS_LISTED)
def test_an_imagined_service_counts_as_it_would_if_it_were_listed(known: Extents, name: str) -> None:
    imagined, values = AS_LISTED[name]
    listed = what_if(facts(known, *THERE, falls("New", **values)), DEMAND)
    found = what_if(facts(known, *THERE), DEMAND, [imagined])
    assert told(found.after) == told(listed.before)
    assert told(found.before) != told(found.after)


def test_a_service_taken_away_counts_as_if_it_had_never_been(known: Extents) -> None:
    others = [falls(name, **values) for name, (_, values) in AS_LISTED.items()]
    for gone in combinations(others, 2):
        kept = [each for each in others if each not in gone]
        found = what_if(facts(known, *others), DEMAND, removing=[each.id for each in gone])
        assert told(found.after) == told(what_if(facts(known, *kept), DEMAND).before)


def test_what_is_added_and_taken_away_again_changes_nothing(known: Extents) -> None:
    listed = falls("New", **AS_LISTED["with places"][1])
    found = what_if(facts(known, *THERE, listed), DEMAND, [AS_LISTED["with places"][0]], [listed.id])
    assert found.changes == ()
    assert told(found.before) == told(found.after)


def test_the_cells_that_change_are_told_and_no_others(known: Extents) -> None:
    found = what_if(facts(known, *THERE), DEMAND, [Imagined(frozenset({"falls"}), frozenset({"south"}))])
    assert [(change.after.locality, change.after.need) for change in found.changes] == [
        ("north", "falls"),
        ("middle", "falls"),
        ("south", "falls"),
    ], "more is expected everywhere when there is more somewhere"
    south = found.changes[-1]
    assert (south.before.gap.verdict, south.after.gap.verdict) == (Verdict.NONE_HERE, Verdict.TOO_FEW)
    assert (south.before.provision.covers, south.after.provision.covers) == (0, 1)
    assert found.after.cell("north", "food").missed == 20, "what people asked for stays as it is"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"needs": frozenset({"flying"})}, "flying"),
        ({"named": frozenset({"west"})}, "west"),
        ({"places": {"west": 1}}, "west"),
        ({"languages": frozenset({"en"})}, "en"),
        ({"hours": 169.0}, "168"),
        ({"hours": float("nan")}, "168"),
        ({"places": {"north": 0}}, "1 to 100"),
    ],
)
def test_what_cannot_be_is_refused(known: Extents, wrong: dict[str, object], why: str) -> None:
    imagined = replace(Imagined(frozenset({"falls"})), **wrong)  # type: ignore[arg-type]  # values are fields
    with pytest.raises(ValueError, match=why):
        what_if(facts(known), DEMAND, [imagined])


def test_a_service_that_is_not_counted_cannot_be_taken_away(known: Extents) -> None:
    with pytest.raises(NotFound):
        what_if(facts(known, *THERE), DEMAND, removing=[THERE[0].id, uuid.uuid4()])


def test_who_is_not_reached_is_whom_no_service_says_it_reaches(known: Extents) -> None:
    lunch = falls("Lunch", how=("in-person",), areas=covering("north"), is_free=True, languages=("tr", "pl"), hours=SATURDAYS)
    found = what_if(facts(known, lunch), DEMAND).before
    north, south = found.cell("north", "falls"), found.cell("south", "falls")
    assert missing_ways(north) == (Way.STEP_FREE, Way.EVENING, Way.REMOTE)
    assert missing_ways(south) == tuple(Way)
    assert (missing_languages(north), missing_languages(south)) == (("ur",), ("tr", "ur"))
    there = {reach.way: reach for reach in reaches(north, TABLE)}
    assert (there[Way.IN_LANGUAGES].services, there[Way.IN_LANGUAGES].measure, there[Way.IN_LANGUAGES].people) == (
        1,
        Measure.LITTLE_ENGLISH,
        30,
    )
    assert (there[Way.STEP_FREE].measure, there[Way.STEP_FREE].people) == (None, None), "the pack does not count disabled people"
    assert there[Way.STEP_FREE].is_missing
    assert not there[Way.FREE].is_missing
    assert [reach.people for reach in reaches(south, TABLE)] == [None] * 6
