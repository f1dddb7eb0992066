"""The outbox: posted with the caller's transaction, sent once by several workers, at least once after a kill, readable nowhere."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from structlog.testing import capture_logs

from portal import clock
from portal.db import open_engine, reading, writing
from portal.mail import Carriers, Channel, Message, Outgoing, deliver, post
from portal.mail.carriers import Refused
from portal.mail.outbox import ENOUGH_FAILURES, FORGOTTEN_AFTER, GIVEN_UP_AFTER, LEASE, REFUSED_FOR
from portal.mail.waiting import Queue, count_waiting, list_waiting
from portal.sealing import Unreadable, key_of_site

SECRET = "s" * 32
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
LETTER = Message("email", "canary-to@example.org", "canary-subject", "canary-body\nبولیے\n")
TEXT = Message("sms", "+447700900123", "", "canary-text")


@dataclass
class Taker:
    """A carrier that remembers what it took; `fails` is raised for each message while it is set."""

    took: list[tuple[Message, str]] = field(default_factory=list)
    fails: BaseException | None = None
    meanwhile: Callable[[], object] = lambda: None

    def send(self, message: Message, message_id: str) -> None:
        self.meanwhile()
        if self.fails:
            raise self.fails
        self.took.append((message, message_id))


class Killed(BaseException):
    """What no `except Exception` holds back, as a kill would not be."""


@pytest.fixture
def taker() -> Taker:
    return Taker()


def posted(engine: Engine, *messages: Message, at: datetime = NOW) -> None:
    with clock.stopped_at(at), writing(engine) as session:
        for message in messages:
            post(session, SECRET, message)


def delivered(engine: Engine, taker: Taker, after: timedelta = timedelta(0), secret: str = SECRET) -> int:
    """How many `deliver` sent, so long after the message was posted."""
    with clock.stopped_at(NOW + after):
        return deliver(engine, secret, Carriers(taker, taker))


def rows(engine: Engine) -> list[Outgoing]:
    with reading(engine) as session:
        return list(session.scalars(select(Outgoing)))


def bytes_at_rest(engine: Engine) -> bytes:
    return b"".join(path.read_bytes() for path in Path(str(engine.url.database)).parent.glob("portal.sqlite3*"))


def test_a_message_goes_with_its_transaction_or_not_at_all(database: Engine, taker: Taker) -> None:
    def break_off() -> None:
        with writing(database) as session:
            post(session, SECRET, LETTER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert rows(database) == []
    posted(database, LETTER, TEXT)
    assert delivered(database, taker) == 2
    assert {message for message, _ in taker.took} == {LETTER, TEXT}
    assert {message_id for _, message_id in taker.took} == {str(row.id) for row in rows(database)}


def test_each_channel_has_its_carrier(database: Engine) -> None:
    email, sms = Taker(), Taker()
    posted(database, LETTER, TEXT)
    with clock.stopped_at(NOW):
        assert deliver(database, SECRET, Carriers(email, sms)) == 2
    assert [message for message, _ in email.took] == [LETTER]
    assert [message for message, _ in sms.took] == [TEXT]


def test_what_waits_is_sealed_to_its_row_and_readable_nowhere_in_the_files(database: Engine, taker: Taker) -> None:
    taker.fails = ConnectionRefusedError(LETTER.to)
    posted(database, LETTER, TEXT)
    delivered(database, taker)
    kept = bytes_at_rest(database)
    assert b"outgoing" in kept
    for canary in (b"canary", "بولیے".encode(), b"example.org", b"7700900123", b"\\u0628"):
        assert canary not in kept, canary
    one, other = rows(database)
    key = key_of_site(SECRET, "mail")
    assert Message.unpacked(key.open(one.sealed, str(one.id))) in (LETTER, TEXT)
    with pytest.raises(Unreadable):
        key.open(one.sealed, str(other.id))


def test_what_was_sent_is_emptied_at_once_and_forgotten_after_a_day(database: Engine, taker: Taker) -> None:
    posted(database, LETTER)
    delivered(database, taker)
    [row] = rows(database)
    assert (row.sealed, row.sent_at) == (b"", NOW)
    assert delivered(database, taker, FORGOTTEN_AFTER - timedelta(seconds=1)) == 0
    assert len(rows(database)) == 1
    assert delivered(database, taker, FORGOTTEN_AFTER) == 0
    assert rows(database) == []
    assert len(taker.took) == 1


def attempts(engine: Engine, taker: Taker) -> Iterator[timedelta]:
    """How long after it was posted each attempt is made, until its row is gone. A second before it is due nothing happens."""
    tried: list[str] = []
    taker.meanwhile = lambda: tried.append("once")
    while waiting := rows(engine):
        due = waiting[0].next_at - NOW
        before = len(tried)
        delivered(engine, taker, due - timedelta(seconds=1))
        assert len(tried) == before
        delivered(engine, taker, due)
        if len(tried) > before:
            yield due


def test_a_message_that_fails_is_tried_ever_less_often_and_given_up_after_three_days(database: Engine, taker: Taker) -> None:
    taker.fails = OSError(f"no route for {LETTER.to}")
    posted(database, LETTER)
    with capture_logs() as lines:
        tried = list(attempts(database, taker))
    minutes = [later - sooner for sooner, later in pairwise(tried)]
    assert minutes[:4] == [timedelta(minutes=pause) for pause in (1, 5, 15, 60)]
    assert set(minutes[4:]) == {timedelta(hours=6)}
    assert GIVEN_UP_AFTER - timedelta(hours=6) <= tried[-1] < GIVEN_UP_AFTER
    assert rows(database) == []
    assert [line["event"] for line in lines].count("message given up") == 1
    assert lines[-1]["event"] == "message given up"
    assert set(lines[-1]) == {"event", "log_level", "id", "channel", "attempts"}
    assert not [word for word in ("canary", "example.org", SECRET) if word in str(lines)]


def test_a_message_waits_its_three_days_to_the_minute(database: Engine, taker: Taker) -> None:
    taker.fails = OSError()
    posted(database, LETTER)
    delivered(database, taker)
    delivered(database, taker, GIVEN_UP_AFTER - timedelta(minutes=1))
    [row] = rows(database)
    assert row.next_at == NOW + GIVEN_UP_AFTER, "and not six hours later"
    delivered(database, taker, GIVEN_UP_AFTER)
    assert rows(database) == []


def test_what_nobody_could_try_for_a_week_is_tried_once_before_it_is_given_up(database: Engine, taker: Taker) -> None:
    posted(database, LETTER, TEXT)
    assert delivered(database, taker, timedelta(days=7)) == 2
    posted(database, LETTER)
    taker.fails = OSError()
    assert delivered(database, taker, timedelta(days=7)) == 0
    assert len(rows(database)) == 3
    assert delivered(database, taker, timedelta(days=7, minutes=1)) == 0
    assert [row for row in rows(database) if row.sent_at is None] == []


def test_a_message_comes_through_once_its_server_is_back(database: Engine, taker: Taker) -> None:
    taker.fails = TimeoutError()
    posted(database, LETTER)
    assert delivered(database, taker) == 0
    taker.fails = None
    assert delivered(database, taker, timedelta(seconds=59)) == 0, "not yet"
    assert delivered(database, taker, timedelta(seconds=60)) == 1


def test_a_kill_between_claim_and_sent_sends_again_when_the_lease_is_over(database: Engine, taker: Taker) -> None:
    taker.fails = Killed()
    posted(database, LETTER)
    with pytest.raises(Killed):
        delivered(database, taker)
    taker.fails = None
    assert delivered(database, taker, LEASE - timedelta(seconds=1)) == 0, "it may be on its way"
    assert delivered(database, taker, LEASE) == 1
    assert delivered(database, taker, 2 * LEASE) == 0


def test_a_message_that_kills_whoever_sends_it_is_given_up_too(database: Engine, taker: Taker) -> None:
    taker.fails = Killed()
    posted(database, LETTER)
    for hour in range(72):
        with pytest.raises(Killed):
            delivered(database, taker, timedelta(hours=hour))
    assert delivered(database, taker, timedelta(hours=72)) == 0
    assert rows(database) == []


def test_no_transaction_is_open_while_a_carrier_works(database: Engine, taker: Taker) -> None:
    other = open_engine(str(database.url))

    def write() -> None:
        with writing(other) as session:
            session.connection().exec_driver_sql("UPDATE outgoing SET channel = channel")
        assert database.pool.checkedout() == 0  # type: ignore[attr-defined]

    taker.meanwhile = write
    posted(database, LETTER)
    assert delivered(database, taker) == 1
    other.dispose()


def test_a_slow_sender_whose_lease_ran_out_does_not_undo_what_another_has_sent(database: Engine) -> None:
    quick = Taker()
    slow = Taker(fails=TimeoutError(), meanwhile=lambda: delivered(database, quick, LEASE))
    posted(database, LETTER)
    assert delivered(database, slow) == 0
    [row] = rows(database)
    assert (row.sent_at, row.sealed) == (NOW + LEASE, b"")
    assert len(quick.took) == 1


def test_many_deliverers_at_once_send_each_message_once(database: Engine, taker: Taker) -> None:
    letters = [Message("email", f"{number}@example.org", "s", "b") for number in range(25)]
    posted(database, *letters)
    gate = threading.Barrier(4)

    def work(_number: int) -> int:
        engine = open_engine(str(database.url))
        gate.wait()
        try:
            return delivered(engine, taker)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(work, range(4)))
    assert sent == len(letters)
    assert sorted(message.to for message, _ in taker.took) == sorted(letter.to for letter in letters)
    assert {row.attempts for row in rows(database)} == {1}


def test_a_channel_that_is_down_is_left_alone_and_the_other_goes_on(database: Engine) -> None:
    down, up = Taker(fails=ConnectionRefusedError()), Taker()
    posted(database, *[LETTER] * (ENOUGH_FAILURES + 2), TEXT)
    with clock.stopped_at(NOW):
        assert deliver(database, SECRET, Carriers(down, up)) == 1
    assert sum(row.attempts for row in rows(database) if row.channel == "email") == ENOUGH_FAILURES
    down.fails = None
    assert delivered(database, down) == 2, "those that were not tried are due still"


def test_one_bad_message_holds_no_other_up(database: Engine) -> None:
    class Picky(Taker):
        def send(self, message: Message, message_id: str) -> None:
            if message == TEXT:
                raise ValueError(message.to)
            super().send(message, message_id)

    picky = Picky()
    posted(database, *[TEXT, LETTER] * 5)
    assert delivered(database, picky) == 5


def test_another_secret_opens_nothing_and_the_right_one_still_does(database: Engine, taker: Taker) -> None:
    posted(database, LETTER)
    assert delivered(database, taker, secret="b" * 32) == 0
    assert taker.took == []
    assert delivered(database, taker, timedelta(minutes=1)) == 1


def test_a_message_packed_before_there_was_html_is_sent_as_it_was(database: Engine, taker: Taker) -> None:
    posted(database, LETTER)
    [row] = rows(database)
    old = json.dumps({"channel": "email", "to": "old@example.org", "subject": "s", "body": "b"}).encode()
    with writing(database) as session:
        session.execute(update(Outgoing).values(sealed=key_of_site(SECRET, "mail").seal(old, str(row.id))))
    assert delivered(database, taker) == 1
    assert taker.took[0][0] == Message("email", "old@example.org", "s", "b")


def test_a_recipient_who_is_refused_for_good_is_given_up_after_a_day_and_says_so_without_the_address(
    database: Engine, taker: Taker
) -> None:
    taker.fails = Refused(is_for_good=True)
    posted(database, LETTER)
    with capture_logs() as lines:
        tried = list(attempts(database, taker))
    assert len(tried) == 9
    assert REFUSED_FOR <= tried[-1] < REFUSED_FOR + timedelta(hours=6)
    assert [line["event"] for line in lines] == ["message put off"] * 9 + ["message given up"]
    assert set(lines[-1]) == {"event", "log_level", "id", "channel", "attempts"}
    assert "canary" not in str(lines)


def test_a_recipient_who_is_refused_for_now_has_three_days(database: Engine, taker: Taker) -> None:
    taker.fails = Refused(is_for_good=False)
    posted(database, LETTER)
    assert list(attempts(database, taker))[-1] > GIVEN_UP_AFTER - timedelta(hours=6)


def test_a_relay_that_was_set_up_wrongly_and_is_mended_within_the_day_loses_nothing(database: Engine, taker: Taker) -> None:
    taker.fails = Refused(is_for_good=True)
    posted(database, *[LETTER] * 5)
    for hour in range(0, 23, 3):
        assert delivered(database, taker, timedelta(hours=hour)) == 0
    taker.fails = None
    assert delivered(database, taker, timedelta(hours=30)) == 5


def test_refused_recipients_hold_no_other_up(database: Engine) -> None:
    class Picky(Taker):
        def send(self, message: Message, message_id: str) -> None:
            if message.to == "gone@example.org":
                raise Refused(is_for_good=True)
            super().send(message, message_id)

    picky = Picky()
    posted(database, *[replace(LETTER, to="gone@example.org")] * (3 * ENOUGH_FAILURES), *[LETTER] * 5)
    assert delivered(database, picky) == 5


def test_what_waits_is_counted_and_listed_without_whom_or_what(database: Engine, taker: Taker) -> None:
    with reading(database) as session, clock.stopped_at(NOW):
        assert (count_waiting(session), list_waiting(session)) == (Queue(0, timedelta(0)), [])
    posted(database, LETTER, at=NOW - timedelta(hours=3))
    posted(database, TEXT)
    taker.fails = OSError()
    delivered(database, taker)
    taker.fails = None
    posted(database, LETTER, at=NOW + timedelta(hours=1))
    with reading(database) as session, clock.stopped_at(NOW + timedelta(hours=1)):
        assert count_waiting(session) == Queue(3, timedelta(hours=4))
        assert [(one.channel, one.attempts) for one in list_waiting(session)] == [("email", 1), ("sms", 1), ("email", 0)]
        assert "canary" not in str(list_waiting(session))
    assert delivered(database, taker, timedelta(hours=1)) == 3
    with reading(database) as session:
        assert count_waiting(session).number == 0


def test_a_row_altered_in_the_database_is_not_sent(database: Engine, taker: Taker) -> None:
    posted(database, LETTER, TEXT)
    with writing(database) as session:
        first, second = session.scalars(select(Outgoing))
        first.sealed, second.sealed = second.sealed, first.sealed
    assert delivered(database, taker) == 0
    assert taker.took == []


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_any_letters_come_back_as_they_were_posted(database: Engine, taker: Taker, channel: Channel) -> None:
    message = Message(channel, "x@example.org", "نا\u200cم \ud800", "\x00\r\n\U0001f600 " + str(uuid.UUID(int=0)) * 4_000)
    posted(database, message)
    assert delivered(database, taker) == 1
    assert taker.took[0][0] == message
