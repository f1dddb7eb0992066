"""What is measured of a listing: which parts it lacks, whether it reads easily, in which areas it counts, and by which rule."""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec
import pytest
from babel import Locale
from little_borough import SOUTH
from quality import WHOLE, ground_in

from portal.directory.record import AreaEntry, CostEntry, ServiceRecord, SessionEntry, VenueEntry
from portal.editing.checks import missing as gaps
from portal.editing.checks import reading as plain
from portal.editing.checks.missing import Part, missing, missing_parts
from portal.editing.quality.measures import RULE, Measure, measure, rule_of
from portal.editing.quality.placing import ELSEWHERE, EVERYWHERE, Ground
from portal.editing.quality.queries import Counts, Row
from portal.editing.quality.sheet import as_csv
from portal.editing.quality.wording import percent
from portal.localities.boundaries import load_boundaries
from portal.localities.gazetteer import load_gazetteer
from portal.search.areas import Extents

NOTHING = ServiceRecord(name="Club")


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return ground_in(tmp_path)


def without(**changes: object) -> ServiceRecord:
    return msgspec.structs.replace(WHOLE, **changes)


def at(**values: object) -> ServiceRecord:
    return without(venues=(VenueEntry(**values),))  # type: ignore[arg-type]  # values are fields


def test_a_whole_listing_lacks_no_part_and_an_empty_one_every_part() -> None:
    assert missing_parts(WHOLE) == ()
    assert missing_parts(NOTHING) == tuple(Part)


@pytest.mark.parametrize(
    ("record", "part"),
    [
        (without(fees=""), Part.COST),
        (without(phones=()), Part.CONTACT),
        (without(description="Food."), Part.ABOUT),
        (without(needs=()), Part.NEEDS),
        (without(venues=(), sessions=(SessionEntry(byday="TU"),)), Part.PLACE),
        (without(venues=(VenueEntry(name="Hall"),), application_process=""), Part.WHEN),
    ],
)
def test_each_part_is_missed_by_itself(record: ServiceRecord, part: Part) -> None:
    assert missing_parts(record) == (part,)


@pytest.mark.parametrize(
    "record",
    [
        without(fees="", costs=(CostEntry(0.0),)),
        without(phones=(), email="club@example.org"),
        without(phones=(), url="https://club.example.org"),
        without(application_process=""),  # the times say enough
        without(venues=(VenueEntry(name="Hall"),)),  # how to start says enough
        without(venues=(), areas=(AreaEntry("north"),)),
        without(venues=(VenueEntry(is_confidential=True),)),
    ],
)
def test_one_way_of_saying_it_is_enough(record: ServiceRecord) -> None:
    assert missing_parts(record) == ()


def test_what_the_council_counts_is_what_the_editor_is_told() -> None:
    online = without(venues=(), sessions=(SessionEntry(),), how=("online",))
    for record in (NOTHING, without(fees=""), online, without(needs=())):
        assert len(missing_parts(record)) <= len(list(missing(record)))
    [hint] = missing(online)
    assert (hint.step, missing_parts(online)) == ("areas", (Part.PLACE,))


def test_plain_is_what_reading_has_nothing_to_say_about(ground: Ground) -> None:
    assert measure(WHOLE, ground).is_plain
    assert not measure(without(description="We facilitate holistic provision."), ground).is_plain
    assert not measure(without(description="  "), ground).is_plain


@pytest.mark.parametrize(
    ("record", "places"),
    [
        (at(postcode="ZZ1 1AA"), ("north",)),
        (at(postcode="zz11aa", latitude=SOUTH[0], longitude=SOUTH[1]), ("north",)),  # the council's list counts before the outline
        (at(latitude=54.03, longitude=1.03), ("middle",)),
        (at(postcode="ZZ9 1AA"), (ELSEWHERE,)),
        (at(postcode="ZZ1 1AA", is_confidential=True), (ELSEWHERE,)),
        (at(postcode="not a place"), (ELSEWHERE,)),
        (without(venues=(), areas=(AreaEntry("south"),)), ("south",)),
        (without(areas=(AreaEntry("south"), AreaEntry(name="Middle"))), ("middle", "north", "south")),
        (without(venues=(), areas=(AreaEntry(name="Rowborough"),)), (EVERYWHERE,)),
        (without(venues=(), areas=(AreaEntry("england"),)), (EVERYWHERE,)),
        (without(areas=(AreaEntry("uk"),)), ("north",)),
        (without(venues=(), areas=(AreaEntry("Kent"),)), (ELSEWHERE,)),
        (NOTHING, (ELSEWHERE,)),
    ],
)
def test_a_listing_counts_where_it_happens_and_where_it_says(ground: Ground, record: ServiceRecord, places: tuple[str, ...]) -> None:
    assert ground.places_of(record) == places


def test_the_rule_has_a_number_that_whoever_changes_it_raises() -> None:
    """When this fails, raise `measures.RULE` and write the new pair here: every listing is then measured anew."""
    words = (plain.LONGEST_SENTENCE, plain.LONG_WORD, plain.SHOUTED, sorted(plain.PLAIN_WORDS), gaps.SHORTEST)
    parts = sorted((str(part), sorted(map(str, those))) for part, those in gaps._LEAVE_OPEN.items())
    assert (RULE, f"{zlib.crc32(repr((words, parts)).encode()):08x}") == (1, "0e01f8b5")


def test_other_boundaries_are_another_rule(ground: Ground, tmp_path: Path) -> None:
    path = tmp_path / "localities.geojson"
    path.write_text(path.read_text().replace("2026-04-01", "2027-04-01"))
    later = Ground(Extents(load_gazetteer(tmp_path), ground.extents.borough_names, load_boundaries(tmp_path)))
    assert rule_of(later) != rule_of(ground)
    assert rule_of(ground).startswith(f"{RULE}-")


def counts(**numbers: int) -> Counts:
    return Counts({measure: numbers.get(measure.value, 0) for measure in Measure})


def test_a_share_of_what_is_read_leaves_out_what_is_not_read_yet() -> None:
    some = counts(all=10, unmeasured=5, incomplete=1, unchecked=1)
    assert (some.share(Measure.INCOMPLETE), some.share(Measure.UNCHECKED)) == (0.2, 0.1)
    assert counts(all=3, unmeasured=3).share(Measure.HARD) is None
    assert counts().share(Measure.UNCHECKED) is None


@pytest.mark.parametrize(("share", "said"), [(0.0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1.0, "100%"), (None, "–")])
def test_all_and_none_are_said_of_all_and_none_only(share: float | None, said: str) -> None:
    assert percent(Locale("en"), share) == said


def test_no_cell_of_the_file_is_run() -> None:
    rows = [Row('=HYPERLINK("http://evil.example","x")', counts(all=1)), Row('x;=1+1\n"+2', counts(all=2, unmeasured=2))]
    lines = as_csv("Area", rows).decode("utf-8-sig")
    assert '"\'=HYPERLINK(""http://evil.example""' in lines
    assert "x;'=1+1" in lines
    assert '"2","0","0.0","2","100.0","0","0","","0"' in lines
