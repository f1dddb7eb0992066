"""An adviser's desk: whom it is for, calls, the menu by locality, numbers texted to callers, and nothing kept after a call."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape, unescape
from pathlib import Path
from unittest import mock

import pytest
from accounts import make_person, signed_in
from contract_rules import Page, text_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from portal.accounts.audiences import Role
from portal.accounts.models import Grant
from portal.accounts.signing.models import SignIn
from portal.assessment.keeping import SealedSitting
from portal.config import CHECKOUT, Settings
from portal.db import reading, writing
from portal.errors import ContentError, IndexUnavailable
from portal.mail import Message, Outgoing, carriers_from, deliver
from portal.sealing import key_of_site
from portal.search.index import Index

LOCALITIES = ("Old Town", "Quayside", "Westcroft", "Northgate", "Fernhill", "Eastmoor", "Millbrook", "Southlea")
NUMBER = "07700 900123"
DIALLED = "+447700900123"
PAGES = {
    "GET": ("/en/adviser", "/en/adviser/menu?place=Eastmoor", "/en/adviser/text?place=Eastmoor", "/en/adviser/texted"),
    "POST": ("/en/adviser/start", "/en/adviser/text"),
}
CANARY = "canary in a garden"
GATEWAY = {"sms_url": "https://sms.example.org", "sms_token": "x"}


@pytest.fixture
def front_door(make_app: Callable[..., Flask]) -> Flask:
    """A site."""
    return make_app()


@pytest.fixture
def phone(front_door: Flask) -> FlaskClient:
    """An adviser's browser."""
    return adviser_on(front_door)


def adviser_on(site: Flask) -> FlaskClient:
    """A browser on which an adviser has signed in."""
    return signed_in(site, make_person(site, "adviser@example.org", roles=[Role.ADVISER]))


def page_of(response: TestResponse) -> Page:
    """The page as the contract read it."""
    page: Page = response.page  # type: ignore[attr-defined]  # put there by CheckedClient
    return page


def rows(response: TestResponse) -> list[str]:
    """Ids of the services of a menu, in order."""
    return [item.get("data-service", "") for item in page_of(response).all("li") if item.get("data-service")]


def needs(response: TestResponse) -> list[str]:
    """What each of them is there for."""
    items = [item for item in page_of(response).all("li") if item.get("data-service")]
    return [text_of(next(item.iter("p"))) for item in items]


def fields(response: TestResponse) -> dict[str, list[str]]:
    """The values that each question of a page offers."""
    offered: dict[str, list[str]] = {}
    for control in page_of(response).all("input"):
        if control.get("type") in ("radio", "checkbox"):
            offered.setdefault(control.get("name", ""), []).append(control.get("value", ""))
    return offered


def begin(phone: FlaskClient, who: str = "me", topic: str = "not-sure") -> TestResponse:
    """A call up to the first page of questions; the page."""
    assert phone.post("/en/adviser/start").location == "/en/questions/1"
    for number, given in enumerate(({"who": who}, {"none": "1"}, {"place": "Eastmoor"}, {"help": topic}), 1):
        assert phone.get(f"/en/questions/{number}").status_code == 200
        assert phone.post(f"/en/questions/{number}", data=given).status_code == 303
    return phone.get("/en/questions/5")


def walk(phone: FlaskClient, page: TestResponse, pick: int) -> list[str]:
    """Answer every question on every page by the option at `pick`; the addresses of all pages seen up to the plan, one after another."""
    seen = [page.request.path]
    while "/questions/" in seen[-1] and not seen[-1].endswith("/check"):
        assert len(seen) < 30, seen
        chosen = {name: values[min(pick, len(values) - 1)] for name, values in fields(page).items() if name != "ways"}
        page = phone.post(seen[-1], data={"language": "en", **chosen}, follow_redirects=True)
        assert page.status_code == 200
        seen.append(page.request.path)
    return seen


