"""The council's desk over HTTP: who may, what is refused and kept in the form, two at once, and what residents' pages show of it."""

from __future__ import annotations

import gzip
import html
import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from accounts import make_person, signed_in
from contract_rules import Page, text_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts.audiences import Role
from portal.accounts.models import Person
from portal.council.models import CouncilEntry
from portal.db import reading, writing
from portal.history import HistoryLine

NOTICE = {
    "tone": "care",
    "words_en": "Eastmoor Library is closed until Friday.",
    "starts_on": "2026-11-24",
    "ends_on": "27/11/2026",
    "place": "",
}
PUBLIC = ("/", "/search?q=falls", "/localities", "/localities/eastmoor", "/advice", "/advice/benefits")
XSS = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}"


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    """A phone on which a council editor has signed in."""
    return signed_in(client, council_editor(client.application))


def council_editor(app: Flask, email: str = "council@example.org", name: str = "Amina Rahman") -> Person:
    return make_person(app, email, roles=[Role.COUNCIL_EDITOR], name=name)


def engine_of(app: Flask) -> Engine:
    engine: Engine = app.extensions["council"].engine
    return engine


def page_of(response: TestResponse) -> Page:
    page: Page = response.page  # type: ignore[attr-defined]  # put there by CheckedClient
    return page


def banners(response: TestResponse) -> list[str]:
    """Words of the banners of a page."""
    asides = [it for it in page_of(response).all("aside") if it.get("class") == "wrap banners"]
    return [text_of(line) for aside in asides for line in aside.iter("p")]


def typed_in(response: TestResponse) -> dict[str, str]:
    """What stands in the boxes of the page's form, by name."""
    boxes = [it for it in page_of(response).all("input") if it.get("type") not in ("radio", "checkbox")]
    areas = {it.get("name", ""): (it.text or "").strip("\n") for it in page_of(response).all("textarea")}
    return {it.get("name", ""): it.get("value", "") for it in boxes} | areas


def version(response: TestResponse) -> str:
    """The version that the page's form changes."""
    return next(it.get("value", "") for it in page_of(response).all("input") if it.get("name") == "version")


def draft(editor: FlaskClient, **changes: str) -> str:
    """The address of a new draft."""
    made = editor.post("/en/council/notices/new", data={**NOTICE, **changes})
    assert made.status_code == 303, page_of(made) and [text_of(it) for it in page_of(made).all("p") if "error" in it.get("class", "")]
    return made.location


def put_up(editor: FlaskClient, address: str) -> TestResponse:
    return editor.post(f"{address}/put-up", data={"version": version(editor.get(address))}, follow_redirects=True)


def entries(app: Flask) -> list[CouncilEntry]:
    with reading(engine_of(app)) as session:
        return list(session.scalars(select(CouncilEntry)))


ALL = {
    "GET": (
        "", "/history/{id}", "/line", "/money/2026", "/money/2026/capital_upper", "/notices/new", "/notices/{id}", "/notices/{id}/change",
        "/pages", "/places", "/places/eastmoor/en",
    ),
    "POST": (
        "/history/{id}/put-back", "/line", "/money/2026/capital_upper", "/notices/new", "/notices/{id}/change", "/notices/{id}/draft",
        "/notices/{id}/put-up", "/notices/{id}/take-down", "/pages/advice/benefits/checked", "/places/eastmoor/en",
    ),
}  # fmt: skip


@pytest.mark.parametrize("role", [None, Role.REVIEWER, Role.ADVISER, Role.ADMINISTRATOR])
def test_the_desk_is_council_editors_alone(client: FlaskClient, role: Role | None) -> None:
    if role:
        signed_in(client, make_person(client.application, "other@example.org", roles=[role]))
    for method, paths in ALL.items():
        for path in paths:
            answer = client.open(f"/en/council{path.format(id=uuid.uuid4())}", method=method)
            assert answer.status_code == (403 if role else 303 if method == "GET" else 401), (method, path)
            assert role or "/en/sign-in" in (answer.location or answer.text)
    assert entries(client.application) == []


