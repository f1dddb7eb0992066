"""What the council writes: saved by version, put up and taken down, looked back at and put back; each act leaves a line in the history."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from portal import clock
from portal.council import operations
from portal.council.banners import Banner, Obstacle, State, Tone
from portal.council.content import Amount, Check, Content, Helper, LineWords, PlaceWords, pack, unpack
from portal.council.models import CouncilEntry, Kind
from portal.council.operations import Based, save
from portal.council.queries import Entry, find_entry, get_banner, list_versions, read_words
from portal.council.standing import Standing
from portal.db import reading, writing
from portal.errors import Conflict, NotFound, Refused
from portal.history import HistoryLine
from portal.pack import Line, Pack

TODAY = date(2026, 11, 24)
BY, OTHER = f"person:{uuid.UUID(int=1)}", f"person:{uuid.UUID(int=2)}"
BANNER = Banner({"en": "The library is closed."}, TODAY, TODAY + timedelta(days=3))
PLACE = PlaceWords({"en": "By the river."}, (Helper("Tea club", {"en": "Tea"}, "01632 960100"),))
DOOR = Line("front_door", "Care Line", "01632 960001", "Weekdays")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en", "ur"), {"front_door": DOOR}, "", "", is_demo=True)


@pytest.fixture(autouse=True)
def _today(stopped_clock: object) -> None:
    """It is 24 November."""


@pytest.fixture
def council(database: Engine) -> Engine:
    """A database of the council's."""
    return database


def lines(session: Session) -> list[HistoryLine]:
    return list(session.scalars(select(HistoryLine).order_by(HistoryLine.id)))


def place(version: int, by: str = BY) -> Based:
    return Based(Kind.LOCALITY, "eastmoor", version, by)


def the_place(session: Session) -> Entry:
    entry = find_entry(session, Kind.LOCALITY, "eastmoor")
    assert entry
    return entry


def up(session: Session, banner: Banner) -> uuid.UUID:
    entry_id = operations.draft(session, banner, BY)
    operations.put_up(session, entry_id, 1, BY)
    return entry_id


def standing(engine: Engine) -> Standing:
    made = Standing(engine, PACK)
    made.refresh()
    return made


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.BANNER, replace(BANNER, tone=Tone.CARE, place="eastmoor", url="https://x.org", link_words={"en": "More"}, state=State.UP)),
        (Kind.AMOUNT, Amount("£86.45", "https://www.gov.uk", TODAY)),
        (Kind.AMOUNT, Amount("")),
        (Kind.LINE, LineWords("01632 960009", "Always", DOOR.number, DOOR.hours)),
        (Kind.CHECK, Check(TODAY)),
        (Kind.LOCALITY, PLACE),
    ],
)
def test_content_comes_back_from_the_database_as_it_was(session: Session, kind: Kind, content: Content) -> None:
    assert unpack(kind, pack(content)) == content
    save(session, Based(kind, "x", 0, BY), content)
    session.expire_all()
    entry = find_entry(session, kind, "x")
    assert entry
    assert (entry.content, entry.version, entry.changed_by, entry.changed_at) == (content, 1, BY, clock.now())


def test_each_write_leaves_who_what_before_and_after(session: Session) -> None:
    entry_id = save(session, place(0), PLACE)
    save(session, place(1, OTHER), replace(PLACE, about={"en": "On the hill."}))
    session.flush()
    added, changed = lines(session)
    assert (added.resource_type, added.resource_id, added.action, added.acted_by) == ("council_entry", entry_id, "add", BY)
    assert added.changes["about"] == [None, {"en": "By the river."}]
    assert (changed.action, changed.acted_by) == ("change", OTHER)
    assert changed.changes == {"about": [{"en": "By the river."}, {"en": "On the hill."}]}


def test_saving_what_is_there_already_writes_nothing(session: Session) -> None:
    save(session, place(0), PLACE)
    save(session, place(1), PLACE)
    session.flush()
    assert (the_place(session).version, len(lines(session))) == (1, 1)


def test_whoever_saves_from_an_older_version_is_told_and_nothing_is_written(session: Session) -> None:
    save(session, place(0), PLACE)
    save(session, place(1, OTHER), PlaceWords({"en": "Theirs."}))
    for late in (0, 1, 7):
        with pytest.raises(Conflict):
            save(session, place(late), PlaceWords({"en": "Mine."}))
    session.flush()
    assert the_place(session).content == PlaceWords({"en": "Theirs."})
    assert len(lines(session)) == 2


@pytest.mark.parametrize("version", [0, 1])
def test_of_twenty_at_once_one_saves_and_the_others_know(council: Engine, version: int) -> None:
    if version:
        with writing(council) as session:
            save(session, place(0), PLACE)

    def write(number: int) -> int | None:
        with clock.stopped_at(clock.now()):
            try:
                with writing(council) as session:
                    save(session, place(version), PlaceWords({"en": f"Words {number}."}))
            except Conflict:
                return None
        return number

    with ThreadPoolExecutor(20) as pool:
        saved = [number for number in pool.map(write, range(20)) if number is not None]
    assert len(saved) == 1
    with reading(council) as session:
        assert the_place(session).content == PlaceWords({"en": f"Words {saved[0]}."})
        assert len(lines(session)) == version + 1


