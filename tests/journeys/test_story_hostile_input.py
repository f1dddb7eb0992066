"""Whatever is typed or sent, the site answers quickly, says nothing untrue and echoes nothing as markup."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from contract_rules import Page
from effort import effort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.sharing.link import write_ids

LIMIT = 250  # as `effort` tells it, some five seconds; the figures are printed, and 15 is what we want
CANARY = "canary-x"

QUERIES = {
    "nothing but spaces": " \t\u00a0\u3000 ",
    "fuzzy operator": "wordword~9",
    "wildcards": "?*?*?*?*?*",
    "leading star": "*a*e*i*o*",
    "ranges and fields": 'name:[a TO z] AND id:* OR NOT (body:"x y"~9) ^99',
    "open brackets": "(" * 500,
    "open quotes": '"' * 501,
    "boolean storm": "a AND b OR NOT " * 200,
    "a regular expression": "/(a+)+$/ (a|aa)+",
    "a hundred thousand letters": "a" * 100_000,
    "a hundred thousand combining marks": "e" + "\u0301" * 100_000,
    "a thousand words": " ".join(f"word{number}" for number in range(1000)),
    "a thousand unknown long words": " ".join(f"x{number}qzvwkj{number}y" for number in range(1000)),
    "a thousand needs": "lonely falls money food " * 250,
    "nul": "falls\x00; rm -rf /",
    "control characters": "".join(map(chr, range(32))) + "falls" + "".join(map(chr, range(127, 160))),
    "bidi overrides": "falls\u202egnikcirt\u202c \u2066abc\u2069\u200f",
    "lone surrogate, escaped": "falls \\ud800",
    "joiners": "می\u200cخواهم falls\u200d",
    "emoji families": "👩‍👩‍👧‍👦" * 200,
    "astral and unassigned": "𝕗𝕒𝕝𝕝𝕤 \U000e0041 \uffff",
    "ligature that grows": "\ufdfa" * 1000,
    "dotted capitals": "İ" * 1000,
    "sql": "'; DROP TABLE service; -- ' OR '1'='1",
    "html": f"<{CANARY}>falls</{CANARY}><script>alert(1)</script>",
    "attribute": f'" autofocus onfocus=alert(1) {CANARY}="\' ',
    "closing the box": f"</textarea></title></script><{CANARY}>",
    "data of the page": f"</script><{CANARY}> ]]> --> <!--",
    "jinja": "{{ 7*7 }} {% for x in ().__class__.__bases__ %} {{ config }} {# #}",
    "format strings": "%(num)s %s %n {0.__class__} ${7*7} #{7*7} %d%%",
    "paths": "../../../../etc/passwd%00",
    "header splitting": "falls\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "a huge number": "9" * 5000,
    "urls": "javascript:alert(1) data:text/html,<canary-x> //evil.example",
}
FORMS = {name: text for name, text in QUERIES.items() if len(text) < 50_000}  # over that a form is refused, which test_story_refusals tells
PLACES = {
    "a postcode and then some": "ZZ6 1AA " * 5000,
    "html": f"<{CANARY}>ZZ6",
    "digits": "9" * 100_000,
    "bidi": "\u202eZZ6 1AA",
    "nul": "Eastmoor\x00",
    "commas": "," * 10_000,
    "a long street": "Mill " * 20_000,
    "full width": "ＺＺ６　１ＡＡ",
}


def escaped(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        if CANARY in str(element.tag) or any(CANARY in name or name.startswith("on") for name in element.attrib):
            yield f"typed text became <{element.tag} {element.attrib}>"


def timed(client: FlaskClient, address: str) -> float:
    """What an answer costs. Fails for a server error, for markup made from what was typed, and far beyond the limit."""
    answers: list[TestResponse] = []
    took = effort(lambda: answers.append(client.get(address)))
    response = answers[0]
    assert response.status_code < 500
    page: Page | None = response.page  # type: ignore[attr-defined]  # put there by CheckedClient
    assert page is not None
    assert list(escaped(page)) == []
    assert "49" not in page.title
    assert len(response.data) < 120_000
    return took


@pytest.fixture
def asker(reader: FlaskClient) -> FlaskClient:
    reader.get("/en/search?q=warm")
    return reader


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_hostile_question_is_answered_as_any_other(asker: FlaskClient, query: str) -> None:
    took = timed(asker, f"/en/search?{urlencode({'q': query})}")
    print(f"{took:.1f} times the fixed work, with the contract read")
    assert took < LIMIT


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_hostile_place_is_answered_as_any_other(asker: FlaskClient, place: str) -> None:
    assert timed(asker, f"/ur/search?{urlencode({'q': 'food', 'place': place})}") < LIMIT


def test_choices_that_nobody_offered_are_left_out(asker: FlaskClient) -> None:
    many = [("need", f"n{number}") for number in range(2000)] + [("speaks", "x" * 3000), ("within", "-1"), ("page", "99999999999999999999")]
    assert timed(asker, f"/en/search?{urlencode(many)}") < LIMIT
    for group in ("who", "age", "when", "cost", "how", "access", "speaks", "need", "within", "page", "q", "place", "lang_code", "nonsense"):
        for value in ("", "-1", "٣", "1e9", "<canary-x>\x00"):
            assert timed(asker, f"/tr/search?{urlencode({group: value, 'q': 'food'})}") < LIMIT


def test_a_page_far_beyond_the_last_answers_and_leads_back(asker: FlaskClient) -> None:
    response = asker.get("/en/search?need=food&page=400")
    assert response.status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/en/services/not-a-uuid",
        "/en/services/00000000-0000-0000-0000-000000000000",
        "/en/services/ffffffff-ffff-ffff-ffff-ffffffffffff/calendar/ffffffff-ffff-ffff-ffff-ffffffffffff.ics",
        "/en/organizations/00000000-0000-0000-0000-000000000000",
        "/en/localities/<canary-x>",
        "/en/localities/%00",
        "/en/advice/..%2f..%2fetc",
        "/en/advice/" + "a" * 5000,
        "/zz/",
        "/static/../config.py",
        "/static/%2e%2e/%2e%2e/config.py",
        "/.git/config",
        "/en/list/shared?s=" + "A" * 600,
        "/en/list/shared?s=%00%ff",
    ],
)
def test_an_address_that_leads_nowhere_says_so(asker: FlaskClient, address: str) -> None:
    response = asker.get(address, follow_redirects=True)
    assert response.status_code in (400, 404)
    assert "canary-x>" not in response.text


@pytest.mark.parametrize("cookie", ["", "nonsense", "A" * 8000, "a.b.c", "\u202e", write_ids([]), "eJwDAAAAAAE.x"])
def test_a_broken_cookie_is_an_empty_list(client: FlaskClient, cookie: str) -> None:
    response = client.get("/en/list", headers={"Cookie": f"list={cookie}".encode().decode("latin-1")})
    assert response.status_code == 200
    assert "Nothing is here yet" in response.text


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_hostile_report_or_note_is_kept_as_text_or_refused_in_words(client: FlaskClient, text: str) -> None:
    found = client.get("/en/search?q=falls").text
    service = found.split('data-service="')[1][:36]
    report = client.post(
        f"/en/services/{service}/report", data={"kind": "other", "message": text, "reply_to": text[:200]}, follow_redirects=True
    )
    note = client.post("/en/list/note", data={"service": service, "note": text}, follow_redirects=True)
    for response in (report, note):
        assert response.status_code in (200, 400, 413, 422)
        assert list(escaped(response.page)) == []  # type: ignore[attr-defined]  # put there by CheckedClient