def test_every_page_of_the_desk_keeps_the_contract_in_every_kind_of_script(editor: FlaskClient) -> None:
    address = draft(editor, words_ur="لائبریری جمعہ تک بند ہے۔", url="https://www.gov.uk/libraries", link_en="More")
    own, entry_id = address.removeprefix("/en"), address.rsplit("/", 1)[1]
    typed = {"version": "0", "about": "By the river.", "name_1": "Tea club", "phone_1": "01632 960100"}
    editor.post("/en/council/places/eastmoor/en", data=typed)
    notices = ("/council/notices/new", own, f"{own}/change", f"/council/history/{entry_id}")
    facts = ("/council/money/2026", "/council/money/2027/capital_upper", "/council/line", "/council/pages")
    for path in ("/council", *notices, *facts, "/council/places", "/council/places/eastmoor/ur"):
        for language in ("en", "ur", "bn"):
            page = editor.get(f"/{language}{path}")
            assert page.status_code == 200, path
            assert page.headers["Cache-Control"] == "no-store"
            assert '<meta name="robots" content="noindex">' in page.text


def test_a_notice_is_seen_by_nobody_before_it_is_put_up_and_by_everybody_after(editor: FlaskClient, client: FlaskClient) -> None:
    address = draft(editor)
    assert "Eastmoor Library is closed" in editor.get(address).text
    assert banners(editor.get("/en/")) == []
    page = put_up(editor, address)
    assert text_of(page_of(page).all("h1")[0]) == "This notice is up"
    for path in PUBLIC:
        shown = client.get(f"/en{path}")
        assert banners(shown) == ["Eastmoor Library is closed until Friday."], path
        assert ("public, max-age=300" if path != "/search?q=falls" else "private") in shown.headers["Cache-Control"]
        assert "Set-Cookie" not in shown.headers
    editor.post(f"{address}/take-down")
    assert [banners(client.get(f"/en{path}")) for path in PUBLIC] == [[]] * len(PUBLIC)


def test_urgent_help_shows_no_notice_and_no_desk_does(editor: FlaskClient) -> None:
    put_up(editor, draft(editor))
    for path in ("/en/urgent", "/en/council", "/en/list", "/en/easy-read/urgent"):
        assert banners(editor.get(path)) == [], path


def test_readers_of_a_language_see_its_words_or_the_english_marked_as_such(editor: FlaskClient) -> None:
    put_up(editor, draft(editor, words_ur="لائبریری جمعہ تک بند ہے۔", url="https://www.gov.uk/libraries", link_en="Other libraries"))
    urdu, polish = editor.get("/ur/"), editor.get("/pl/")
    assert banners(urdu) == ["لائبریری جمعہ تک بند ہے۔", "Other libraries"]
    assert '<a href="https://www.gov.uk/libraries" lang="en" dir="ltr">Other libraries</a>' in urdu.text
    assert "<p>لائبریری جمعہ تک بند ہے۔</p>" in urdu.text
    assert '<p lang="en" dir="ltr">Eastmoor Library is closed until Friday.</p>' in polish.text


def test_a_notice_for_one_place_shows_on_its_page_and_on_results_near_it_only(editor: FlaskClient) -> None:
    put_up(editor, draft(editor, place="eastmoor"))
    shown = {path: bool(banners(editor.get(f"/en{path}"))) for path in (*PUBLIC, "/localities/millbrook", "/search?place=Eastmoor")}
    assert [path for path, is_shown in shown.items() if is_shown] == ["/localities/eastmoor", "/search?place=Eastmoor"]


def test_a_third_notice_at_once_is_refused_in_words(editor: FlaskClient) -> None:
    for _ in range(2):
        put_up(editor, draft(editor))
    refused = put_up(editor, draft(editor))
    assert refused.status_code == 409
    assert "more than two at once nobody reads" in refused.text
    assert len(banners(editor.get("/en/"))) == 2


def test_a_notice_ends_by_itself(editor: FlaskClient, client: FlaskClient) -> None:
    put_up(editor, draft(editor))
    with clock.stopped_at(clock.now() + timedelta(days=3, hours=13)):  # 23.30 on its last day
        assert banners(client.get("/en/"))
    with clock.stopped_at(clock.now() + timedelta(days=3, hours=14)):
        assert banners(client.get("/en/")) == []


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"words_en": ""}, "Write the words in English."),
    ({"words_en": "x" * 241}, "Use 240 letters or fewer."),
    ({"words_ur": "\u202eevil\u202c words"}, "hidden marks in it that turn text around"),
    ({"starts_on": ""}, "Write the first day."),
    ({"starts_on": "soon"}, "Write the day like 24/11/2026."),
    ({"ends_on": ""}, "Every notice ends."),
    ({"ends_on": "2026-11-23"}, "This day has passed."),
    ({"starts_on": "2026-12-01"}, "The last day comes before the first."),
    ({"ends_on": "2027-01-24"}, "60 days at most"),
    ({"ends_on": "9999999999999999999999"}, "Write the day like"),
    ({"place": "nowhere"}, "Choose where it should show."),
    ({"tone": "shout"}, "Choose how it should speak."),
    ({"url": "http://x.org", "link_en": "More"}, "It must begin with https://"),
    ({"url": "javascript:alert(1)", "link_en": "More"}, "It must begin with https://"),
    ({"url": "https://gоv.uk", "link_en": "More"}, "It must begin with https://"),
    ({"url": "https://xn--gv-jbc.uk", "link_en": "More"}, "It must begin with https://"),
    ({"url": "https://gov.uk@evil.org", "link_en": "More"}, "It must begin with https://"),
    ({"url": "https://[", "link_en": "More"}, "It must begin with https://"),
    ({"url": "https://www.gov.uk"}, "Say in a few words where the link leads."),
    ({"link_en": "More"}, "Write the web address, or empty these words."),
]


