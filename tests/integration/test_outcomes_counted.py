"""What came of plans and requests is counted: by locality, each once, never who; on the pages where residents say it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import clock
from portal.assessment.answers import Answers
from portal.assessment.definition import HELP
from portal.assessment.keeping import Sitting, save_sitting
from portal.db import reading, writing
from portal.directory.models import Organization
from portal.pack import Line, Pack
from portal.sealing import key_of_token, new_token
from portal.sharing.asking import counting, operations
from portal.sharing.asking.counting import Result
from portal.sharing.asking.draft import Draft
from portal.sharing.asking.models import ContactRequest, RequestLink
from portal.sharing.asking.recipients import Recipient
from portal.sharing.asking.reply import CONTACT, Reply
from portal.sharing.asking.room import AskingRoom, Sender
from portal.sharing.asking.shared import Reach, Shared
from portal.signposting.counting import KIND_FIRST, KIND_MADE, KIND_NEED, KIND_WEEK, KIND_WENT
from portal.tally import Tally

FALLS = Answers({"who": ("me",), HELP: ("about",), "falling": ("fell",)}, place="Eastmoor", done=("safety", "place"))
HOPEFUL = replace(FALLS, texts={"better": "I want to cook my own meals."})
CAME_OF_IT = (KIND_WENT, KIND_FIRST, KIND_WEEK, counting.KIND)
TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def counts(source: Engine | Session) -> dict[tuple[str, str, str], int]:
    """What came of plans and requests: (kind, key, locality) → how often."""
    if isinstance(source, Engine):
        with reading(source) as session:
            return counts(session)
    rows = source.scalars(select(Tally).where(Tally.kind.in_(CAME_OF_IT)).execution_options(populate_existing=True))
    found: dict[tuple[str, str, str], int] = {}
    for row in rows:
        found[row.kind, row.key, row.locality] = found.get((row.kind, row.key, row.locality), 0) + row.count
    return found


@dataclass(frozen=True)
class Phone:
    """A resident's phone, with a plan on it."""

    app: Flask
    client: FlaskClient

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions["assessment"].engine
        return engine

    def items(self) -> tuple[str, str]:
        """A service and a small step of the plan."""
        page = self.client.get("/en/plan").text
        [service, *_] = re.findall(r'data-service="([^"]+)"', page)
        items = re.findall(r'name="item" value="([^"]+)"', page)
        [step, *_] = [item for item in items if len(item) < 36 and item != "good-week"]
        return service, step

    def say(self, item: str, how: str) -> None:
        assert self.client.post("/en/plan/went", data={"item": item, "how": how}).status_code == 303

    def code(self) -> str:
        self.client.post("/en/plan/keep", data={"days": "90"})
        found = re.search(r'class="code-large"><bdi dir="ltr">([^<]+)', self.client.get("/en/plan/keep").text)
        assert found
        return found[1]

    def opened_elsewhere(self) -> Phone:
        """The same plan, kept, and opened on another phone."""
        other = self.app.test_client()
        assert other.post("/en/plan/open", data={"code": self.code()}).location == "/en/plan"
        other._typed += self.client._typed  # type: ignore[attr-defined]  # the contract knows words with signs in them
        return Phone(self.app, other)

    def ask(self, *to: str) -> None:
        """Ask somebody to get in touch."""
        fields = {"to": list(to), "name": "", "phone": "07700 900123", "email": "", "until": "30", "message": ""}
        page = self.client.post("/en/plan/ask/check", data=fields).text
        form = page.split('action="/en/plan/ask/send"')[1].split("</form>")[0]
        hidden: dict[str, list[str]] = {}
        for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form):
            hidden.setdefault(name, []).append(value)
        assert self.client.post("/en/plan/ask/send", data=hidden).location == "/en/plan/asked"


def phone_of(app: Flask, answers: Answers = FALLS) -> Phone:
    token, client = new_token(), app.test_client()
    phone = Phone(app, client)
    with writing(phone.engine) as session:
        save_sitting(session, token, Sitting(answers))
    client.set_cookie("answers", token)
    client._typed += answers.texts.values()  # type: ignore[attr-defined]  # as if typed here
    return phone


