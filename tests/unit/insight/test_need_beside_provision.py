"""Need beside provision in a borough of three localities: what counts where, how much of it, and beside how many people."""

from __future__ import annotations

import uuid
from datetime import date, time
from types import MappingProxyType

import pytest
from little_borough import BOROUGH, FAR_AWAY, MIDDLE, NEEDS, NORTH, SOUTH, columns, covering, extents, listing, site

from portal.directory.listing import Listing
from portal.directory.opening import Closure, Hours, Pattern
from portal.insight.asked import Asked
from portal.insight.facts import Facts, Terms, facts_of
from portal.insight.gap import Verdict
from portal.insight.matrix import Demand, Matrix, matrix_of
from portal.insight.periods import Quarter
from portal.insight.provision import Provision
from portal.localities.need import Measure, NeedTable, Source
from portal.search.areas import Extents

MONDAY = date(2026, 11, 23)
CHECKED = date(2026, 11, 1)
GOES, RINGS = ("in-person",), ("phone",)
WHOLE = covering(BOROUGH)
OVER_THE_BORDER_NEAR = (54.13, 1.0)  # outside North by 0.005 degrees, 2 miles from its middle
MORNINGS = Hours((Pattern(weekday=0, opens=time(9), closes=time(12)),))
NIGHTS = Hours((Pattern(weekday=5, opens=time(20), closes=time(2)),))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Extents:
    return extents(tmp_path_factory.mktemp("places"))


def falls(name: str, **values: object) -> Listing:
    return listing(name, **{"needs": ("falls",), "how": GOES, "assured_on": CHECKED, **values})


def facts(known: Extents, *listings: Listing, day: date = MONDAY) -> Facts:
    return facts_of(columns(listings, known), known, Terms(NEEDS, ("en", "tr", "ur")), day)


def where(known: Extents, each: Listing, of: str = "covers") -> set[str]:
    made = facts(known, each)
    return {slug for slug in made.localities if getattr(made.provision("falls", slug), of)}


def test_a_service_counts_where_it_says_and_where_it_stands(known: Extents) -> None:
    each = falls("Named", areas=covering("north"), sites=(site(SOUTH),))
    assert where(known, each) == where(known, each, "local") == {"north", "south"}
    assert where(known, each, "based") == {"south"}


@pytest.mark.parametrize("areas", [WHOLE, covering("uk"), ()])
def test_what_people_must_go_to_counts_where_it_is_near_however_wide_it_is(known: Extents, areas: tuple[object, ...]) -> None:
    each = falls("Wide", areas=areas, sites=(site(MIDDLE),))
    assert where(known, each) == where(known, each, "local") == {"middle"}


def test_what_comes_to_people_counts_everywhere_and_is_nobodys_in_particular(known: Extents) -> None:
    each = falls("Line", how=RINGS, areas=WHOLE)
    assert where(known, each) == {"north", "middle", "south"}
    assert where(known, each, "local") == where(known, each, "based") == set()


def test_a_place_just_beyond_the_border_is_near_but_in_no_locality(known: Extents) -> None:
    near = falls("Near", areas=WHOLE, sites=(site((54.1124, 1.0)),))
    assert where(known, near, "based") == {"north"}, "0.86 miles from its middle, inside"
    beyond = falls("Beyond", areas=WHOLE, sites=(site(OVER_THE_BORDER_NEAR),))
    assert where(known, beyond) == set(), "two miles away"


def test_an_area_that_is_not_here_leaves_all_of_it_out_but_where_it_stands(known: Extents) -> None:
    assert where(known, falls("Other", how=RINGS, areas=covering("Elsewhere"))) == set()
    assert where(known, falls("Other", areas=covering("Elsewhere"), sites=(site(NORTH),))) == {"north"}
    assert facts(known, falls("Other", how=RINGS, areas=covering("Elsewhere"))).elsewhere == 1