def test_what_cannot_be_shown_is_refused_in_words_and_nothing_typed_is_lost(editor: FlaskClient) -> None:
    for changes, message in REFUSED:
        typed = {**NOTICE, **changes, "words_pl": "Biblioteka zamknięta"}
        refused = editor.post("/en/council/notices/new", data=typed)
        assert refused.status_code == 422, changes
        assert message in html.unescape(refused.text), changes
        kept = typed_in(refused)
        for name in typed.keys() - {"tone", "place"}:
            assert kept[name] == re.sub("[\u202a-\u202e]", "", typed[name]), (name, changes)
    assert entries(editor.application) == []


def test_words_taken_out_of_a_text_are_shown_once_more_and_then_saved(editor: FlaskClient) -> None:
    refused = editor.post("/en/council/notices/new", data={**NOTICE, "words_en": "Open \u202etoday"})
    kept = typed_in(refused)["words_en"]
    assert kept == "Open today"
    assert draft(editor, words_en=kept)


RUBBISH = ("\x00", "9" * 30, "x" * 3_000, "\u202e" * 50, "-1", "é\ud7ff", "[]", "2026")
FIELDS = (
    *("tone", "words_en", "starts_on", "ends_on", "place", "url", "amount", "source", "read_on", "number", "again", "hours"),
    *("about", "name_1", "what_1", "phone_1", "url_1", "version", "line"),
)


def test_rubbish_is_never_more_than_refused(editor: FlaskClient) -> None:
    entry_id = draft(editor).rsplit("/", 1)[1]
    for path in (path for path in ALL["POST"] if "checked" not in path):
        for rubbish in RUBBISH:
            answer = editor.post(f"/en/council{path.format(id=entry_id)}", data=dict.fromkeys(FIELDS, rubbish))
            assert answer.status_code in (303, 404, 409, 413, 422), (path, rubbish)


def test_fields_sent_twice_and_files_in_place_of_words_are_no_error(editor: FlaskClient) -> None:
    assert editor.post("/en/council/notices/new", data={**NOTICE, "words_en": ["one", "two"]}).status_code == 303
    assert editor.post("/en/council/notices/new", data={}).status_code == 422


def test_what_is_not_there_is_not_found(editor: FlaskClient) -> None:
    gone = uuid.uuid4()
    pages = (f"notices/{gone}", f"notices/{gone}/change", f"history/{gone}", "money/2019", f"money/{'9' * 20}", "money/2026/no")
    for path in (*pages, "places/nowhere/en", "places/eastmoor/xx", "places/eastmoor/de"):
        assert editor.get(f"/en/council/{path}").status_code == 404, path
    for path in (f"notices/{gone}/put-up", f"notices/{gone}/take-down", f"notices/{gone}/draft", f"history/{gone}/put-back",
                 "pages/advice/no/checked", "pages/site/benefits/checked"):  # fmt: skip
        assert editor.post(f"/en/council/{path}", data={"line": "1", "version": "1"}).status_code == 404, path


