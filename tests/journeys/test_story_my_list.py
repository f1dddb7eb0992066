"""A list kept on a phone: keep, note, share, clear, with no account and nothing left behind."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from visiting import visit


def test_a_carer_keeps_two_services_writes_a_note_shares_the_list_and_clears_it(app: Flask, client: FlaskClient) -> None:
    empty = visit(client, "/en/").follow("My list")
    assert "Nothing is here yet" in empty.text

    results = visit(client, "/en/search?q=I look after my husband and I'm worn out")
    first, second = results.services[:2]
    kept = results.send(f"Save {results.names[0]}")
    assert kept.path == "/en/list"
    assert kept.services == [first]
    both = visit(client, f"/en/services/{second}").send("Save to my list")
    assert both.services == [first, second]

    noted = both.send("Save my note", note="Ring <Tuesday> & ask for Ann")
    assert "Ring <Tuesday> & ask for Ann" in noted.text

    link = (
        noted.filled_in("share-link")
        if any(it.get("name") == "share-link" for it in noted.page.all("input"))
        else noted.link("/list/shared")
    )
    somebody = app.test_client()
    shared = visit(somebody, urlsplit(link)._replace(scheme="", netloc="").geturl())
    assert shared.services == [first, second]
    assert "Tuesday" not in shared.response.text
    assert visit(somebody, "/en/list").services == []
    assert shared.send("Keep all on this phone").services == [first, second]

    one = noted.send("Remove")
    assert one.services == [second]
    cleared = one.send("Clear my list")
    assert "Nothing is here yet" in cleared.text
    assert visit(client, "/en/list").services == []
    assert client.get_cookie("list") is None


def test_a_note_that_is_too_long_comes_back_as_it_was_typed_with_the_reason(client: FlaskClient) -> None:
    listed = visit(client, "/en/search?q=falls").send("Save")
    typed = "phone her & ask " * 12
    again = listed.send("Save my note", note=typed)
    assert again.status == 422
    assert again.page.title.startswith("Error: ")
    assert "letters" in again.text
    assert again.filled_in("note").split() == typed.split()
    assert visit(client, "/en/list").filled_in("note") == ""


def test_the_list_goes_with_its_owner_from_one_language_to_another(client: FlaskClient) -> None:
    kept = visit(client, "/en/search?q=falls").send("Save")
    urdu = kept.follow("اردو")
    assert urdu.path == "/ur/list"
    assert urdu.services == kept.services


def test_the_list_is_a_cookie_that_no_script_and_no_other_site_can_use(client: FlaskClient) -> None:
    visit(client, "/en/search?q=falls").send("Save")
    response = client.post("/en/list/clear")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
