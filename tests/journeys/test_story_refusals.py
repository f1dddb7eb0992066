"""What the site refuses: forms from elsewhere, too much at once, other host names, methods and answers that are not meant."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from visiting import visit

from portal.web.headers import POLICY


@pytest.fixture
def report(client: FlaskClient) -> str:
    service = visit(client, "/en/search?q=falls").services[0]
    return f"/en/services/{service}/report"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:9"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_form_that_another_site_sent_is_refused_and_changes_nothing(client: FlaskClient, report: str, headers: dict[str, str]) -> None:
    refused = client.post(report, data={"kind": "closed"}, headers=headers)
    assert refused.status_code == 403
    kept = client.post("/en/list/keep", data={"service": report.split("/")[3]}, headers=headers)
    assert kept.status_code == 403
    assert "Set-Cookie" not in kept.headers


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}],
)
def test_a_form_of_our_own_is_taken_from_browsers_old_and_new(client: FlaskClient, report: str, headers: dict[str, str]) -> None:
    assert client.post(report, data={"kind": "closed"}, headers=headers, follow_redirects=True).status_code == 200


def test_a_body_that_is_too_large_is_refused_in_words(client: FlaskClient, report: str) -> None:
    refused = client.post(report, data={"kind": "other", "message": "a" * 100_000})
    assert refused.status_code == 413
    assert "That was too much to send" in refused.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example"])
def test_another_host_name_is_refused_in_the_plainest_words_and_never_repeated(app: Flask, host: str) -> None:
    client = FlaskClient(app)  # no address can be made for another host, so that what answers is the last resort, not a page
    for address in ("/", "/en/", "/en/urgent", "/healthz"):
        refused = client.get(address, headers={"Host": host})
        assert refused.status_code == 400
        assert "evil.example" not in refused.text
        assert 'href="tel:999"' in refused.text
        assert refused.headers["Content-Security-Policy"] == POLICY
        assert "evil.example" not in refused.headers.get("Location", "")


def test_thirty_forms_a_minute_are_enough_from_one_connection(client: FlaskClient, report: str) -> None:
    statuses = [client.post(report, data={"kind": "closed"}).status_code for _ in range(32)]
    assert statuses[0] != 429
    assert statuses[-1] == 429
    waiting = client.post(report, data={"kind": "closed"})
    assert "Please wait a moment" in waiting.text
    assert client.get("/en/search?q=falls").status_code == 200
    other = client.post(report, data={"kind": "closed"}, environ_base={"REMOTE_ADDR": "192.0.2.7"}, follow_redirects=True)
    assert other.status_code == 200


@pytest.mark.parametrize("address", ["/en/", "/en/search", "/en/urgent", "/healthz"])
def test_a_page_that_takes_no_form_says_so(client: FlaskClient, address: str) -> None:
    assert client.post(address, data={"q": "falls"}).status_code == 405
    assert client.delete(address).status_code == 405


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:x=y", "\t//evil.example"],
)
def test_the_way_back_from_saving_stays_on_this_site(client: FlaskClient, report: str, back: str) -> None:
    response = client.post("/en/list/keep", data={"service": report.split("/")[3], "back": back})
    assert response.status_code == 303
    assert response.location.startswith("/")
    assert not response.location.startswith(("//", "/\\"))
    assert [cookie.split("=")[0] for cookie in response.headers.getlist("Set-Cookie")] == ["list"]