def test_two_who_change_the_same_draft_both_see_both_texts_and_lose_nothing(editor: FlaskClient, client: FlaskClient) -> None:
    address = draft(editor)
    other = signed_in(editor.application, council_editor(editor.application, "other@example.org", "Bill Wren"))
    mine, theirs = (version(it.get(f"{address}/change")) for it in (editor, other))
    assert (
        other.post(f"{address}/change", data={**NOTICE, "version": theirs, "words_en": "Eastmoor Library opens on Friday."}).status_code
        == 303
    )
    late = editor.post(f"{address}/change", data={**NOTICE, "version": mine, "words_en": "Eastmoor Library is closed all week."})
    assert late.status_code == 409
    text = text_of(page_of(late).tree)
    assert "Somebody else changed this while you wrote" in text
    assert "Bill Wren" in text
    assert "<del>" in late.text
    assert typed_in(late)["words_en"] == "Eastmoor Library is closed all week."
    saved = editor.post(f"{address}/change", data={**NOTICE, "version": version(late), "words_en": "Both."}, follow_redirects=True)
    assert "Both." in saved.text
    history = editor.get(f"/en/council/history/{address.rsplit('/', 1)[1]}").text
    assert "opens on Friday" in text_of(page_of(late).tree)
    assert all(words in history for words in ("Bill Wren", "Amina Rahman"))


def test_somebody_elses_words_about_a_place_are_shown_beside_mine(editor: FlaskClient) -> None:
    path = "/en/council/places/eastmoor/en"
    other = signed_in(editor.application, council_editor(editor.application, "other@example.org", "Bill Wren"))
    assert other.post(path, data={"version": "0", "about": "By the river."}).status_code == 303
    late = editor.post(path, data={"version": "0", "about": "On the hill."})
    assert late.status_code == 409
    assert "By the river." in late.text
    assert "On the hill." in late.text
    assert editor.post(path, data={"version": version(late), "about": "On the hill, by the river."}).status_code == 303
    assert "On the hill, by the river." in editor.get("/en/localities/eastmoor").text


def test_somebody_elses_amount_is_shown_beside_mine(editor: FlaskClient) -> None:
    path, typed = "/en/council/money/2026/attendance_allowance_lower", {"source": "https://www.gov.uk/aa", "read_on": "2026-11-24"}
    assert editor.post(path, data={"version": "0", "amount": "73.90", **typed}).status_code == 303
    late = editor.post(path, data={"version": "0", "amount": "74.90", **typed})
    assert late.status_code == 409
    assert "£73.90" in late.text
    assert 'value="74.90"' in late.text


def test_an_amount_that_was_missing_is_on_its_page_at_once_and_no_more_missing(editor: FlaskClient) -> None:
    name, path = "attendance_allowance_lower", "/en/council/money/2026"
    before = editor.get(path).text
    assert re.search(r'id="missing">\s*7 are missing', before)
    answer = editor.post(f"{path}/{name}", data={"amount": "1073,90", "version": "0"})
    assert answer.status_code == 422
    assert "Write an amount like 86.45" in answer.text
    assert "Write the address of the page where you read it." in answer.text
    assert "Write the day on which you read it." in answer.text
    typed = {"version": "0", "amount": "1073.90", "source": "www.gov.uk/attendance-allowance", "read_on": "2026-11-23"}
    assert editor.post(f"{path}/{name}", data={**typed, "read_on": "2026-11-25"}).status_code == 422
    assert editor.post(f"{path}/{name}", data=typed).status_code == 303
    after = editor.get(path).text
    assert "6 are missing" in after
    assert all(words in after for words in ("£1,073.90", "Amina Rahman", "https://www.gov.uk/attendance-allowance"))


def test_what_the_council_writes_takes_the_place_of_the_files_amount_on_advice_pages_until_it_is_taken_back(editor: FlaskClient) -> None:
    path, page = "/en/council/money/2026/carers_allowance_weekly", "/en/advice/carers-money-and-work"
    assert "£86.45" in editor.get(page).text
    saved = editor.post(path, data={"version": "0", "amount": "91.20", "source": "https://www.gov.uk/ca", "read_on": "2026-11-24"})
    assert saved.status_code == 303
    for language in ("en", "ur"):
        shown = editor.get(f"/{language}/advice/carers-money-and-work").text
        assert "£91.20" in shown
        assert "£86.45" not in shown
    editor.post(path, data={"version": "1", "amount": ""})
    assert "£86.45" in editor.get(page).text


def test_a_page_that_is_still_right_says_so_with_todays_date_and_who(editor: FlaskClient, client: FlaskClient) -> None:
    with clock.stopped_at(clock.now() + timedelta(days=200)):  # all pages were reviewed in November for half a year
        due = signed_in(editor, council_editor(editor.application, "second@example.org", "Bill Wren"))
        assert "The day to read" in due.get("/en/council/pages").text
        assert due.post("/en/council/pages/advice/benefits/checked").location == "/en/council/pages#advice-benefits"
        assert due.post("/en/council/pages/advice/benefits/checked").status_code == 303
        listed = due.get("/en/council/pages").text
        assert "Bill Wren" in listed
        assert "Checked today" in listed
        assert "Last reviewed 12 June 2027. Next review by 10 December 2027." in text_of(page_of(due.get("/en/advice/benefits")).tree)
        assert "12 June 2027" not in due.get("/en/advice/debt").text
    [line] = history(editor.application, "check")
    assert line.changes == {"checked_on": [None, "2027-06-12"]}