def waiting(app: Flask) -> list[Outgoing]:
    """Messages that wait in the outbox."""
    with reading(app.extensions["assessment"].engine) as session:
        return list(session.scalars(select(Outgoing).where(Outgoing.sent_at.is_(None))))


def sittings(app: Flask) -> int:
    """How many sittings are kept."""
    with reading(app.extensions["assessment"].engine) as session:
        return session.scalar(select(func.count()).select_from(SealedSitting)) or 0


def opened(app: Flask) -> list[Message]:
    """The same, readable."""
    settings: Settings = app.extensions["test settings"]
    key = key_of_site(settings.secret_key, "mail")
    return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in waiting(app)]


def once_of(response: TestResponse) -> str:
    """The token of a page's form."""
    found = re.search(r'name="once" value="([\w-]{43})"', response.text)
    assert found
    return found[1]


@pytest.mark.parametrize(("method", "address"), [(method, address) for method, several in PAGES.items() for address in several])
def test_nobody_else_has_a_desk(client: FlaskClient, method: str, address: str) -> None:
    answer = client.open(address, method=method)
    assert "/en/sign-in" in (answer.location or answer.text)
    assert answer.status_code == (401 if method == "POST" else 303)
    reviewer = make_person(client.application, "reviewer@example.org", roles=[Role.REVIEWER])
    assert signed_in(client, reviewer).open(address, method=method).status_code == 403


def test_an_adviser_who_is_no_longer_one_has_no_desk(phone: FlaskClient, front_door: Flask) -> None:
    assert phone.get("/en/adviser").status_code == 200
    with writing(front_door.extensions["assessment"].engine) as session:
        session.execute(delete(Grant))
    assert phone.get("/en/adviser").status_code == 403


def test_the_answers_of_a_call_can_be_forgotten_when_the_sign_in_has_ended(phone: FlaskClient, front_door: Flask) -> None:
    begin(phone)
    with writing(front_door.extensions["assessment"].engine) as session:
        session.execute(delete(SignIn))
    assert phone.get("/en/adviser").status_code == 303
    assert sittings(front_door) == 1
    assert phone.post("/en/adviser/end").location == "/en/adviser"
    assert sittings(front_door) == 0


def test_the_desk_is_for_staff_and_kept_by_nobody(phone: FlaskClient) -> None:
    desk = phone.get("/en/adviser")
    assert desk.status_code == 200
    assert desk.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in desk.text
    assert "Set-Cookie" not in desk.headers
    assert "End the call" not in desk.text
    assert phone.get("/ur/adviser").status_code == 200


@pytest.mark.parametrize("pick", [0, 1, 2, 9])
@pytest.mark.parametrize("who", ["me", "helping", "worried", "working"])
def test_the_whole_flow_takes_at_most_twelve_pages_whatever_is_answered(phone: FlaskClient, who: str, pick: int) -> None:
    seen = ["/en/questions/1", "/en/questions/2", "/en/questions/3", "/en/questions/4", *walk(phone, begin(phone, who), pick)]
    assert seen[-1] == "/en/questions/check"
    assert len(seen) <= 12, seen
    assert len(set(seen)) == len(seen)
    plan = phone.get("/en/plan")
    assert plan.status_code == 200
    assert "Text it to the caller" in plan.text
    assert "Keep this plan" not in plan.text


def test_every_page_says_what_to_say(phone: FlaskClient) -> None:
    phone.post("/en/adviser/start")
    says = ("Say: “I will ask you", "Ask: “Is anyone in danger?”", "Ask: “Where should the help be?”", "Ask: “What would help?”")
    for number, (words, given) in enumerate(zip(says, ({"who": "me"}, {"none": "1"}, {}, {"help": "home"}), strict=True), 1):
        page = phone.get(f"/en/questions/{number}").text
        assert words in page
        assert "End the call and forget the answers" in page
        phone.post(f"/en/questions/{number}", data=given)
    assert "Read each question aloud as it stands" in phone.get("/en/questions/5").text