def test_each_answer_about_a_service_or_a_step_is_counted_once_in_its_locality(app: Flask) -> None:
    phone = phone_of(app)
    service, step = phone.items()
    for item, how in ((service, "no-entry"), (service, "no-entry"), (step, "no-help"), (service, ""), (service, "no-entry")):
        phone.say(item, how)
    assert counts(phone.engine) == {(KIND_WENT, "service no-entry", "eastmoor"): 1, (KIND_WENT, "step no-help", "eastmoor"): 1}
    phone.say(service, "done")
    phone.say(service, "no-entry")
    assert counts(phone.engine) == {
        (KIND_WENT, "service no-entry", "eastmoor"): 1,
        (KIND_WENT, "step no-help", "eastmoor"): 1,
        (KIND_WENT, "service done first", "eastmoor"): 1,
    }


def test_what_was_counted_is_not_counted_again_on_another_phone_or_day(app: Flask) -> None:
    phone = phone_of(app)
    service, step = phone.items()
    phone.say(service, "done")
    other = phone.opened_elsewhere()
    other.say(service, "done")
    other.say(step, "done")
    again = other.opened_elsewhere()
    again.say(step, "done")
    again.say(service, "done")
    assert counts(phone.engine) == {
        (KIND_WENT, "service done first", "eastmoor"): 1,
        (KIND_WENT, "step done", "eastmoor"): 1,
    }


def test_where_somebody_said_no_place_the_count_has_none(app: Flask) -> None:
    phone = phone_of(app, replace(FALLS, place=""))
    phone.say(phone.items()[1], "done")
    assert set(counts(phone.engine)) == {(KIND_WENT, "step done first", "")}


def test_a_plan_that_leads_to_the_front_door_first_is_counted_as_that(app: Flask) -> None:
    phone = phone_of(app)
    service, _ = phone.items()
    phone.ask("front-door")
    phone.say(service, "done")
    other = phone.opened_elsewhere()
    other.say(service, "done")
    assert counts(phone.engine) == {(KIND_FIRST, "front-door", "eastmoor"): 1, (KIND_WENT, "service done", "eastmoor"): 1}


def test_a_plan_that_helped_before_its_owner_asks_the_front_door_is_met_in_the_community(app: Flask) -> None:
    phone = phone_of(app)
    phone.say(phone.items()[0], "done")
    phone.ask("front-door")
    assert phone.opened_elsewhere().client.get("/en/plan").status_code == 200
    assert set(counts(phone.engine)) == {(KIND_WENT, "service done first", "eastmoor")}


def test_a_plan_whose_request_was_passed_on_counts_as_front_door_when_it_is_opened_again(app: Flask) -> None:
    phone = phone_of(app)
    [club, *_] = re.findall(r'<input[^>]*name="to"[^>]*value="([0-9a-f-]{36})"', phone.client.get("/en/plan/ask").text)
    room: AskingRoom = app.extensions["asking"]
    phone.ask(club)
    code = phone.code()
    assert counts(phone.engine) == {}
    with clock.stopped_at(clock.now() + timedelta(days=14)):
        with writing(phone.engine) as session:
            assert operations.pass_on(session, room.sender) == 1
        other = app.test_client()
        for _ in range(2):
            assert other.post("/en/plan/open", data={"code": code}).location == "/en/plan"
    assert counts(phone.engine) == {(counting.KIND, "passed on", "eastmoor"): 1, (KIND_FIRST, "front-door", "eastmoor"): 1}


def test_who_comes_back_is_asked_about_the_good_week_they_described_and_nobody_else(app: Flask) -> None:
    phone = phone_of(app, HOPEFUL)
    assert "good-week" not in phone.client.get("/en/plan").text
    phone.say("good-week", "reached")
    assert counts(phone.engine) == {}, "it is not asked yet"
    other = phone.opened_elsewhere()
    page = other.client.get("/en/plan").text
    assert "Is it like that now?" in page
    assert "I want to cook my own meals." in page.split('id="i-good-week"')[1].split("</section>")[0]
    assert "good-week" not in phone_of(app).opened_elsewhere().client.get("/en/plan").text, "who described none is not asked"


def test_the_good_week_is_counted_once_for_each_answer_and_can_be_taken_back(app: Flask) -> None:
    other = phone_of(app, HOPEFUL).opened_elsewhere()
    for how in ("not-yet", "not-yet", "done", "wonderful", "", "reached"):
        other.say("good-week", how)
    assert counts(other.engine) == {(KIND_WEEK, "not-yet", "eastmoor"): 1, (KIND_WEEK, "reached", "eastmoor"): 1}
    assert "Take my answer back" in other.client.get("/en/plan").text


