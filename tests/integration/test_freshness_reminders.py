"""Reminders: who is asked, once, in their language, a week apart; two workers at once; a worker that is killed midway."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import date, datetime, timedelta

import pytest
from accounts import make_person
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.models import Membership, Person
from portal.config import DEVELOPMENT_SECRET
from portal.db import reading, writing
from portal.directory.freshness import Stage
from portal.directory.models import Organization, Service
from portal.editing.freshness import letters, operations, reminding
from portal.editing.freshness.models import Mobile, Reminder, StillRightLink
from portal.editing.freshness.operations import Answers
from portal.editing.freshness.queries import Wanted, count_due, list_due
from portal.editing.telling import may_tell
from portal.mail import Message, Outgoing
from portal.pack import Line, Pack
from portal.sealing import key_of_site
from portal.sharing.asking.room import Sender

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en", "ur"), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", DEVELOPMENT_SECRET)
CLUB, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
AGES = {"Lunch club": 200, "Choir": 300, "Walks": 400, "Repairs": 500, "Fresh": 10}  # days since each was checked


@pytest.fixture(autouse=True)
def _stopped(stopped_clock: datetime) -> None:
    """All of it happens on 24 November 2026."""


@pytest.fixture
def borough(database: Engine) -> Engine:
    """An organization with listings of every age, and another that nobody keeps."""
    with writing(database) as session:
        session.add_all([Organization(id=CLUB, name="Steady Club"), Organization(id=OTHER, name="Nobody's")])
        session.flush()
        for name, days in AGES.items():
            session.add(service(name, days))
        session.add(service("Unkept", 250, OTHER))
    return database


def service(name: str, days: int | None, organization: uuid.UUID = CLUB) -> Service:
    assured = date(2026, 11, 24) - timedelta(days=days) if days is not None else None
    return Service(id=uuid.uuid5(CLUB, name), organization_id=organization, name=name, status="active", assured_date=assured)


def id_of(name: str) -> uuid.UUID:
    return uuid.uuid5(CLUB, name)


def remind(engine: Engine) -> int:
    with writing(engine) as session:
        return reminding.remind(session, SENDER)


def sent(engine: Engine) -> list[Message]:
    key = key_of_site(DEVELOPMENT_SECRET, "mail")
    with reading(engine) as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.posted_at, Outgoing.id)).all()
        return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows]


def token_in(message: Message) -> str:
    found = re.search(r"/still-right/([\w-]{43})", message.body)
    assert found
    return found[1]


def test_a_person_gets_one_letter_about_everything_that_is_due(borough: Engine) -> None:
    make_person(borough, "amina@example.org", organizations=[CLUB])
    assert remind(borough) == 1
    [letter] = sent(borough)
    assert (letter.to, letter.subject) == ("amina@example.org", "Is this still right?")
    for name in ("Lunch club", "Choir", "Walks", "Repairs"):
        assert name in letter.body
    assert "Fresh" not in letter.body
    assert "Unkept" not in letter.body
    assert "https://doorstep.example/en/still-right/" in letter.body
    assert "Our search does not show it any more." in letter.body
    with reading(borough) as session:
        stages = {(row.service_id, row.stage) for row in session.scalars(select(Reminder))}
        assert stages == {
            (id_of("Lunch club"), "ask"),
            (id_of("Choir"), "ask again"),
            (id_of("Walks"), "marked"),
            (id_of("Repairs"), "hidden"),
        }
        [link] = session.scalars(select(StillRightLink))
        assert token_in(letter) not in link.id
        assert len(token_in(letter)) == 43


def test_nobody_is_asked_twice_about_the_same_stage_nor_twice_in_a_week(borough: Engine) -> None:
    make_person(borough, "amina@example.org", organizations=[CLUB])
    assert [remind(borough) for _ in range(3)] == [1, 0, 0]
    with writing(borough) as session:
        session.add(service("Grew old", 190))
    assert remind(borough) == 0, "a week has not passed"
    with clock.stopped_at(NOW + timedelta(days=7)):
        assert remind(borough) == 1
        assert remind(borough) == 0
    with clock.stopped_at(NOW + timedelta(days=20)):
        assert remind(borough) == 0, "nothing is new"
    with clock.stopped_at(NOW + timedelta(days=80)):
        assert remind(borough) == 1, "the lunch club has come to nine months"
    assert len(sent(borough)) == 3


def test_every_keeper_is_asked_in_their_own_language(borough: Engine) -> None:
    make_person(borough, "amina@example.org", organizations=[CLUB])
    second = make_person(borough, "sana@example.org", organizations=[CLUB])
    with writing(borough) as session:
        session.execute(update(Person).where(Person.id == second.id).values(language="ur"))
    assert remind(borough) == 2
    by_name = {letter.to: letter for letter in sent(borough)}
    assert by_name["sana@example.org"].language == "ur"
    assert "/ur/still-right/" in by_name["sana@example.org"].body
    assert 'dir="rtl"' in by_name["sana@example.org"].html
    assert token_in(by_name["amina@example.org"]) != token_in(by_name["sana@example.org"])


def test_who_has_not_accepted_or_has_left_is_not_asked(borough: Engine) -> None:
    invited, left = (make_person(borough, f"{name}@example.org", organizations=[CLUB]) for name in ("invited", "left"))
    with writing(borough) as session:
        session.execute(update(Membership).where(Membership.person_id == invited.id).values(accepted_at=None))
        session.execute(update(Person).where(Person.id == left.id).values(left_at=clock.now(), email=None))
    assert remind(borough) == 0


def test_two_workers_at_once_write_one_letter(borough: Engine) -> None:
    for number in range(5):
        make_person(borough, f"p{number}@example.org", organizations=[CLUB])
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        with clock.stopped_at(NOW):
            remind(borough)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(letter.to for letter in sent(borough)) == [f"p{number}@example.org" for number in range(5)]


@pytest.mark.parametrize("where", ["may_tell", "make_link", "post", "_write_down"])
def test_a_worker_that_is_killed_midway_leaves_nothing_and_the_next_does_it(
    borough: Engine, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    make_person(borough, "amina@example.org", organizations=[CLUB])
    real = getattr(reminding, where)

    def killed(*arguments: object) -> None:
        real(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reminding, where, killed)
        with pytest.raises(KeyboardInterrupt):
            remind(borough)
    with reading(borough) as session:
        for table in (Reminder, StillRightLink, Outgoing):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert remind(borough) == 1
    assert len(sent(borough)) == 1


def test_a_letter_holds_so_much_and_the_rest_is_asked_the_week_after(borough: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "MOST_IN_A_LETTER", 3)
    make_person(borough, "amina@example.org", organizations=[CLUB])
    assert remind(borough) == 1
    with clock.stopped_at(NOW + timedelta(days=7)):
        assert remind(borough) == 1
    with reading(borough) as session:
        assert {row.service_id for row in session.scalars(select(Reminder))} == {id_of(name) for name in AGES if name != "Fresh"}


def test_a_mobile_gets_a_text_with_the_same_link(borough: Engine) -> None:
    person = make_person(borough, "amina@example.org", organizations=[CLUB])
    with writing(borough) as session:
        operations.set_mobile(session, DEVELOPMENT_SECRET, member(session, person), "+447700900123")
    with reading(borough) as session:
        assert b"7700900123" not in session.get_one(Mobile, person.id).sealed
    assert remind(borough) == 1
    email, text = sorted(sent(borough), key=lambda it: it.channel)
    assert (text.channel, text.to) == ("sms", "+447700900123")
    assert token_in(text) == token_in(email)
    with writing(borough) as session:
        session.execute(update(Person).where(Person.id == person.id).values(left_at=clock.now()))
    with writing(borough) as session:
        reminding.purge(session)
        assert session.scalars(select(Mobile)).all() == []
        assert session.scalars(select(StillRightLink)).all() == []


def member(session: Session, person: Person) -> operations.Member:
    from portal.accounts.audiences import Level
    from portal.accounts.queries import get_person, member_of

    return member_of(get_person(session, person.id), Level.PASSKEY, "")


def test_a_link_confirms_once_a_day_and_only_what_waits(borough: Engine) -> None:
    make_person(borough, "amina@example.org", organizations=[CLUB])
    remind(borough)
    token = token_in(sent(borough)[0])
    right = Answers(frozenset({id_of("Lunch club"), id_of("Unkept"), uuid.uuid4()}))
    for _ in range(3):
        with writing(borough) as session:
            assert operations.answer(session, SENDER, token, right)
    with reading(borough) as session:
        kept = {it.name: it for it in session.scalars(select(Service))}
        assert (kept["Lunch club"].assured_date, kept["Lunch club"].assured_by) == (date(2026, 11, 24), "Steady Club")
        assert kept["Unkept"].assured_date != date(2026, 11, 24)
        assert kept["Choir"].assured_date != date(2026, 11, 24)
        from portal.history import HistoryLine

        confirmed = session.scalars(select(HistoryLine).where(HistoryLine.action == "confirmed")).all()
        assert len(confirmed) == 1
        assert confirmed[0].acted_by.startswith("person:")


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "A" * 43, "\x00" * 43, "9" * 5000])
def test_a_token_that_is_not_ours_opens_nothing(borough: Engine, token: str) -> None:
    with writing(borough) as session:
        assert operations.find_opened(session, token) is None
        assert operations.answer(session, SENDER, token, Answers(frozenset({id_of("Choir")}))) is None


def test_a_link_ends_after_sixty_days_and_with_its_person(borough: Engine) -> None:
    person = make_person(borough, "amina@example.org", organizations=[CLUB])
    remind(borough)
    token = token_in(sent(borough)[0])
    with reading(borough) as session, clock.stopped_at(NOW + timedelta(days=59)):
        assert operations.find_opened(session, token)
    with reading(borough) as session, clock.stopped_at(NOW + timedelta(days=60)):
        assert operations.find_opened(session, token) is None
    with writing(borough) as session:
        session.execute(update(Membership).values(accepted_at=None))
        opened = operations.find_opened(session, token)
        assert opened
        assert opened.service_ids == (), "who keeps nothing has nothing to confirm"
    with writing(borough) as session:
        session.execute(update(Person).where(Person.id == person.id).values(left_at=clock.now()))
        assert operations.find_opened(session, token) is None


def test_what_has_closed_goes_to_the_council_and_is_asked_no_more(borough: Engine) -> None:
    from portal.editing.reports.queries import list_for_council, list_for_editors

    make_person(borough, "amina@example.org", organizations=[CLUB])
    remind(borough)
    token = token_in(sent(borough)[0])
    for _ in range(2):
        with writing(borough) as session:
            operations.answer(session, SENDER, token, Answers(closed=frozenset({id_of("Walks")})))
    with reading(borough) as session:
        [report] = list_for_council(session)
        assert (report.service, report.kind, report.is_from_organization) == ("Walks", "closed", True)
        assert list_for_editors(session, [CLUB]) == ()
        opened = operations.find_opened(session, token)
        assert opened
        assert id_of("Walks") not in opened.service_ids


def test_the_council_sees_what_is_due_by_stage_and_what_nobody_keeps(borough: Engine) -> None:
    make_person(borough, "amina@example.org", organizations=[CLUB])
    with reading(borough) as session:
        assert [due.name for due in list_due(session)] == ["Repairs", "Walks", "Choir", "Unkept", "Lunch club"]
        assert count_due(session) == {Stage.ASK: 2, Stage.ASK_AGAIN: 1, Stage.MARKED: 1, Stage.HIDDEN: 1}
        assert [due.name for due in list_due(session, wanted=Wanted(is_unkept=True))] == ["Unkept"]
        assert [due.name for due in list_due(session, [CLUB], Wanted(stage=Stage.ASK))] == ["Lunch club"]
        assert count_due(session, [OTHER])[Stage.ASK] == 1
        assert list_due(session, []) == ()


def test_what_was_never_checked_ages_from_when_it_was_first_known(borough: Engine) -> None:
    with writing(borough) as session:
        session.add(service("Never", None))
    with reading(borough) as session:
        assert session.get_one(Service, id_of("Never")).known_on == date(2026, 11, 24)
        assert "Never" not in [due.name for due in list_due(session)]
    with clock.stopped_at(NOW + timedelta(days=183)), reading(borough) as session:
        [never] = [due for due in list_due(session) if due.name == "Never"]
        assert (never.assured_on, never.since, never.stage) == (None, date(2026, 11, 24), Stage.ASK)


def test_a_letter_of_a_kind_waits_for_its_pause(borough: Engine) -> None:
    person = make_person(borough, "amina@example.org")
    with writing(borough) as session:
        assert may_tell(session, person.id, "kind", timedelta(days=1))
        assert not may_tell(session, person.id, "kind", timedelta(days=1))
        assert may_tell(session, person.id, "other", timedelta(days=1))
        with clock.stopped_at(NOW + timedelta(days=1)):
            assert may_tell(session, person.id, "kind", timedelta(days=1))


def test_a_letter_says_what_it_must_and_no_more(borough: Engine) -> None:
    person = make_person(borough, "amina@example.org", organizations=[CLUB])
    with reading(borough) as session:
        letter = letters.still_right(SENDER, session.get_one(Person, person.id), list_due(session, [CLUB]), "t" * 43)
    assert "01632 960001" in letter.body
    assert "60 days" in letter.body
    assert letter.html.count("/still-right/") >= 1


@pytest.mark.parametrize(("hour", "letters_sent"), [(8, 0), (9, 1), (17, 1), (18, 0), (3, 0)])
def test_nobody_is_written_to_at_night(borough: Engine, hour: int, letters_sent: int) -> None:
    make_person(borough, "amina@example.org", organizations=[CLUB])
    with clock.stopped_at(NOW.replace(hour=hour)):
        assert remind(borough) == letters_sent