def test_residents_are_given_no_words_to_say(client: FlaskClient) -> None:
    page = client.get("/en/questions/1").text
    assert "Say:" not in page
    assert "End the call" not in page


def test_a_question_that_another_calls_for_stands_on_the_same_page_and_can_be_left_out(phone: FlaskClient) -> None:
    page = begin(phone, topic="people")
    assert list(fields(page)) == ["lonely", "company", "conditions"]
    assert "Only ask this if “Feeling lonely” was:" in page.text
    done = phone.post("/en/questions/5", data={"lonely": "never", "conditions": "nothing"}, follow_redirects=True)
    assert done.request.path == "/en/questions/6"


def test_a_question_that_was_called_for_and_forgotten_is_asked_again_by_name(phone: FlaskClient) -> None:
    begin(phone, topic="people")
    again = phone.post("/en/questions/5", data={"lonely": "often", "conditions": "nothing"}, follow_redirects=True)
    assert again.request.path == "/en/questions/5"
    assert "One answer leads to more. Please ask this too:" in again.text
    assert '<a href="#company">' in again.text
    whole = {"lonely": "often", "company": "visit", "conditions": "nothing"}
    assert phone.post("/en/questions/5", data=whole, follow_redirects=True).request.path == "/en/questions/6"


def test_what_was_answered_in_vain_is_not_kept(phone: FlaskClient) -> None:
    begin(phone, topic="people")
    phone.post("/en/questions/5", data={"lonely": "never", "company": "visit", "conditions": "nothing"})
    assert "Someone who visits or rings" not in phone.get("/en/questions/check").text


def test_a_question_that_must_be_answered_says_so(phone: FlaskClient) -> None:
    begin(phone, topic="people")
    refused = phone.post("/en/questions/5", data={"company": "visit"})
    assert refused.status_code == 422
    assert refused.text.count("Choose an answer. If nothing fits, choose the nearest.") == 2  # in the summary and at the question


def test_a_new_call_begins_empty(phone: FlaskClient) -> None:
    begin(phone)
    phone.post("/en/adviser/start")
    assert phone.get("/en/questions/5").location == "/en/questions/1"


def test_the_desk_knows_of_a_call_that_goes_on(phone: FlaskClient) -> None:
    begin(phone)
    desk = phone.get("/en/adviser").text
    assert "A call is going on." in desk
    assert "End the call and forget the answers" in desk
    assert "Start questions with a caller" not in desk


@pytest.mark.parametrize("place", ["", *LOCALITIES])
def test_every_locality_has_a_menu_of_ten_each_once(phone: FlaskClient, place: str) -> None:
    page = phone.get("/en/adviser/menu", query_string={"place": place} if place else {})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert len(set(rows(page))) == len(rows(page)) == 10
    assert "a menu shows at most" not in page.text
    assert (place or "Anywhere in Calderwick") in page.text


def test_a_menu_serves_different_needs_before_the_same_twice(phone: FlaskClient) -> None:
    served = needs(phone.get("/en/adviser/menu?place=Eastmoor"))
    assert len(set(served)) == len(served) == 10
    assert served[0].startswith("Getting back on your feet")


def test_two_kinds_of_help_take_turns(phone: FlaskClient) -> None:
    served = needs(phone.get("/en/adviser/menu?place=Eastmoor&group=money&group=memory&group=nonsense"))
    assert "enefits" in served[0]
    assert "dementia" in served[1]


def test_a_menu_that_is_shorter_says_why(phone: FlaskClient) -> None:
    page = phone.get("/en/adviser/menu?place=Eastmoor&group=memory")
    assert 0 < len(rows(page)) < 10
    assert f"Only {len(rows(page))} services: a menu shows at most 3 for each need." in page.text