def test_a_count_says_nothing_of_what_or_who(app: Flask) -> None:
    phone = phone_of(app, HOPEFUL)
    service, step = phone.items()
    for item in (service, step):
        phone.say(item, "done")
    with reading(phone.engine) as session:
        rows = session.scalars(select(Tally)).all()
        assert {row.kind for row in rows} <= {KIND_MADE, KIND_NEED, *CAME_OF_IT}
        assert {row.key for row in rows if row.kind in CAME_OF_IT} == {"service done first", "step done"}
        assert not {row.locality for row in rows} - {"eastmoor"}


LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en",), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", "a site's own secret, long enough for it")
CLUB = Recipient(uuid.UUID(int=1), "Steady Club", "club@example.org")
FRONT = Recipient(None, LINE.name, LINE.email)
DRAFT = Draft((CLUB,), Shared(Reach("Amina")), date(2026, 12, 24), "eastmoor")


@contextmanager
def days_later(number: int) -> Iterator[None]:
    with clock.stopped_at(TUESDAY + timedelta(days=number)):
        yield


@pytest.fixture
def club(session: Session) -> Iterator[Session]:
    session.add(Organization(id=CLUB.organization_id, name=CLUB.name, email=CLUB.email))
    session.flush()
    with days_later(0):
        yield session


def asked(session: Session, recipient: Recipient = CLUB, locality: str = "eastmoor") -> uuid.UUID:
    [sent] = operations.ask(session, SENDER, replace(DRAFT, recipients=(recipient,), locality=locality), new_token())
    return sent


def answered(session: Session, request_id: uuid.UUID) -> None:
    """The recipient answers, by whatever link opens the request."""
    session.flush()
    link = session.scalars(select(RequestLink).where(RequestLink.request_id == request_id)).first()
    assert link
    token = new_token()
    link.id = key_of_token(token, "request").id
    assert operations.reply(session, SENDER, token, Reply(CONTACT, clock.today(), message=new_token())) is None
    session.flush()


WAITED = {0: Result.IN_1, 1: Result.IN_1, 2: Result.IN_2, 3: Result.IN_5, 4: Result.IN_5, 5: Result.IN_5, 7: Result.IN_5, 8: Result.LATER}


@pytest.mark.parametrize(("days", "result"), WAITED.items())  # from Tuesday; a weekend comes after the third day
def test_an_answer_is_counted_by_the_working_days_it_took(club: Session, days: int, result: Result) -> None:
    request_id = asked(club)
    with days_later(days):
        answered(club, request_id)
        answered(club, request_id)
    assert counts(club) == {(counting.KIND, result, "eastmoor"): 1}, "an answer that is changed is no second one"


def test_what_comes_first_counts_and_nothing_after_it(club: Session) -> None:
    request_id = asked(club)
    with days_later(8):
        operations.tend(club, SENDER)
        answered(club, request_id)
        operations.withdraw(club, SENDER, request_id)
    with days_later(40):
        operations.tend(club, SENDER)
    assert counts(club) == {(counting.KIND, Result.PASSED_ON, "eastmoor"): 1}


def test_what_is_taken_back_or_never_answered_is_counted_as_that(club: Session) -> None:
    taken, left = asked(club, FRONT), asked(club, FRONT, "northgate")
    operations.withdraw(club, SENDER, taken)
    operations.withdraw(club, SENDER, taken)
    for days in (8, 40, 41):
        with days_later(days):
            operations.tend(club, SENDER)
    assert club.get_one(ContactRequest, left).state == "ended"
    assert counts(club) == {(counting.KIND, Result.WITHDRAWN, "eastmoor"): 1, (counting.KIND, Result.ENDED, "northgate"): 1}


def test_the_locality_of_a_request_is_sealed_and_gone_once_it_is_counted(club: Session) -> None:
    request_id = asked(club)
    club.flush()
    row = club.get_one(ContactRequest, request_id)
    assert b"eastmoor" not in row.locality
    lengths = {len(counting.sealed_locality(SENDER, request_id, name)) for name in ("", "a", "eastmoor", "x" * 60)}
    assert len(lengths) == 1, "its length tells nothing"
    operations.withdraw(club, SENDER, request_id)
    assert row.locality == b""


def test_another_secret_or_another_request_opens_no_locality_and_harms_nothing(club: Session) -> None:
    one, other = asked(club), asked(club, FRONT, "northgate")
    club.flush()
    first, second = club.get_one(ContactRequest, one), club.get_one(ContactRequest, other)
    first.locality, second.locality = second.locality, b"not ours"
    operations.withdraw(club, SENDER, one)
    operations.withdraw(club, SENDER, other)
    assert counts(club) == {}
    assert (first.state, second.state) == ("withdrawn", "withdrawn")