def test_a_secret_place_says_nothing_of_where_it_is_nor_when_it_is_open_there(known: Extents) -> None:
    secret = site(NORTH, is_confidential=True, hours=MORNINGS, postcode="ZZ1 1AA")
    found = facts(known, falls("Secret", areas=WHOLE, sites=(secret,))).provision("falls", "north")
    assert found == Provision(covers=1, languages=MappingProxyType({"tr": 0, "ur": 0}))


def test_part_of_a_postcode_is_no_place_to_stand_in(known: Extents) -> None:
    assert where(known, falls("Part", areas=WHOLE, sites=(site(postcode="ZZ1"),))) == set()
    assert where(known, falls("Full", areas=WHOLE, sites=(site(postcode="ZZ1 1AB"),))) == {"north"}


def test_a_postcode_stands_where_the_list_has_it(known: Extents) -> None:
    assert where(known, falls("Listed", areas=covering("Elsewhere"), sites=(site(SOUTH, postcode="ZZ1 1AB"),))) == {"north"}


def test_all_needs_of_a_service_count_not_only_those_that_searches_weigh(known: Extents) -> None:
    each = falls("Many", needs=NEEDS, weights=(100, 80, 65, 50), areas=covering("north"))
    made = facts(known, each)
    assert [made.provision(need, "north").covers for need in NEEDS] == [1] * 5


def test_what_is_too_old_or_closed_for_now_is_left_out_and_said(known: Extents) -> None:
    old = falls("Old", assured_on=date(2025, 7, 1), areas=covering("north"))
    closed = falls("Closed", status="temporarily closed", areas=covering("north"))
    made = facts(known, old, closed, falls("Well", areas=covering("north")))
    assert (made.provision("falls", "north").covers, made.too_old, made.closed, len(made.ids)) == (1, 1, 1, 1)


def test_hours_are_of_places_in_the_locality_and_closures_are_left_out(known: Extents) -> None:
    shut = Hours(MORNINGS.patterns, (Closure(date(2026, 12, 7), date(2026, 12, 7)),))
    each = falls("Open", areas=WHOLE, sites=(site(NORTH, hours=shut), site(MIDDLE), site(MIDDLE)), hours=NIGHTS)
    made = facts(known, each)
    north, middle, whole = (made.provision("falls", slug) for slug in ("north", "middle", "*"))
    assert (north.places, north.hours) == (1, 3 * 3 / 4), "three Mondays of the four"
    assert (middle.places, middle.hours) == (2, 6), "both places have the service's own hours, which count once"
    assert (whole.covers, whole.places, whole.hours) == (1, 3, 8.25)


def test_sessions_that_overlap_count_once(known: Extents) -> None:
    both = Hours((*MORNINGS.patterns, Pattern(weekday=0, opens=time(11), closes=time(13)), Pattern(weekday=0)))
    found = facts(known, falls("Both", areas=WHOLE, sites=(site(NORTH, hours=both),)))
    assert found.provision("falls", "north").hours == 4


def test_evenings_and_weekends_are_those_of_places_that_people_have_near(known: Extents) -> None:
    each = falls("Late", areas=covering("north", "south"), sites=(site(NORTH, hours=MORNINGS), site(SOUTH, hours=NIGHTS)))
    made = facts(known, each)
    assert [(made.provision("falls", slug).evening, made.provision("falls", slug).weekend) for slug in made.localities] == [
        (0, 0),
        (0, 0),
        (1, 1),
    ]
    over = Hours((Pattern(weekday=5, opens=time(20), closes=time(22), last=date(2026, 11, 22)),))
    assert where(known, falls("Over", areas=covering("north"), hours=over), "weekend") == set(), "its season is over"
    ends_unknown = Hours((Pattern(weekday=0, opens=time(9)),))
    assert where(known, falls("Unknown", areas=covering("north"), hours=ends_unknown), "evening") == set()