def history(app: Flask, kind: str) -> list[HistoryLine]:
    with reading(engine_of(app)) as session:
        ids = select(CouncilEntry.id).where(CouncilEntry.kind == kind)
        return list(session.scalars(select(HistoryLine).where(HistoryLine.resource_id.in_(ids)).order_by(HistoryLine.id)))


def test_a_new_number_must_be_typed_twice_and_shows_everywhere_but_in_urgent_help(editor: FlaskClient) -> None:
    path = "/en/council/line"
    editor.get("/en/urgent")
    typed = {"version": "0", "number": "01632 960555", "hours": "Every day, 8am to 8pm"}
    for again in ("", "01632 960556"):
        refused = editor.post(path, data={**typed, "again": again})
        assert refused.status_code == 422
        assert "The two numbers are not the same." in refused.text
        assert "01632 960001" in refused.text, "the number that pages have now stands beside it"
    assert editor.post(path, data={**typed, "again": "01632 960 555"}).status_code == 303
    for page in ("/en/", "/en/contact", "/ur/advice/how-care-works", "/en/easy-read/help-for-carers"):
        shown = editor.get(page).text
        assert "01632 960555" in shown, page
        assert "01632 960001" not in shown, page
    for page in ("/en/urgent", "/ur/urgent", "/en/easy-read/urgent"):
        assert "01632 960555" not in editor.get(page).text, page
        assert "01632 960001" in editor.get(page).text, page
    assert "What urgent help, letters and printed plans say" in editor.get(path).text


def test_numbers_that_nobody_can_ring_or_that_cost_much_are_refused(editor: FlaskClient) -> None:
    for number, message in (
        ("0906 123 4567", "cost a lot"),
        ("01632 960001 1234567", "all its digits"),
        ("ring me", "all its digits"),
        ("", "Write the number."),
    ):
        refused = editor.post("/en/council/line", data={"version": "0", "number": number, "again": number, "hours": "Always"})
        assert refused.status_code == 422, number
        assert message in refused.text, number
    assert entries(editor.application) == []


def test_words_about_a_place_show_on_its_page_in_each_language(editor: FlaskClient) -> None:
    helpers = {"name_1": "Tea club", "what_1": "Tea on Tuesdays", "phone_1": "01632 960100", "name_2": "Library"}
    english = {"version": "0", "about": "By the river.\nBuses 4 and 9.", **helpers, "url_2": "https://library.example.org/eastmoor"}
    assert editor.post("/en/council/places/eastmoor/en", data=english).status_code == 303
    urdu = {"version": "1", "about": "دریا کے کنارے۔", "what_1": "منگل کو چائے"}
    assert editor.post("/en/council/places/eastmoor/ur", data=urdu).status_code == 303
    shown = editor.get("/ur/localities/eastmoor").text
    assert "<p>دریا کے کنارے۔</p>" in shown
    assert "<p>منگل کو چائے</p>" in shown
    assert '<b lang="en" dir="ltr">Tea club</b>' in shown
    assert 'href="https://library.example.org/eastmoor"' in shown
    assert '<p lang="en" dir="ltr">Buses 4 and 9.</p>' in editor.get("/pl/localities/eastmoor").text
    turned = {"name_1": "Library", "what_1": "", "phone_1": "", "url_1": "https://library.example.org/eastmoor"}
    changed = {
        "version": "2",
        "about": "By the river.",
        **turned,
        "name_2": "Tea club",
        "what_2": "Tea on Tuesdays",
        "phone_2": "01632 960100",
    }
    assert editor.post("/en/council/places/eastmoor/en", data=changed).status_code == 303
    assert "<p>منگل کو چائے</p>" in editor.get("/ur/localities/eastmoor").text, "a translation stays with its helper"