def test_every_version_can_be_looked_at_and_put_back(session: Session) -> None:
    first, second, third = PLACE, PlaceWords({"en": "On the hill."}, PLACE.helpers), PlaceWords({"en": "On the hill."})
    entry_id = save(session, place(0), first)
    save(session, place(1), second)
    save(session, place(2), third)
    session.flush()
    found = list_versions(session, the_place(session))
    assert [(it.before, it.after, it.is_now) for it in found] == [(second, third, True), (first, second, False), (None, first, False)]
    operations.put_back(session, entry_id, found[-1].line_id, 3, OTHER)
    session.flush()
    assert (the_place(session).content, the_place(session).version) == (first, 4)
    assert (lines(session)[-1].action, lines(session)[-1].acted_by) == ("put back", OTHER)


def test_what_was_never_so_cannot_be_put_back_and_what_changed_meanwhile_is_not(session: Session) -> None:
    entry_id = save(session, place(0), PLACE)
    other_id = save(session, Based(Kind.LOCALITY, "millbrook", 0, BY), PLACE)
    save(session, place(1), PlaceWords())
    session.flush()
    mine, others = (list_versions(session, it)[-1].line_id for it in (the_place(session), operations.get_entry(session, other_id)))
    with pytest.raises(NotFound):
        operations.put_back(session, entry_id, others, 2, BY)
    with pytest.raises(NotFound):
        operations.put_back(session, uuid.uuid4(), mine, 2, BY)
    with pytest.raises(Conflict):
        operations.put_back(session, entry_id, mine, 1, BY)


def test_a_banner_shows_from_its_first_day_to_its_last_once_it_is_up(council: Engine) -> None:
    with writing(council) as session:
        entry_id = operations.draft(session, replace(BANNER, starts_on=TODAY + timedelta(days=1)), BY)
    assert standing(council).banners("en") == []
    with writing(council) as session:
        operations.put_up(session, entry_id, 1, BY)
    stands = standing(council)
    assert stands.banners("en") == []
    for days, is_shown in ((1, True), (3, True), (4, False)):
        with clock.stopped_at(clock.now() + timedelta(days=days)):
            assert bool(stands.banners("en")) is is_shown, "nothing is read again: the days are enough"


def test_a_banner_that_is_taken_down_is_gone(council: Engine) -> None:
    with writing(council) as session:
        entry_id = up(session, BANNER)
    stands = standing(council)
    assert [it.text for it in stands.banners("en")] == ["The library is closed."]
    with writing(council) as session:
        operations.take_down(session, entry_id, OTHER)
        operations.take_down(session, entry_id, OTHER)
    stands.refresh()
    assert stands.banners("en") == []
    with reading(council) as session:
        assert [line.action for line in lines(session)] == ["add", "put up", "take down"]


@pytest.mark.parametrize(
    ("banner", "why"),
    [
        (replace(BANNER, words={"ur": "x"}), Obstacle.WITHOUT_WORDS),
        (replace(BANNER, ends_on=TODAY - timedelta(days=1)), Obstacle.ENDS_BEFORE),
        (replace(BANNER, ends_on=TODAY + timedelta(days=61)), Obstacle.TOO_LONG),
        (replace(BANNER, starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1)), Obstacle.OVER),
    ],
)
def test_a_banner_that_cannot_be_read_or_never_ends_is_not_put_up(session: Session, banner: Banner, why: Obstacle) -> None:
    with pytest.raises(operations.NotUp) as refused:
        up(session, banner)
    assert refused.value.obstacle is why


def test_a_third_banner_on_the_same_days_is_refused_and_on_other_days_it_is_not(session: Session) -> None:
    up(session, BANNER)
    up(session, replace(BANNER, starts_on=TODAY + timedelta(days=2), ends_on=TODAY + timedelta(days=9)))
    with pytest.raises(operations.NotUp) as refused:
        up(session, replace(BANNER, place="eastmoor", starts_on=TODAY + timedelta(days=3), ends_on=TODAY + timedelta(days=20)))
    assert refused.value.obstacle is Obstacle.TOO_MANY
    up(session, replace(BANNER, starts_on=TODAY + timedelta(days=4), ends_on=TODAY + timedelta(days=20)))
    up(session, replace(BANNER, starts_on=TODAY, ends_on=TODAY + timedelta(days=1), place="eastmoor"))


def test_two_banners_of_one_place_do_not_keep_another_place_from_its_own(session: Session) -> None:
    for slug in ("eastmoor", "eastmoor", "millbrook", "millbrook"):
        up(session, replace(BANNER, place=slug))
    with pytest.raises(operations.NotUp):
        up(session, BANNER)


def test_ten_put_up_at_once_leave_two_up(council: Engine) -> None:
    with writing(council) as session:
        drafts = [operations.draft(session, BANNER, BY) for _ in range(10)]

    def put_up(entry_id: uuid.UUID) -> bool:
        with clock.stopped_at(clock.now()):
            try:
                with writing(council) as session:
                    operations.put_up(session, entry_id, 1, BY)
            except operations.NotUp:
                return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(put_up, drafts)) == 2
    assert len(standing(council).banners("en")) == 2