def test_the_choice_made_stands_in_the_form_and_in_other_languages(phone: FlaskClient) -> None:
    page = phone.get("/en/adviser/menu?place=Eastmoor&group=memory")
    assert 'href="/en/adviser?place=Eastmoor&amp;group=memory"' in page.text
    desk = phone.get("/en/adviser?place=Eastmoor&group=memory").text
    assert re.search(r'name="group" type="checkbox" value="memory"\s+checked', desk)
    assert 'value="Eastmoor"' in desk
    assert 'href="/ur/adviser/menu?place=Eastmoor&amp;group=memory"' in page.text
    assert phone.get("/ur/adviser/menu?place=Eastmoor&group=memory").status_code == 200


def test_a_postcode_leads_to_its_locality_and_stays_in_no_address(phone: FlaskClient) -> None:
    written = (CHECKOUT / "content/demo/localities/postcodes.csv").read_text("utf-8").splitlines()
    postcode = next(line.split(",")[0] for line in written if line.endswith(",eastmoor"))
    found = phone.get("/en/adviser/menu", query_string={"place": postcode, "group": "memory"})
    assert found.status_code == 303
    assert found.location == "/en/adviser/menu?place=Eastmoor&group=memory"


def test_a_place_that_is_not_known_keeps_what_was_typed_and_offers_areas(phone: FlaskClient) -> None:
    page = phone.get("/en/adviser/menu?place=Fooood&group=memory")
    assert page.status_code == 422
    assert 'value="Fooood"' in page.text
    assert "We don&#39;t know the place “Fooood”." in page.text
    assert 'href="/en/adviser/menu?place=Old+Town&amp;group=memory"' in page.text


def test_without_an_index_the_menu_says_so_and_leads_to_search(phone: FlaskClient) -> None:
    with mock.patch.object(Index, "snapshot", side_effect=IndexUnavailable), mock.patch.object(Index, "distrust") as distrusted:
        page = phone.get("/en/adviser/menu?place=Eastmoor")
    assert distrusted.called
    assert page.status_code == 200
    assert "The menu cannot be made just now." in page.text
    assert 'href="/en/search?place=Eastmoor"' in page.text


def test_a_menu_sets_no_cookie_and_begins_no_call(phone: FlaskClient, front_door: Flask) -> None:
    assert "Set-Cookie" not in phone.get("/en/adviser/menu?place=Eastmoor").headers
    assert sittings(front_door) == 0


MENU = "/en/adviser/text?place=Eastmoor&group=memory"


@pytest.mark.parametrize("typed", [NUMBER, "+44 7700 900 123", "0044 7700 900123", "٠٧٧٠٠ ٩٠٠١٢٣"])
def test_a_text_of_the_menu_is_posted_with_names_and_numbers(phone: FlaskClient, front_door: Flask, typed: str) -> None:
    page = phone.get(MENU)
    done = phone.post(MENU, data={"to": typed, "once": once_of(page)})
    assert done.location == "/en/adviser/texted?place=Eastmoor&group=memory"
    assert [(message.channel, message.to, message.subject) for message in opened(front_door)] == [("sms", DIALLED, "")]
    first, *lines = opened(front_door)[0].body.splitlines()
    assert first == "Doorstep Calderwick"
    assert lines[-2:] == ["Calderwick Care and Support Line: 01632 960001", "http://localhost:8000"]
    assert 1 <= len(lines[:-2]) <= 6
    assert all(re.search(r": [\d ]{11,}$", line) for line in lines[:-1])
    assert all(line in page.text.replace("&#39;", "'").replace("&amp;", "&") for line in lines)


def test_a_menu_of_ten_gives_six_in_a_text(phone: FlaskClient, front_door: Flask) -> None:
    page = phone.get("/en/adviser/text?place=Eastmoor")
    assert "The names and numbers of 6 services, and ours." in page.text
    phone.post("/en/adviser/text?place=Eastmoor", data={"to": NUMBER, "once": once_of(page)})
    assert len(opened(front_door)[0].body.splitlines()) == 6 + 3