def test_words_about_a_place_that_do_not_fit_are_refused_in_words(editor: FlaskClient) -> None:
    for typed, message in (
        ({"about": "x" * 601}, "Use 600 letters or fewer."),
        ({"what_1": "Tea"}, "Write who it is"),
        ({"name_1": "Tea club"}, "so that people can reach them"),
        ({"name_1": "Tea club", "url_1": "ftp://x.org"}, "It must begin with https://"),
        ({"name_1": "Tea \u2066club", "phone_1": "01632 960100"}, "hidden marks"),
    ):
        refused = editor.post("/en/council/places/eastmoor/en", data={"version": "0", **typed})
        assert refused.status_code == 422, typed
        assert message in html.unescape(refused.text), typed
    assert entries(editor.application) == []


def test_how_it_was_can_be_read_and_made_so_again(editor: FlaskClient) -> None:
    path = "/en/council/places/eastmoor/en"
    editor.post(path, data={"version": "0", "about": "By the river."})
    editor.post(path, data={"version": "1", "about": "On the hill."})
    [entry] = entries(editor.application)
    page = editor.get(f"/en/council/history/{entry.id}")
    [line] = [it.get("value", "") for it in page_of(page).all("button") if it.get("name") == "line"]
    assert "<del>" in page.text
    back = editor.post(f"/en/council/history/{entry.id}/put-back", data={"line": line, "version": version(page)}, follow_redirects=True)
    assert "Put back as it was" in back.text
    assert "By the river." in editor.get("/en/localities/eastmoor").text
    editor.post(f"/en/council/history/{entry.id}/put-back", data={"line": line, "version": "1"})
    assert len(history(editor.application, "locality")) == 3, "from an old page nothing is put back"


def test_markup_in_any_field_is_only_text_wherever_it_shows(editor: FlaskClient) -> None:
    address = draft(editor, words_en=XSS, words_ur=XSS, url="https://www.gov.uk/?a=1&b=<i>".replace("<i>", "%3Ci%3E"), link_en=XSS[:60])
    put_up(editor, address)
    editor.post(
        "/en/council/places/eastmoor/en", data={"version": "0", "about": XSS, "name_1": XSS[:80], "what_1": XSS, "phone_1": "01632 960100"}
    )
    editor.post("/en/council/line", data={"version": "0", "number": "01632 960001", "again": "", "hours": XSS[:120]})
    ids = [entry.id for entry in entries(editor.application)]
    assert len(ids) == 3
    pages = [
        "/council",
        "/council/places",
        "/council/places/eastmoor/ur",
        "/council/line",
        "/",
        "/localities/eastmoor",
        "/contact",
        "/advice/how-care-works",
    ]
    for path in (*pages, address.removeprefix("/en"), *(f"/council/history/{it}" for it in ids)):
        for language in ("en", "ur"):
            text = editor.get(f"/{language}{path}").text
            assert "<script>alert" not in text
            assert "<img src=x" not in text
            assert "49" not in re.findall(r"alert\(1\)&gt;.{0,20}", text)


def test_with_the_database_gone_pages_come_without_a_banner_and_urgent_help_as_ever(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    editor = signed_in(app, council_editor(app))
    put_up(editor, draft(editor))
    assert banners(editor.get("/en/advice/benefits"))
    with writing(engine_of(app)) as session:
        CouncilEntry.__table__.drop(session.connection())
    app.extensions["council"].standing.refresh()
    visitor = app.test_client()
    for path in ("/en/", "/en/advice/benefits", "/en/localities/eastmoor", "/en/urgent"):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert banners(answer) == []


def test_no_page_for_everybody_asks_the_database_for_the_councils_words(editor: FlaskClient, client: FlaskClient) -> None:
    put_up(editor, draft(editor))
    editor.post("/en/council/places/eastmoor/en", data={"version": "0", "about": "By the river."})
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine_of(client.application), "before_cursor_execute", note)
    try:
        for path in (*PUBLIC, "/urgent"):
            assert client.get(f"/en{path}").status_code == 200
    finally:
        event.remove(engine_of(client.application), "before_cursor_execute", note)
    assert [statement for statement in asked if "council_entry" in statement] == []


def test_a_banner_weighs_little(editor: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    def weight() -> tuple[int, int]:
        data = editor.get("/en/").data
        return len(data), len(gzip.compress(data, 6))

    without = weight()
    put_up(editor, draft(editor, url="https://www.gov.uk/libraries", link_en="Other libraries"))
    one = weight()
    put_up(editor, draft(editor, words_en="A second notice, which is as long as such notices usually are."))
    two = weight()
    with capsys.disabled():
        print(f"\nhome page: {without} bytes (plain, gzip) without, {one} with one notice, {two} with two")
    assert two[1] - without[1] < 600