def test_what_services_say_of_themselves_is_counted(known: Extents) -> None:
    say = {"areas": covering("north"), "is_free": True, "access": ("step-free",), "languages": ("ur", "pnb", "en")}
    found = facts(known, falls("Says", **say), falls("Silent", areas=covering("north"), languages=("en",))).provision("falls", "north")
    assert (found.covers, found.free, found.step_free, found.in_languages, found.remote) == (2, 1, 1, 1, 0)
    assert found.languages == {"tr": 0, "ur": 1}


def test_the_services_behind_a_figure_are_named(known: Extents) -> None:
    free, late = falls("Free", areas=covering("north"), is_free=True), falls("Late", areas=covering("north", "south"), hours=NIGHTS)
    made = facts(known, free, late, falls("Line", how=RINGS, languages=("tr",)))

    def ids(of: str, locality: str = "north") -> set[uuid.UUID]:
        return set(made.services("falls", locality, of))

    assert ids("free") == {free.id}
    assert ids("evening") == ids("weekend") == ids("local", "south") == {late.id}
    assert len(ids("covers")) == 3
    assert ids("remote") == ids("tr") == ids("in_languages") != set()
    assert ids("based") == ids("hours") == ids("ur") == set()


def demand(numbers: dict[str, int] | None = None, asked: Asked | None = None) -> Demand:
    people = {Measure.AGED_65: numbers, Measure.RESIDENTS: {"north": 9000, "middle": 9000, "south": 18000}} if numbers else {}
    table = NeedTable({measure: Source("Made up", "2026") for measure in people}, people)
    measures = {need: Measure.AGED_65 if need == "falls" else Measure.LITTLE_ENGLISH for need in NEEDS}
    return Demand(table, measures, asked or Asked())


def matrix(known: Extents, numbers: dict[str, int] | None, *listings: Listing) -> Matrix:
    return matrix_of(facts(known, *listings), demand(numbers))


def test_provision_is_held_against_those_who_have_the_need(known: Extents) -> None:
    there = [falls(f"In the north {number}", areas=covering("north")) for number in range(12)]
    found = matrix(known, {"north": 1000, "middle": 1000, "south": 2000}, *there)
    north, south = found.cell("north", "falls"), found.cell("south", "falls")
    assert (north.measure, north.people, north.per_1000, north.gap.expected, north.gap.ratio) == (Measure.AGED_65, 1000, 12, 3, 4)
    assert north.need_per_1000 == pytest.approx(111.11, abs=0.01)
    assert (north.gap.verdict, south.gap.verdict, south.gap.expected) == (Verdict.MORE, Verdict.NONE_HERE, 6)
    assert found.cell("north", "food").measure is Measure.RESIDENTS, "the pack does not count who speaks little English"
    total = found.by_need["falls"]
    assert (total.provision.covers, total.people, total.verdicts[Verdict.NONE_HERE]) == (12, 4000, 2)
    assert found.by_locality["south"].people == 18000
    assert [cell.need for cell in found.of_locality("north")] == list(NEEDS)
    assert [cell.locality for cell in found.of_need("falls")] == ["north", "middle", "south"]


def test_without_figures_of_people_nothing_is_said_of_them(known: Extents) -> None:
    cell = matrix(known, None, falls("There", areas=covering("north"))).cell("north", "falls")
    assert (cell.people, cell.per_1000, cell.need_per_1000, cell.gap.verdict) == (None, None, None, Verdict.UNKNOWN)


def test_people_who_asked_are_shown_as_they_may_be_and_totals_are_their_sums(known: Extents) -> None:
    asked = Asked(Quarter(2026, 3), {("north", "falls"): 15, ("south", "falls"): 10, ("", "falls"): 40}, {("north", "food"): 20})
    found = matrix_of(facts(known, falls("Far", sites=(site(FAR_AWAY),))), demand(None, asked))
    assert (found.cell("north", "falls").missed, found.cell("middle", "falls").missed) == (15, None)
    assert (found.by_need["falls"].missed, found.by_locality["north"].missed, found.by_locality["north"].planned) == (25, 15, 20)
    assert found.quarter == Quarter(2026, 3)