def test_pressing_twice_sends_once_and_another_number_is_another_text(phone: FlaskClient, front_door: Flask) -> None:
    once = once_of(phone.get(MENU))
    for _ in range(2):
        assert phone.post(MENU, data={"to": NUMBER, "once": once}).status_code == 303
    assert len(waiting(front_door)) == 1
    phone.post(MENU, data={"to": "07700 900456", "once": once})
    assert len(waiting(front_door)) == 2


def test_the_same_text_can_be_sent_again_on_purpose(phone: FlaskClient, front_door: Flask) -> None:
    for _ in range(2):
        phone.post(MENU, data={"to": NUMBER, "once": once_of(phone.get(MENU))})
    assert len(waiting(front_door)) == 2


def test_pressing_twice_at_the_same_moment_sends_once(front_door: Flask) -> None:
    adviser = make_person(front_door, "adviser@example.org", roles=[Role.ADVISER])
    phones = [signed_in(front_door, adviser) for _ in range(4)]
    once = once_of(phones[0].get(MENU))
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda phone: phone.post(MENU, data={"to": NUMBER, "once": once}).status_code, phones))
    assert done == [303] * 4
    assert len(waiting(front_door)) == 1


@pytest.mark.parametrize(
    "typed", ["", "12345", "020 7946 0000", "01632 960001", "07011 123456", "+33 6 12 34 56 78", "Kim <b>", "0770", "07700 9001234567"]
)
def test_a_number_that_cannot_get_a_text_is_said_in_words_and_kept_in_its_box(phone: FlaskClient, front_door: Flask, typed: str) -> None:
    page = phone.post(MENU, data={"to": typed, "once": once_of(phone.get(MENU))})
    assert page.status_code == 422
    assert page.text.count("Type a mobile number" if not typed else "Write a mobile number like 07700 900123.") == 2
    assert f'value="{escape(typed)}"' in page.text
    assert waiting(front_door) == []


def test_the_plan_of_a_call_is_texted_too(phone: FlaskClient, front_door: Flask) -> None:
    walk(phone, begin(phone, topic="about"), 2)
    page = phone.get("/en/adviser/text?source=plan")
    assert (
        phone.post("/en/adviser/text?source=plan", data={"to": NUMBER, "once": once_of(page)}).location == "/en/adviser/texted?source=plan"
    )
    names = {line.rpartition(": ")[0] for line in opened(front_door)[0].body.splitlines()[1:-2]}
    plan = unescape(phone.get("/en/plan").text)
    assert names
    assert all(name in plan for name in names)
    assert 'href="/en/plan"' in phone.get("/en/adviser/texted?source=plan").text


def test_without_a_call_there_is_no_plan_to_text(phone: FlaskClient) -> None:
    assert phone.get("/en/adviser/text?source=plan").location == "/en/questions/ended"
    assert phone.post("/en/adviser/text?source=plan", data={"to": NUMBER}).location == "/en/questions/ended"


def test_where_texts_go_to_a_folder_the_page_says_so_before_and_after(phone: FlaskClient) -> None:
    assert "the caller gets nothing" in phone.get(MENU).text
    assert "The text was not sent" in phone.get("/en/adviser/texted?place=Eastmoor").text


def test_where_texts_are_sent_the_page_says_that(make_app: Callable[..., Flask]) -> None:
    phone = adviser_on(make_app(**GATEWAY))
    assert "the caller gets nothing" not in phone.get(MENU).text
    assert "The text is on its way" in phone.get("/en/adviser/texted?place=Eastmoor").text
    assert "Is it safe to send a text to this phone?" in phone.get(MENU).text