def test_a_draft_that_was_changed_after_somebody_looked_at_it_is_not_put_up(session: Session) -> None:
    entry_id = operations.draft(session, BANNER, BY)
    entry, _banner = get_banner(session, entry_id)
    operations.redraft(session, entry, replace(BANNER, words={"en": "Other words."}), 1, OTHER)
    with pytest.raises(Conflict):
        operations.put_up(session, entry_id, 1, BY)
    assert get_banner(session, entry_id)[1].state is State.DRAFT


def test_the_words_of_a_banner_that_is_up_change_only_by_a_draft_that_takes_its_place(session: Session) -> None:
    entry_id = up(session, BANNER)
    up(session, BANNER)
    with pytest.raises(Conflict):
        operations.redraft(session, get_banner(session, entry_id)[0], replace(BANNER, words={"en": "Other"}), 2, BY)
    instead = operations.draft_instead(session, entry_id, OTHER)
    operations.redraft(session, get_banner(session, instead)[0], replace(BANNER, words={"en": "Other"}), 1, OTHER)
    operations.put_up(session, instead, 2, OTHER)
    states = {it: get_banner(session, it)[1].state for it in (entry_id, instead)}
    assert states == {entry_id: State.DOWN, instead: State.UP}
    with pytest.raises(Refused):
        operations.draft_instead(session, entry_id, OTHER)


def test_an_old_version_of_a_banner_is_put_back_as_a_draft_and_not_while_it_is_up(session: Session) -> None:
    entry_id = operations.draft(session, BANNER, BY)
    operations.redraft(session, get_banner(session, entry_id)[0], replace(BANNER, words={"en": "Other"}), 1, BY)
    operations.put_up(session, entry_id, 2, BY)
    session.flush()
    first = list_versions(session, get_banner(session, entry_id)[0])[-1].line_id
    with pytest.raises(Refused):
        operations.put_back(session, entry_id, first, 3, BY)
    operations.take_down(session, entry_id, BY)
    operations.put_back(session, entry_id, first, 4, BY)
    banner = get_banner(session, entry_id)[1]
    assert (banner.words, banner.state) == ({"en": "The library is closed."}, State.DOWN)


def test_what_is_not_a_banner_is_not_found_as_one(session: Session) -> None:
    entry_id = save(session, place(0), PLACE)
    for act in (operations.take_down, operations.draft_instead):
        with pytest.raises(NotFound):
            act(session, entry_id, BY)
    with pytest.raises(NotFound):
        operations.put_up(session, uuid.uuid4(), 1, BY)


def test_while_the_database_is_gone_no_banner_shows_and_facts_stay_as_they_were(council: Engine) -> None:
    with writing(council) as session:
        up(session, BANNER)
        save(session, Based(Kind.AMOUNT, "2026/capital_upper", 0, BY), Amount("£1", "https://www.gov.uk", TODAY))
        save(session, place(0), PLACE)
        save(session, Based(Kind.LINE, "front_door", 0, BY), LineWords("01632 960009", "Always", DOOR.number, DOOR.hours))
    stands = standing(council)
    assert len(stands.banners("en")) == 1
    CouncilEntry.__table__.drop(council)
    stands.refresh()
    assert stands.banners("en") == []
    assert stands.facts.amounts == (((2026, "capital_upper"), "£1"),)
    assert stands.place("eastmoor") == PLACE
    assert stands.pack.front_door.number == "01632 960009"


def test_the_councils_number_counts_until_the_pack_itself_changes(council: Engine) -> None:
    with writing(council) as session:
        save(session, Based(Kind.LINE, "front_door", 0, BY), LineWords("01632 960009", "Always", DOOR.number, DOOR.hours))
    assert standing(council).pack.front_door == replace(DOOR, number="01632 960009", hours="Always")
    newer = replace(PACK, lines={"front_door": replace(DOOR, number="01632 960777")})
    stands = Standing(council, newer)
    stands.refresh()
    assert stands.pack.front_door.number == "01632 960777"


def test_an_amount_that_was_taken_back_is_the_files_again(session: Session) -> None:
    based = Based(Kind.AMOUNT, "2026/capital_upper", 0, BY)
    save(session, based, Amount("£1", "https://www.gov.uk", TODAY))
    assert read_words(session, TODAY).facts.amounts_of(2026) == {"capital_upper": "£1"}
    save(session, replace(based, version=1), Amount(""))
    assert read_words(session, TODAY).facts.amounts_of(2026) == {}


def test_reading_everything_is_one_statement_however_much_there_is(council: Engine) -> None:
    with writing(council) as session:
        for number in range(60):
            save(session, Based(Kind.CHECK, f"advice/{number}", 0, BY), Check(TODAY))
    asked: list[str] = []
    event.listen(council, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: asked.append(statement))
    with reading(council) as session:
        assert len(read_words(session, TODAY).facts.checks) == 60
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1
