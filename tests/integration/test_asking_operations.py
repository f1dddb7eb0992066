"""What is done with requests, and what time brings: asked once, withdrawn, looked at, answered, passed on, purged."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.listing import Listing
from portal.directory.models import Organization
from portal.mail import Message, Outgoing
from portal.pack import Line, Pack
from portal.sealing import key_of_site, new_token
from portal.sharing.asking import operations
from portal.sharing.asking.draft import Draft
from portal.sharing.asking.letters import ASKS, PASSED_ON, STILL_ASKS
from portal.sharing.asking.models import ContactRequest, RequestLink, RequestLook, State
from portal.sharing.asking.queries import Asked, Closed, Opened, count_lately, find_opened, list_asked, was_sent
from portal.sharing.asking.recipients import Recipient, front_door, list_recipients
from portal.sharing.asking.reply import CONTACT, NOT_US, Reply
from portal.sharing.asking.room import Sender
from portal.sharing.asking.shared import Reach, Shared

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)  # a Tuesday
LATE = datetime(2026, 12, 2, 0, 1, tzinfo=UTC)  # after the fifth working day
LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en",), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", "a site's own secret, long enough for it")
CLUB = Recipient(uuid.UUID(int=1), "Steady Club", "club@example.org", ("Steady Steps",))
FRONT = Recipient(None, LINE.name, LINE.email)
SHARED = Shared(Reach("Amina", "07700 900123", "amina@example.com", "en"), "third floor", place="Eastmoor")
DRAFT = Draft((CLUB,), SHARED, date(2026, 12, 24))
REPLY = Reply(CONTACT, date(2026, 11, 30), message="We ring you.")


@pytest.fixture(autouse=True)
def _club(session: Session) -> Iterator[None]:
    session.add(Organization(id=CLUB.organization_id, name=CLUB.name, email=CLUB.email))
    session.flush()
    with clock.stopped_at(NOW):
        yield


def asked(session: Session, draft: Draft = DRAFT, token: str = "") -> tuple[uuid.UUID, str]:
    """The id of a new request and the token of its link."""
    [sent] = operations.ask(session, SENDER, draft, token or new_token())
    return sent, last_link(session)


def letters(session: Session) -> list[Message]:
    """Everything that was posted, in order."""
    key = key_of_site(SENDER.secret, "mail")
    rows = sorted(session.scalars(select(Outgoing)), key=lambda row: row.posted_at)
    return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows]


def last_link(session: Session) -> str:
    """The token of the newest link: the one that is in no letter before."""
    tokens = [found[1] for letter in letters(session) if (found := re.search(r"/en/answer/(\S+)", letter.body))]
    opening = {row.id: row for row in session.scalars(select(RequestLink))}
    known = session.info.setdefault("seen", set())
    new = [token for token in tokens if token not in known]
    assert len(opening) >= len(tokens)
    known.update(tokens)
    return new[-1]


def row(session: Session, request_id: uuid.UUID) -> ContactRequest:
    session.flush()
    session.expire_all()
    return session.get_one(ContactRequest, request_id)


def standing(session: Session, request_id: uuid.UUID) -> Asked:
    session.flush()
    session.expire_all()
    [found] = list_asked(session, SENDER, [request_id])
    return found


def opened(session: Session, token: str) -> Opened:
    found = find_opened(session, SENDER, token)
    assert isinstance(found, Opened)
    return found


def test_a_request_is_sealed_and_its_link_is_in_one_letter_that_says_nothing(session: Session) -> None:
    request_id, token = asked(session)
    [letter] = letters(session)
    assert (letter.to, opened(session, token).shared) == (CLUB.email, SHARED)
    assert "by Tuesday 1 December" in letter.body
    whole = f"{letter} {row(session, request_id).__dict__}"
    for canary in ("Amina", "07700", "amina@", "third floor", "Eastmoor"):
        assert canary not in whole
    assert not [link for link in session.scalars(select(RequestLink.id)) if link in token or token in link]


def test_the_same_page_sends_to_each_recipient_once(session: Session) -> None:
    token, both = new_token(), replace(DRAFT, recipients=(FRONT, CLUB))
    assert len(operations.ask(session, SENDER, both, token)) == 2
    assert operations.ask(session, SENDER, both, token) == ()
    assert [letter.to for letter in letters(session)] == [FRONT.email, CLUB.email]
    assert was_sent(session, token, [CLUB.key])
    assert not was_sent(session, new_token(), [CLUB.key])
    assert len(operations.ask(session, SENDER, DRAFT, new_token())) == 1


def test_only_those_who_can_be_written_to_are_offered_the_front_door_first_each_once(session: Session) -> None:
    for number, email in ((2, None), (3, "two@example.org, three@example.org"), (4, "four@example.org")):
        session.add(Organization(id=uuid.UUID(int=number), name=f"Number {number}", email=email))
    listings = [Listing(uuid.uuid4(), f"Service {n}", uuid.UUID(int=n), f"Number {n}") for n in (4, 2, 3, 4)]
    found = list_recipients(session, PACK, listings)
    assert [one.name for one in found] == ["Care Line", "Number 4"]
    assert found[1].services == ("Service 4", "Service 4")
    silent = replace(PACK, lines={"front_door": replace(LINE, email="")})
    assert front_door(silent) is None
    assert [one.name for one in list_recipients(session, silent, listings)] == ["Number 4"]


def test_each_look_is_written_down_with_its_role_and_told(session: Session) -> None:
    request_id, token = asked(session)
    assert opened(session, token)
    assert standing(session, request_id).looked == 0, "to find is not to look"
    for hours in (1, 30):
        with clock.stopped_at(NOW + timedelta(hours=hours)):
            assert isinstance(operations.look(session, SENDER, token), Opened)
    assert [look.role for look in session.scalars(select(RequestLook))] == ["organization"] * 2
    assert (standing(session, request_id).looked, standing(session, request_id).looked_on) == (2, date(2026, 11, 25))


def test_an_answer_is_seen_and_told_once_and_the_newest_counts(session: Session) -> None:
    request_id, token = asked(session)
    for said in (REPLY, REPLY, replace(REPLY, on=date(2026, 12, 3))):
        assert operations.reply(session, SENDER, token, said) is None
    found = standing(session, request_id)
    assert found.reply
    assert (found.state, found.reply.on, found.reply.role) == (State.ANSWERED, date(2026, 12, 3), "organization")
    told = [letter for letter in letters(session) if letter.to == "amina@example.com"]
    assert [letter.subject for letter in told] == ["There is an answer"] * 2
    assert not [letter for letter in told if "We ring" in letter.body]
    assert b"We ring" not in row(session, request_id).reply


def test_nobody_is_written_to_who_gave_no_address(session: Session) -> None:
    _, token = asked(session, replace(DRAFT, shared=replace(SHARED, reach=Reach(phone="07700 900123"))))
    assert operations.reply(session, SENDER, token, REPLY) is None
    assert [letter.to for letter in letters(session)] == [CLUB.email]


def test_what_is_taken_back_is_deleted_at_once_and_whoever_had_it_is_told(session: Session) -> None:
    request_id, token = asked(session)
    operations.reply(session, SENDER, token, REPLY)
    operations.withdraw(session, SENDER, request_id)
    operations.withdraw(session, SENDER, request_id)
    kept = row(session, request_id)
    assert (kept.state, kept.sealed, kept.reply, kept.closed_at) == (State.WITHDRAWN, b"", b"", NOW)
    assert find_opened(session, SENDER, token) == Closed.WITHDRAWN
    assert operations.look(session, SENDER, token) == Closed.WITHDRAWN
    assert operations.reply(session, SENDER, token, REPLY) == Closed.WITHDRAWN
    told = [letter for letter in letters(session) if letter.subject == "A request was taken back"]
    assert [letter.to for letter in told] == [CLUB.email]
    assert standing(session, request_id).reference in told[0].body
    assert "Amina" not in told[0].body
    operations.withdraw(session, SENDER, uuid.uuid4())


def test_what_nobody_answers_in_five_working_days_goes_to_the_front_door_once(session: Session) -> None:
    request_id, first = asked(session)
    with clock.stopped_at(LATE - timedelta(minutes=2)):
        assert operations.pass_on(session, SENDER) == 0
    with clock.stopped_at(LATE):
        assert standing(session, request_id).is_late
        assert operations.pass_on(session, SENDER) == 1
        second = last_link(session)
        assert operations.pass_on(session, SENDER) == 0
        found = standing(session, request_id)
        assert (found.state, found.passed_on, found.answer_by) == (State.PASSED_ON, date(2026, 12, 2), date(2026, 12, 9))
        assert not found.is_late
        assert (opened(session, second).role, opened(session, second).shared) == ("front door", SHARED)
        assert opened(session, first).role == "organization", "who was asked first may still answer"
    assert [letter.to for letter in letters(session)] == [CLUB.email, LINE.email]
    assert "had no answer" in letters(session)[-1].body
    assert CLUB.name not in letters(session)[-1].body


def test_the_front_door_is_reminded_once_of_what_it_has(session: Session) -> None:
    own, _ = asked(session, replace(DRAFT, recipients=(FRONT,)))
    other, _ = asked(session)
    with clock.stopped_at(LATE):
        assert operations.pass_on(session, SENDER) == 2
        assert standing(session, own).state == State.ASKED
        assert standing(session, own).is_late
    for days in (8, 16, 20):
        with clock.stopped_at(LATE + timedelta(days=days)):
            assert operations.pass_on(session, SENDER) == (days == 8)
    openings = Counter(letter.body.split("\n")[0] for letter in letters(session) if letter.to == LINE.email)
    assert openings == {ASKS: 1, PASSED_ON: 1, STILL_ASKS: 2}
    assert standing(session, other).state == State.PASSED_ON


def test_what_was_passed_on_is_taken_back_from_both(session: Session) -> None:
    request_id, first = asked(session)
    with clock.stopped_at(LATE):
        operations.pass_on(session, SENDER)
        second = last_link(session)
        operations.withdraw(session, SENDER, request_id)
    told = [letter.to for letter in letters(session) if letter.subject == "A request was taken back"]
    assert sorted(told) == sorted([CLUB.email, LINE.email])
    assert {find_opened(session, SENDER, token) for token in (first, second)} == {Closed.WITHDRAWN}


@pytest.mark.parametrize("how", ["answered", "withdrawn"])
def test_what_is_closed_is_not_passed_on(session: Session, how: str) -> None:
    request_id, token = asked(session)
    if how == "answered":
        operations.reply(session, SENDER, token, Reply(NOT_US, instead="Later Life"))
    else:
        operations.withdraw(session, SENDER, request_id)
    with clock.stopped_at(LATE):
        assert operations.pass_on(session, SENDER) == 0


def test_without_an_address_of_the_front_door_nothing_is_passed_on_and_the_page_can_say_so(session: Session) -> None:
    request_id, _ = asked(session)
    silent = Sender(replace(PACK, lines={"front_door": replace(LINE, email="")}), SENDER.base_url, SENDER.secret)
    with clock.stopped_at(LATE):
        assert operations.pass_on(session, silent) == 0
        assert standing(session, request_id).is_late


def test_sharing_ends_with_its_last_day_whether_or_not_it_was_tended(session: Session) -> None:
    request_id, token = asked(session)
    end = datetime(2026, 12, 25, tzinfo=UTC)
    with clock.stopped_at(end - timedelta(seconds=1)):
        operations.purge(session, SENDER)
        assert opened(session, token)
    with clock.stopped_at(end):
        assert find_opened(session, SENDER, token) == Closed.ENDED
        assert standing(session, request_id).state == State.ENDED
        operations.tend(session, SENDER)
        kept = row(session, request_id)
        assert (kept.state, kept.sealed, kept.closed_at) == (State.ENDED, b"", end)
        assert find_opened(session, SENDER, token) == Closed.ENDED
    assert len(letters(session)) == 1, "what has ended is not passed on"


@pytest.mark.parametrize(("how", "closed_at"), [("answered", NOW), ("withdrawn", NOW), ("ended", datetime(2026, 12, 25, tzinfo=UTC))])
def test_all_that_is_left_is_deleted_six_months_after_closing(session: Session, how: str, closed_at: datetime) -> None:
    request_id, token = asked(session)
    operations.look(session, SENDER, token)
    if how == "answered":
        operations.reply(session, SENDER, token, REPLY)
    elif how == "withdrawn":
        operations.withdraw(session, SENDER, request_id)
    with clock.stopped_at(datetime(2026, 12, 25, tzinfo=UTC)):
        operations.purge(session, SENDER)
    months = {NOW: datetime(2027, 5, 24, tzinfo=UTC)}.get(closed_at, datetime(2027, 6, 25, tzinfo=UTC))
    with clock.stopped_at(months - timedelta(days=1)):
        operations.purge(session, SENDER)
        assert standing(session, request_id)
        assert (standing(session, request_id).reply is not None) == (how == "answered")
    with clock.stopped_at(months + timedelta(days=1)):
        operations.purge(session, SENDER)
        assert list_asked(session, SENDER, [request_id]) == ()
        assert find_opened(session, SENDER, token) == Closed.UNKNOWN
    for table in (ContactRequest, RequestLink, RequestLook):
        assert session.scalars(select(table)).all() == []


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "é" * 43])
def test_what_we_never_gave_opens_nothing(session: Session, token: str) -> None:
    asked(session)
    assert operations.look(session, SENDER, token) == Closed.UNKNOWN
    assert operations.reply(session, SENDER, token, REPLY) == Closed.UNKNOWN
    assert session.scalars(select(RequestLook)).all() == []


def test_what_was_altered_or_put_elsewhere_opens_nothing(session: Session) -> None:
    first, token = asked(session)
    second, _ = asked(session, replace(DRAFT, shared=Shared(message="another's")))
    operations.reply(session, SENDER, token, REPLY)
    session.flush()
    for sealed, reply in (
        (row(session, second).sealed, row(session, first).sealed),
        (b"", b"x"),
        (row(session, first).sealed[:-1] + b"x", b""),
    ):
        altered = row(session, first)
        altered.sealed, altered.reply = sealed, reply
        session.flush()
        assert find_opened(session, SENDER, token) == Closed.UNKNOWN
        assert standing(session, first).reply is None
    other = Sender(PACK, SENDER.base_url, "another secret of the same site")
    assert find_opened(session, other, last_token(session, second)) == Closed.UNKNOWN


def last_token(session: Session, request_id: uuid.UUID) -> str:
    """The token by which a request opens, out of all letters."""
    tokens = [found[1] for letter in letters(session) if (found := re.search(r"/en/answer/(\S+)", letter.body))]
    by_link = {token: opened_id(session, token) for token in tokens}
    return next(token for token, one in by_link.items() if one == request_id)


def opened_id(session: Session, token: str) -> uuid.UUID | None:
    found = find_opened(session, SENDER, token)
    return found.request_id if isinstance(found, Opened) else None


def test_an_organization_that_is_gone_has_no_name_and_is_not_written_to(session: Session) -> None:
    request_id, _ = asked(session)
    session.execute(delete(Organization))
    assert standing(session, request_id).name == ""
    operations.withdraw(session, SENDER, request_id)
    assert len(letters(session)) == 1


def test_requests_are_counted_for_a_day(session: Session) -> None:
    ids = [asked(session)[0] for _ in range(3)]
    assert count_lately(session, ids[:2]) == 2
    assert count_lately(session, []) == 0
    with clock.stopped_at(NOW + timedelta(days=1)):
        assert count_lately(session, ids) == 0