def test_another_sites_page_can_send_no_text(phone: FlaskClient, front_door: Flask) -> None:
    refused = phone.post(MENU, data={"to": NUMBER}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert waiting(front_door) == []


def test_one_address_sends_so_many_texts_and_no_more(phone: FlaskClient) -> None:
    done = [phone.post(MENU, data={"to": f"07700 9001{number}"}).status_code for number in range(10, 22)]
    assert done == [303] * 10 + [429] * 2


def test_nothing_is_kept_after_the_call_but_the_sealed_text(phone: FlaskClient, front_door: Flask) -> None:
    with capture_logs() as logs:
        walk(phone, begin(phone, topic="about"), 2)
        phone.post("/en/questions/6", data={"better": CANARY})
        phone.post("/en/adviser/text?source=plan", data={"to": NUMBER, "once": once_of(phone.get("/en/adviser/text?source=plan"))})
        assert CANARY in phone.get("/en/questions/check").text
        assert sittings(front_door) == 1
        ended = phone.post("/en/adviser/end")
    assert ended.location == "/en/adviser"
    assert sittings(front_door) == 0
    assert "Max-Age=0" in ended.headers["Set-Cookie"]
    assert phone.get("/en/plan").location == "/en/questions/ended"
    assert phone.get("/en/questions/5").location == "/en/questions/ended"
    assert "A call is going on." not in phone.get("/en/adviser").text
    kept = stored(front_door) + repr(logs).encode()
    assert not [it for it in (CANARY, NUMBER, DIALLED, "7700900123", "900123") if it.encode() in kept]


def test_a_text_that_was_sent_leaves_nothing_of_its_number(phone: FlaskClient, front_door: Flask) -> None:
    settings: Settings = front_door.extensions["test settings"]
    phone.post(MENU, data={"to": NUMBER, "once": once_of(phone.get(MENU))})
    carriers = carriers_from(settings)
    assert deliver(front_door.extensions["assessment"].engine, settings.secret_key, carriers) == 1
    files = [file for file in (settings.instance / "outbox").iterdir() if file.suffix == ".txt"]
    assert [DIALLED in file.read_text("utf-8") for file in files] == [True]
    with reading(front_door.extensions["assessment"].engine) as session:
        assert {row.sealed for row in session.scalars(select(Outgoing))} == {b""}


def test_ending_a_call_that_never_began_does_no_harm(phone: FlaskClient) -> None:
    for _ in range(2):
        assert phone.post("/en/adviser/end").location == "/en/adviser"


def stored(app: Flask) -> bytes:
    """The bytes of the database, its log included."""
    settings: Settings = app.extensions["test settings"]
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{}", "is missing"),
        ("needs: 3", "is missing"),
        ("needs: []", "at least one need"),
        ("needs: [falls, falls]", "each once"),
        ("needs: [falls, flying]", "flying"),
        ("[falls]", "is missing"),
    ],
)
def test_what_callers_ask_about_most_is_checked_when_the_site_starts(
    make_app: Callable[..., Flask], tmp_path: Path, written: str, said: str
) -> None:
    pack = shutil.copytree(CHECKOUT / "content/demo", tmp_path / "pack")
    (pack / "assessments").mkdir()
    for name in ("wellbeing.yaml", "carer.yaml"):
        shutil.copy(CHECKOUT / "content/assessments" / name, pack / "assessments")
    (pack / "assessments/menu.yaml").write_text(written, "utf-8")
    with pytest.raises(ContentError, match=said):
        make_app(content=pack)


def test_a_pack_without_a_menu_of_its_own_has_ours(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    pack = shutil.copytree(CHECKOUT / "content/demo", tmp_path / "pack")
    (pack / "assessments").mkdir()
    for name in ("wellbeing.yaml", "carer.yaml"):
        shutil.copy(CHECKOUT / "content/assessments" / name, pack / "assessments")
    phone = adviser_on(make_app(content=pack))
    assert len(rows(phone.get("/en/adviser/menu?place=Eastmoor"))) == 10
