"""Tell it once, over HTTP: whom to ask, what they see, sent once, answered, withdrawn; and nothing readable anywhere else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from contract_rules import Page, text_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, update
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from portal import clock
from portal.assessment.keeping import SealedSitting
from portal.db import Base, reading, writing
from portal.directory.models import Organization
from portal.mail import Message, Outgoing
from portal.sealing import key_of_site, new_token
from portal.sharing.asking.models import ContactRequest, RequestLink, RequestLook
from portal.sharing.asking.operations import tend
from portal.sharing.asking.room import AskingRoom
from portal.sharing.plans.kept import KeptPlan

WAY = ({"who": "me"}, {"none": "1"}, {"place": "Eastmoor"}, {"help": "about"}, {"falling": "fell", "finish": "1"})
FRONT = "front-door"
TYPED = {
    "name": "Amina Yusuf",
    "phone": "07700 900123",
    "email": "amina@example.com",
    "until": "30",
    "message": "Third floor.\nRing <late>.",
}
REPLY = {"kind": "contact", "on": "2026-11-30", "message": "We ring on Monday."}
LATE = datetime(2026, 12, 2, 0, 1, tzinfo=UTC)
SAID = {
    "answers": ("Yes, a fall in the last year", "Eastmoor"),
    "good": ("A kind neighbour",),
    "steps": ("Stand up and sit down ten times", "Walk to the shop"),
    "services": ("Steady Steps",),
}


@pytest.fixture
def room(app: Flask) -> AskingRoom:
    found: AskingRoom = app.extensions["asking"]
    return found


@pytest.fixture
def resident(client: FlaskClient) -> FlaskClient:
    """Somebody who has answered the questions."""
    return answered(client)


def answered(client: FlaskClient, *, language: str = "en", ways: tuple[str, ...] = ()) -> FlaskClient:
    """Answer the questions on this phone, the last pages too."""
    for number, given in enumerate((*WAY[:4], {"falling": "fell"}), 1):
        assert client.post(f"/{language}/questions/{number}", data=given).status_code == 303
    more = {"strengths": {"works": "A kind neighbour", "step": "Walk to the shop"}, "contact": {"language": language, "ways": list(ways)}}
    for number in range(6, 20):
        page = client.get(f"/{language}/questions/{number}")
        if page.status_code == 303:
            break
        kind = "strengths" if 'name="works"' in page.text else "contact" if 'name="ways"' in page.text else ""
        given = more.get(kind) or dict(re.findall(r'name="([^"]+)" type="(?:radio|checkbox)" value="([^"]+)"', page.text))
        assert client.post(f"/{language}/questions/{number}", data=given).status_code == 303
    return client


def page_of(response: TestResponse) -> Page:
    """The page as the contract read it."""
    page: Page = response.page  # type: ignore[attr-defined]  # put there by CheckedClient
    return page


def heading(response: TestResponse) -> str:
    return text_of(page_of(response).all("h1")[0])


def section(response: TestResponse, name: str) -> str:
    """The text of an element by its id."""
    return next(text_of(it) for it in page_of(response).tree.iter() if it.get("id") == name)


def offered(client: FlaskClient, language: str = "en") -> list[str]:
    """Who can be asked, as the form calls them."""
    return [it.get("value", "") for it in page_of(client.get(f"/{language}/plan/ask")).all("input") if it.get("name") == "to"]


def hidden(response: TestResponse, action: str) -> dict[str, list[str]]:
    """What a form of a page would post again."""
    form = next(it for it in page_of(response).all("form") if it.get("action", "").endswith(action))
    found: dict[str, list[str]] = {}
    for it in form.iter("input"):
        found.setdefault(it.get("name", ""), []).append(it.get("value", ""))
    return found


def agreed(client: FlaskClient, *to: str, language: str = "en", **fields: object) -> dict[str, list[str]]:
    """What "Send" posts, after a look at what they will see."""
    shown = client.post(f"/{language}/plan/ask/check", data={**TYPED, "to": list(to or (FRONT,)), **fields})
    assert shown.status_code == 200, shown.text
    return hidden(shown, "/send")


def sent(client: FlaskClient, *to: str, language: str = "en", **fields: object) -> None:
    """Ask, and come to the receipt."""
    done = client.post(f"/{language}/plan/ask/send", data=agreed(client, *to, language=language, **fields))
    assert (done.status_code, done.location) == (303, f"/{language}/plan/asked")


def letters(room: AskingRoom) -> list[Message]:
    """Everything that was posted, in order."""
    key = key_of_site(room.sender.secret, "mail")
    with reading(room.engine) as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.posted_at)).all()
    return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows]


def links(room: AskingRoom) -> dict[str, str]:
    """To whom → the path of the newest link that they were sent."""
    return {it.to: found[1] for it in letters(room) if (found := re.search(r"http://[^/]+(/en/answer/\S+)", it.body))}


def count(room: AskingRoom, table: type[Base]) -> int:
    with reading(room.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def requests(client: FlaskClient) -> list[str]:
    """Ids of the requests on the page that says how they stand."""
    return re.findall(r'id="r-([^"]+)"', client.get("/en/plan/asked").text)


def code_of(client: FlaskClient) -> str:
    found = re.search(r'class="code-large"><bdi dir="ltr">([^<]+)', client.get("/en/plan/asked").text)
    assert found
    return found[1]


def test_somebody_asks_agrees_and_sees_the_answer_with_their_code_on_another_phone(
    app: Flask, resident: FlaskClient, room: AskingRoom
) -> None:
    club = offered(resident)[1]
    sent(resident, FRONT, club, share=["answers"])
    receipt = resident.get("/en/plan/asked")
    assert heading(receipt) == "Who you asked"
    assert "Sent" in receipt.text
    assert receipt.text.count("It should come by Tuesday 1 December.") == 2
    officer = app.test_client()
    link = links(room)["care@calderwick.example.org"]
    assert "Amina" not in officer.get(link).text
    shown = officer.post(f"{link}/open")
    assert "Amina Yusuf" in section(shown, "shown")
    assert officer.post(f"{link}/reply", data=REPLY).location == link
    assert "You have answered" in officer.get(link).text
    other = app.test_client()
    assert other.post("/en/plan/open", data={"code": code_of(resident)}).location == "/en/plan"
    answer = other.get("/en/plan/asked").text
    assert "They will get in touch by Monday 30 November." in answer
    assert "We ring on Monday." in answer
    assert "Opened 1 time, on 24 November 2026." in answer


@pytest.mark.parametrize("share", [(), *((name,) for name in SAID), tuple(SAID)])
def test_they_see_what_was_ticked_exactly_as_it_was_shown_and_nothing_else(
    app: Flask, resident: FlaskClient, room: AskingRoom, share: tuple[str, ...]
) -> None:
    fields = {**TYPED, "to": FRONT, "share": list(share)}
    shown = resident.post("/en/plan/ask/check", data=fields)
    agreed_to = section(shown, "shown")
    assert resident.post("/en/plan/ask/send", data=hidden(shown, "/send")).status_code == 303
    seen = section(app.test_client().post(f"{links(room)['care@calderwick.example.org']}/open"), "shown")
    assert seen == agreed_to
    for words in ("Amina Yusuf", "07700 900123", "amina@example.com", "Third floor.", "Ring <late>."):
        assert words in seen
    for name, said in SAID.items():
        assert [words in seen for words in said] == [name in share] * len(said), name
    assert len(letters(room)) == 1


def test_nothing_is_kept_before_it_is_sent_and_the_way_back_keeps_everything(resident: FlaskClient, room: AskingRoom) -> None:
    club = offered(resident)[1]
    shown = resident.post("/en/plan/ask/check", data={**TYPED, "to": [FRONT, club], "share": ["steps"], "until": "90"})
    assert [count(room, table) for table in (ContactRequest, Outgoing, KeptPlan)] == [0, 0, 0]
    back = resident.post("/en/plan/ask", data=hidden(shown, "/plan/ask"))
    assert back.status_code == 200
    page = page_of(back)
    ticked = {(it.get("name"), it.get("value")) for it in page.all("input") if it.get("checked") is not None}
    assert ticked == {("to", FRONT), ("to", club), ("share", "steps"), ("until", "90")}
    typed = {it.get("name"): it.get("value") for it in page.all("input") if it.get("name") in TYPED and it.get("type") != "radio"}
    assert typed == {name: TYPED[name] for name in ("name", "phone", "email")}
    assert (page.all("textarea")[0].text or "").strip() == TYPED["message"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"to": []}, "Choose who should get in touch."),
        ({"to": ["nobody"]}, "Choose who should get in touch."),
        ({"phone": "", "email": ""}, "Write a phone number or an e-mail address, so that they can reach you."),
        ({"phone": "ring me"}, "Write a phone number like 07700 900123."),
        ({"email": "amina"}, "Write an e-mail address like name@example.com, or leave it empty"),
        ({"email": "a" * 120 + "@example.com"}, "That e-mail address is too long"),
        ({"message": "x" * 401}, "Use 400 letters or fewer"),
        ({"until": ""}, "Choose how long they may see it"),
    ],
)
def test_what_does_not_fit_comes_back_with_the_reason_and_what_was_typed(resident: FlaskClient, changes: dict[str, Any], says: str) -> None:
    page = resident.post("/en/plan/ask/check", data={**TYPED, "to": [FRONT], **changes})
    assert page.status_code == 422
    assert says in page.text
    assert 'value="Amina Yusuf"' in page.text
    assert "Ring &lt;late&gt;." in page.text or "message" in changes


def test_a_name_is_not_needed_and_one_way_to_be_reached_is_enough(resident: FlaskClient) -> None:
    for fields in ({"name": "", "email": ""}, {"name": "", "phone": ""}):
        assert agreed(resident, **fields)


def test_somebody_who_wants_no_calls_gives_an_email_and_they_are_told(client: FlaskClient) -> None:
    answered(client, ways=("no-calls", "bsl"))
    refused = client.post("/en/plan/ask/check", data={**TYPED, "to": FRONT, "email": ""})
    assert refused.status_code == 422
    assert "You asked for no phone calls. Write an e-mail address, so that they can reach you." in refused.text
    shown = client.post("/en/plan/ask/check", data={**TYPED, "to": FRONT, "phone": ""})
    assert "Not by phone call" in section(shown, "shown")
    assert "In British Sign Language" in section(shown, "shown")


def test_who_can_be_asked_is_the_front_door_and_organizations_of_the_plan_with_an_address(resident: FlaskClient, room: AskingRoom) -> None:
    first = offered(resident)
    assert first[0] == FRONT
    assert len(set(first)) == len(first) > 3
    silent = uuid.UUID(first[1])
    with writing(room.engine) as session:
        session.execute(update(Organization).where(Organization.id == silent).values(email=None))
    assert offered(resident) == [one for one in first if one != str(silent)]


def test_five_at_a_time_and_ten_in_a_day(resident: FlaskClient, room: AskingRoom) -> None:
    every = offered(resident)
    assert len(every) >= 6, "the plan of this story has enough organisations"
    too_many = resident.post("/en/plan/ask/check", data={**TYPED, "to": every[:6]})
    assert (too_many.status_code, "Choose 5 at most." in too_many.text) == (422, True)
    sent(resident, *every[:5])
    resident.environ_base["REMOTE_ADDR"] = "127.0.0.2"  # forms from one address are few in a minute
    for _ in range(5):
        request_id = requests(resident)[0]
        resident.post("/en/plan/asked/withdraw", data={"request": request_id})
        with clock.stopped_at(clock.now() + timedelta(minutes=1)):
            sent(resident, offered(resident)[0])
    refused = resident.post("/en/plan/ask/check", data={**TYPED, "to": offered(resident)[0]})
    assert refused.status_code == 422
    assert "You can ask 10 in a day." in refused.text
    assert count(room, ContactRequest) == 10


def test_who_has_been_asked_and_has_not_answered_is_not_offered_again(resident: FlaskClient, room: AskingRoom) -> None:
    sent(resident)
    assert FRONT not in offered(resident)
    assert "Already asked: " in resident.get("/en/plan/ask").text
    assert resident.post("/en/plan/ask/check", data={**TYPED, "to": FRONT}).status_code == 422
    resident.post("/en/plan/asked/withdraw", data={"request": requests(resident)[0]})
    assert FRONT in offered(resident)
    assert count(room, ContactRequest) == 1


def test_a_second_tap_sends_nothing_twice_and_comes_to_the_same_receipt(resident: FlaskClient, room: AskingRoom) -> None:
    form = agreed(resident, *offered(resident)[:2])
    answers = [resident.post("/en/plan/ask/send", data=form) for _ in range(3)]
    assert {(it.status_code, it.location) for it in answers} == {(303, "/en/plan/asked")}
    assert [count(room, table) for table in (ContactRequest, RequestLink, Outgoing, KeptPlan)] == [2, 2, 2, 1]
    assert len(requests(resident)) == 2


def test_four_taps_at_once_send_once(app: Flask, resident: FlaskClient, room: AskingRoom) -> None:
    form = agreed(resident, *offered(resident)[:2])
    cookie = resident.get_cookie("answers")
    assert cookie

    def tap(_number: int) -> int:
        phone = app.test_client()
        phone.set_cookie("answers", cookie.value)
        return FlaskClient.open(phone, "/en/plan/ask/send", method="POST", data=form).status_code

    with ThreadPoolExecutor(4) as pool:
        taps = [pool.submit(copy_context().run, tap, number) for number in range(4)]
        assert {it.result() for it in taps} == {303}
    assert [count(room, table) for table in (ContactRequest, RequestLink, Outgoing, KeptPlan)] == [2, 2, 2, 1]
    assert len(requests(resident)) == 2, "and the code that the phone has is the one of the plan that knows them"


@pytest.mark.parametrize("field", ["mark", "once"])
def test_what_was_not_shown_is_not_sent_but_shown(resident: FlaskClient, room: AskingRoom, field: str) -> None:
    form = agreed(resident)
    for altered in ({**form, field: ["x"]}, {name: value for name, value in form.items() if name != field}):
        again = resident.post("/en/plan/ask/send", data=altered)
        assert (again.status_code, heading(again)) == (409, "Check before you send")
        assert "Please read it again." in again.text
    assert count(room, ContactRequest) == 0
    assert resident.post("/en/plan/ask/send", data=hidden(again, "/send")).status_code == 303
    assert count(room, ContactRequest) == 1


def test_answers_changed_since_then_are_shown_before_they_are_sent(resident: FlaskClient, room: AskingRoom) -> None:
    form = agreed(resident, share=["answers"])
    resident.post("/en/questions/3", data={"place": "Westcroft"})
    assert resident.post("/en/plan/ask/send", data=form).status_code == 409
    assert resident.post("/en/plan/ask/send", data={**form, "phone": "x"}).status_code == 422
    assert count(room, ContactRequest) == 0


def test_requests_and_code_come_together_or_not_at_all(app: Flask, resident: FlaskClient, room: AskingRoom) -> None:
    def fail(*_given: object) -> Any:
        raise OSError("the disk is full")

    form = agreed(resident)
    app.extensions["asking"] = replace(room, keeper=fail)
    with pytest.raises(AssertionError, match="something unexpected was raised"):
        resident.post("/en/plan/ask/send", data=form)
    assert [count(room, table) for table in (ContactRequest, RequestLink, Outgoing, KeptPlan)] == [0, 0, 0, 0]
    app.extensions["asking"] = room
    assert resident.post("/en/plan/ask/send", data=form).status_code == 303


@pytest.fixture
def link(resident: FlaskClient, room: AskingRoom) -> str:
    """The link of a request to the front door."""
    sent(resident, share=["answers"])
    return links(room)["care@calderwick.example.org"]


def test_a_link_that_a_mail_scanner_opens_shows_nothing_and_writes_no_look_down(app: Flask, link: str, room: AskingRoom) -> None:
    scanner = app.test_client()
    for path in (link, f"{link}/open", f"{link}/reply"):
        page = scanner.get(path, follow_redirects=True)
        assert heading(page) == "Somebody asks you to get in touch"
        for canary in ("Amina", "07700", "Third floor", "fall"):
            assert canary not in text_of(page_of(page).all("main")[0])
    assert count(room, RequestLook) == 0
    scanner.post(f"{link}/open")
    scanner.post(f"{link}/reply", data={"kind": "contact"})
    assert count(room, RequestLook) == 2, "what came back with an error showed it too"


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (REPLY, "They will get in touch by Monday 30 November."),
        ({"kind": "not-us", "instead": "Later Life & <co>"}, "They say you could try: Later Life & <co>"),
        ({"kind": "not-us"}, "It is not for them."),
        ({"kind": "full", "on": "1/3/2027"}, "They are full until 1 March 2027."),
    ],
)
def test_each_answer_is_told_to_whoever_asked(app: Flask, resident: FlaskClient, link: str, reply: dict[str, str], says: str) -> None:
    assert app.test_client().post(f"{link}/reply", data=reply).status_code == 303
    assert says in text_of(page_of(resident.get("/en/plan/asked")).all("main")[0])


def test_an_answer_can_be_changed_and_the_newest_counts(app: Flask, resident: FlaskClient, link: str, room: AskingRoom) -> None:
    officer = app.test_client()
    officer.post(f"{link}/reply", data=REPLY)
    again = officer.post(f"{link}/open")
    assert "This is what you answered." in again.text
    assert [it.get("value") for it in page_of(again).all("input") if it.get("checked") is not None] == ["contact"]
    assert 'value="2026-11-30"' in again.text
    officer.post(f"{link}/reply", data=REPLY)
    officer.post(f"{link}/reply", data={"kind": "not-us", "instead": "Later Life"})
    assert "Later Life" in resident.get("/en/plan/asked").text
    assert [it.subject for it in letters(room) if it.to == "amina@example.com"] == ["There is an answer"] * 2


@pytest.mark.parametrize("reply", [{}, {"kind": "contact"}, {"kind": "full", "on": "soon"}, {"kind": "contact", "on": "2026-11-01"}])
def test_an_answer_that_does_not_fit_comes_back_with_what_was_shared(app: Flask, link: str, reply: dict[str, str]) -> None:
    page = app.test_client().post(f"{link}/reply", data={**reply, "message": "Typed <so>"})
    assert page.status_code == 422
    assert "Amina Yusuf" in section(page, "shown")
    assert "Typed &lt;so&gt;" in page.text


def test_what_is_taken_back_opens_no_more_and_says_so(app: Flask, resident: FlaskClient, link: str, room: AskingRoom) -> None:
    officer = app.test_client()
    officer.post(f"{link}/reply", data=REPLY)
    [request_id] = requests(resident)
    for _ in range(2):
        done = resident.post("/en/plan/asked/withdraw", data={"request": request_id})
        assert done.location == f"/en/plan/asked#r-{request_id}"
    assert "You took it back. Nobody can open it now." in resident.get("/en/plan/asked").text
    assert "Take it back" not in resident.get("/en/plan/asked").text
    for answer in (officer.get(link), officer.post(f"{link}/open"), officer.post(f"{link}/reply", data=REPLY)):
        assert (answer.status_code, heading(answer)) == (410, "This cannot be opened")
        assert "has taken it back" in answer.text
    told = [it for it in letters(room) if it.subject == "A request was taken back"]
    assert [it.to for it in told] == ["care@calderwick.example.org"]


@pytest.mark.parametrize("request_id", ["", "x", str(uuid.UUID(int=7))])
def test_nobody_takes_back_what_is_not_of_their_plan(app: Flask, link: str, room: AskingRoom, request_id: str) -> None:
    other = answered(app.test_client())
    with reading(room.engine) as session:
        real = str(session.scalars(select(ContactRequest.id)).one())
    for tried in (request_id, real):
        assert other.post("/en/plan/asked/withdraw", data={"request": tried}).status_code == 404
    assert app.test_client().get(link).status_code == 200


def test_a_link_ends_with_its_last_day(app: Flask, link: str) -> None:
    officer = app.test_client()
    with clock.stopped_at(datetime(2026, 12, 24, 23, 59, tzinfo=UTC)):
        assert officer.post(f"{link}/open").status_code == 200
    with clock.stopped_at(datetime(2026, 12, 25, tzinfo=UTC)):
        for answer in (officer.get(link), officer.post(f"{link}/open"), officer.post(f"{link}/reply", data=REPLY)):
            assert (answer.status_code, "The time for which it was shared is over." in answer.text) == (410, True)


def test_a_wrong_or_altered_link_opens_nothing(app: Flask, link: str) -> None:
    stranger = app.test_client()
    for path in (link[:-1], f"{link[:-1]}-", f"{link}x", f"/en/answer/{new_token()}", "/en/answer/x", "/en/answer/%00é"):
        for answer in (stranger.get(path), stranger.post(f"{path}/open"), stranger.post(f"{path}/reply", data=REPLY)):
            assert (answer.status_code, heading(answer)) == (404, "This cannot be opened")
            assert "Amina" not in answer.text


def test_what_nobody_answers_is_passed_on_and_both_can_still_answer(app: Flask, resident: FlaskClient, room: AskingRoom) -> None:
    club = offered(resident)[1]
    sent(resident, club)
    first = next(iter(links(room).values()))
    with clock.stopped_at(LATE), writing(room.engine) as session:
        tend(session, room.sender)
    with clock.stopped_at(LATE):
        code = code_of_kept(resident, app)
        page = text_of(page_of(code.get("/en/plan/asked")).all("main")[0])
        assert "They did not answer in time. On Wednesday 2 December we asked the council instead: Calderwick Care and Support Line" in page
        assert "It should come by Wednesday 9 December." in page
        passed = links(room)["care@calderwick.example.org"]
        officer = app.test_client()
        assert "Amina Yusuf" in officer.post(f"{passed}/open").text
        officer.post(f"{first}/reply", data={"kind": "full", "on": "2026-12-20"})
        assert "Somebody has answered already" in officer.post(f"{passed}/open").text
        officer.post(f"{passed}/reply", data={"kind": "contact", "on": "2026-12-04"})
        page = text_of(page_of(code.get("/en/plan/asked")).all("main")[0])
        assert "They will get in touch by Friday 4 December." in page
        assert "The answer is from the council: Calderwick Care and Support Line" in page
    with reading(room.engine) as session:
        assert sorted(session.scalars(select(RequestLook.role))) == ["front door", "front door"]


def code_of_kept(resident: FlaskClient, app: Flask) -> FlaskClient:
    """Another phone, on which the plan was opened with its code (this one's sitting has ended by now)."""
    with clock.stopped_at(datetime(2026, 11, 24, 10, 31, tzinfo=UTC)):
        code = code_of(resident)
    other = app.test_client()
    assert other.post("/en/plan/open", data={"code": code}).status_code == 303
    return other


def test_an_answer_that_never_came_says_whom_to_ring_and_what_ended_says_so(
    app: Flask, resident: FlaskClient, link: str, room: AskingRoom
) -> None:
    with clock.stopped_at(LATE), writing(room.engine) as session:
        tend(session, room.sender)
    with clock.stopped_at(LATE):
        other = code_of_kept(resident, app)
        assert "No answer yet. Please ring us about it:" in other.get("/en/plan/asked").text
        assert "as soon as you can" in app.test_client().get(link).text
    end = datetime(2026, 12, 25, 0, 1, tzinfo=UTC)
    for is_tended in (False, True):
        with clock.stopped_at(end), writing(room.engine) as session:
            if is_tended:
                tend(session, room.sender)
        with clock.stopped_at(end):
            page = code_of_kept(resident, app).get("/en/plan/asked").text
            assert "They did not answer." in page
            assert "The time for sharing is over. What you shared is deleted." in page


@pytest.mark.parametrize("language", ["ur", "pl", "ar", "bn"])
def test_every_page_holds_in_other_languages(app: Flask, client: FlaskClient, room: AskingRoom, language: str) -> None:
    answered(client, language=language)
    assert client.get(f"/{language}/plan/ask").status_code == 200
    assert client.post(f"/{language}/plan/ask/check", data={"to": FRONT}).status_code == 422
    sent(client, FRONT, offered(client, language)[1], language=language, share=list(SAID))
    link = links(room)["care@calderwick.example.org"].replace("/en/", f"/{language}/")
    officer = app.test_client()
    assert officer.get(link).status_code == 200
    assert officer.post(f"{link}/reply", data={}).status_code == 422
    for reply in (REPLY, {"kind": "full", "on": "2026-12-01"}, {"kind": "not-us", "instead": "x"}):
        assert officer.post(f"{link}/reply", data=reply).status_code == 303
        assert client.get(f"/{language}/plan/asked").status_code == 200
    assert officer.get(f"/{language}/answer/x").status_code == 404
    told = [it for it in letters(room) if it.to == "amina@example.com"]
    assert len(told) == 3
    assert told[0].body.endswith(f"/{language}/plan/open")
    assert not [it for it in letters(room) if "\ue000" in it.subject + it.body]


def test_without_answers_there_is_nothing_to_ask_with(client: FlaskClient) -> None:
    for answer in (client.get("/en/plan/ask"), client.get("/en/plan/asked"), client.post("/en/plan/asked/withdraw")):
        assert answer.location == "/en/questions/ended"
    for answer in (client.post("/en/plan/ask/check"), client.post("/en/plan/ask/send"), client.get("/en/plan/ask/check")):
        assert answer.location == "/en/plan/ask"
    answered(client)
    assert "You have not asked anyone yet." in client.get("/en/plan/asked").text
    assert client.get("/en/plan/ask/check").location == "/en/plan/ask"


def test_a_sitting_that_ends_while_it_is_sent_sends_nothing(
    resident: FlaskClient, room: AskingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = agreed(resident)
    monkeypatch.setattr("portal.sharing.asking.views.find_sitting", lambda *_given: None)
    assert resident.post("/en/plan/ask/send", data=form).status_code == 404
    assert [count(room, table) for table in (ContactRequest, Outgoing)] == [0, 0]


def test_another_site_cannot_send_or_take_back(resident: FlaskClient, room: AskingRoom) -> None:
    form = agreed(resident)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert resident.post("/en/plan/ask/send", data=form, headers=elsewhere).status_code == 403
    assert count(room, ContactRequest) == 0


@pytest.fixture
def canaries() -> dict[str, str]:
    return {
        "name": "Canaryname Quill",
        "phone": "07700 900987",
        "email": "canary-mail@example.com",
        "message": "canary-message",
        "reply": "canary-reply",
        "instead": "canary-instead",
        "works": "A kind neighbour",
        "step": "Walk to the shop",
    }


def test_nothing_that_was_typed_is_readable_in_files_or_logs(
    app: Flask, resident: FlaskClient, room: AskingRoom, canaries: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    fields = {name: canaries[name] for name in ("name", "phone", "email", "message")}
    with capture_logs() as lines:
        sent(resident, FRONT, offered(resident)[1], share=list(SAID), **fields)
        link = links(room)["care@calderwick.example.org"]
        officer = app.test_client()
        officer.post(f"{link}/open")
        officer.post(f"{link}/reply", data={"kind": "not-us", "instead": canaries["instead"], "message": canaries["reply"]})
        assert canaries["reply"] in resident.get("/en/plan/asked").text
        kept = at_rest(room.engine)
        resident.post("/en/plan/asked/withdraw", data={"request": requests(resident)[0]})
        kept += at_rest(room.engine)
    assert b"contact_request" in kept
    token = link.rsplit("/", 1)[1]
    for canary in (*canaries.values(), "900987", code_of(resident), code_of(resident).replace("-", ""), token):
        assert canary.encode() not in kept, canary
        assert canary not in f"{lines} {caplog.text}", canary


def at_rest(engine: Engine) -> bytes:
    """Every byte of the database's files."""
    file = Path(str(engine.url.database))
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


def test_only_sealed_columns_change_with_what_is_typed(resident: FlaskClient, room: AskingRoom) -> None:
    sent(resident, share=list(SAID))
    with reading(room.engine) as session:
        row = session.scalars(select(ContactRequest)).one()
        assert row.organization_id is None
        assert re.fullmatch(r"[0-9a-f]{32} front-door", row.once)
        assert (row.state, row.reply, len(row.sealed) > 100) == ("asked", b"", True)
        assert session.scalar(select(func.count()).select_from(SealedSitting)) == 1


@pytest.fixture
def silent(make_app: Callable[..., Flask]) -> FlaskClient:
    """A site whose front door has no e-mail address."""
    app = make_app()
    room: AskingRoom = app.extensions["asking"]
    line = replace(room.sender.pack.front_door, email="")
    pack = replace(room.sender.pack, lines={**room.sender.pack.lines, "front_door": line})
    app.extensions["asking"] = replace(room, sender=replace(room.sender, pack=pack))
    return answered(app.test_client())


def test_a_front_door_without_an_address_is_not_offered(silent: FlaskClient) -> None:
    found = offered(silent)
    assert found
    assert FRONT not in found
