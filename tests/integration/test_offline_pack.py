"""What a phone keeps of a locality, over HTTP: every page of it held to the contract, never more than there is room for, nothing secret."""

from __future__ import annotations

import json
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from contract_rules import RULES, Page, read, text_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal import clock
from portal.config import CHECKOUT
from portal.db import reading, writing
from portal.directory.models import Service, Status
from portal.directory.places import Address, Location, ServiceAtLocation
from portal.errors import IndexUnavailable
from portal.i18n.languages import LANGUAGES
from portal.search.views import SearchRoom
from portal.sharing.my_list import LONGEST_NOTE, MOST_SERVICES
from portal.sharing.offline.choosing import list_rows
from portal.sharing.offline.packing import LARGEST, LARGEST_PACK, ROOM_FOR_LIST, fitting
from portal.web.headers import HEADERS

BY_NAME = {rule.__name__: rule for rule in RULES}
OF_KEPT = [
    rule for name, rule in BY_NAME.items() if name != "_weighs_little"
]  # a kept page is not fetched alone: the whole pack is weighed


def pack_of(client: FlaskClient, area: str = "eastmoor", language: str = "en") -> dict[str, Any]:
    answer = client.get(f"/{language}/on-this-phone/areas/{area}")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    found: dict[str, Any] = json.loads(answer.data)
    return found


def all_pages(pack: dict[str, Any]) -> dict[str, str]:
    return {**pack["pages"], f"/{pack['language']}/somewhere-else": pack["otherwise"]}


def parsed(html: str, app: Flask, path: str) -> Page:
    """A kept page as a browser's parser reads it."""
    answer = SimpleNamespace(
        get_data=lambda as_text=False: html if as_text else html.encode(),
        content_type="text/html; charset=utf-8",
        headers={},
        status_code=200,
        request=SimpleNamespace(args={}),
    )
    return read(answer, path, app, ())  # type: ignore[arg-type]  # as much of a response as the rules ask for


def largest(room: SearchRoom) -> str:
    """The locality that most services reach."""
    columns, extents = room.index.snapshot().generation.columns, room.searcher.extents
    return max(extents.localities, key=lambda slug: len(list_rows(columns, extents, slug, clock.today())))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_largest_locality_has_room_in_every_language_and_every_page_keeps_the_contract(reader: FlaskClient, language: str) -> None:
    area = largest(reader.application.extensions["search"])
    answer = reader.get(f"/{language}/on-this-phone/areas/{area}")
    assert LARGEST_PACK * 0.5 < len(answer.data) <= LARGEST_PACK, "what there is room for is used"
    pack = json.loads(answer.data)
    assert LARGEST_PACK + ROOM_FOR_LIST == LARGEST == 300_000
    for path, html in all_pages(pack).items():
        page = parsed(html, reader.application, path)
        assert [problem for rule in OF_KEPT for problem in rule(page)] == [], path
    assert set(pack["pages"]) == {f"/{language}/localities/{area}", f"/{language}/urgent", f"/{language}/on-this-phone"}
    assert pack["headers"] == HEADERS


def test_a_kept_page_says_that_it_is_not_connected_since_when_and_asks_for_nothing(reader: FlaskClient) -> None:
    pack = pack_of(reader)
    for path, html in all_pages(pack).items():
        assert "You are not connected." in html, path
        assert "This was saved on Tuesday 24 November. Phone before you go." in html, path
        assert "<form" not in html, path
    assert pack["told"]["saved"] == "Saved on Tuesday 24 November."


def test_links_of_kept_pages_lead_to_what_is_kept(reader: FlaskClient) -> None:
    pack = pack_of(reader)
    kept = {*pack["pages"], pack["list_at"], "/en/", "/en/exit"}  # home opens the page that says what can be done
    for html in all_pages(pack).values():
        page = read(
            SimpleNamespace(get_data=lambda as_text=False, it=html: it, request=SimpleNamespace(args={})), "/en/x", reader.application, ()
        )  # type: ignore[arg-type]
        links = {link.get("href", "") for link in page.all("a")}
        assert {link for link in links if link.startswith("/")} <= kept


def test_every_file_that_a_kept_page_loads_is_in_the_pack(reader: FlaskClient) -> None:
    for language in ("en", "ur"):
        pack = pack_of(reader, language=language)
        for html in all_pages(pack).values():
            page = read(
                SimpleNamespace(get_data=lambda as_text=False, it=html: it, request=SimpleNamespace(args={})),
                "/en/x",
                reader.application,
                (),
            )  # type: ignore[arg-type]
            loaded = {it.get("src") for it in page.all("script")} | {
                it.get("href") for it in page.all("link") if it.get("rel") in ("stylesheet", "icon")
            }
            assert loaded <= set(pack["files"])
        for address, file in pack["files"].items():
            with reader.get(address) as answer:
                assert answer.text == file["text"], "as it is served"


def test_a_service_is_kept_with_what_people_need_to_go_there(reader: FlaskClient) -> None:
    room: SearchRoom = reader.application.extensions["search"]
    html = pack_of(reader)["pages"]["/en/localities/eastmoor"]
    page = parsed(html, reader.application, "/en/x")
    shown = {item.get("id", "").removeprefix("s-"): text_of(item) for item in page.all("li") if item.get("id", "").startswith("s-")}
    listings = {str(it.id): it for _row, it in room.index.snapshot().generation.inverted.listings()}
    for key, text in shown.items():
        listing = listings[key]
        assert listing.name in text
        assert not listing.phone or listing.phone in text
        assert not listing.is_free or "Free" in text
        if "in-person" in listing.how and listing.sites and not listing.sites[0].is_confidential and len(listing.sites) == 1:
            assert (listing.sites[0].address or listing.sites[0].name) in text
    assert len(shown) == len({*shown}) > 100


def test_no_address_that_is_kept_secret_is_in_any_pack(client: FlaskClient) -> None:
    room: SearchRoom = client.application.extensions["search"]
    secret = select(Location.id).where(Location.is_confidential)
    with writing(room.engine) as session:
        hidden = update(Address).where(Address.location_id.in_(secret))
        assert session.execute(hidden.values(address_1="7 Refuge Row", postal_code="ZZ6 9XY")).rowcount  # type: ignore[attr-defined]
        session.execute(update(Location).where(Location.is_confidential).values(name="Refuge House"))
    room.index.rebuild()
    for area in room.searcher.extents.localities:
        answer = client.get(f"/en/on-this-phone/areas/{area}").text
        assert [part for part in ("Refuge Row", "ZZ6 9XY", "Refuge House") if part in answer] == []
        assert "Address not shown" in answer


def test_what_was_withdrawn_is_not_kept_though_the_index_still_has_it(client: FlaskClient) -> None:
    room: SearchRoom = client.application.extensions["search"]
    before = pack_of(client)["pages"]["/en/localities/eastmoor"]
    with reading(room.engine) as session:
        service_id = next(it for it in session.scalars(select(Service.id).order_by(Service.id)) if f'id="s-{it}"' in before)
    with writing(room.engine) as session:
        session.execute(update(Service).where(Service.id == service_id).values(status=Status.INACTIVE))
    assert f'id="s-{service_id}"' not in pack_of(client)["pages"]["/en/localities/eastmoor"]


def test_nothing_doubtful_is_kept_while_the_index_is_away(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    room: SearchRoom = client.application.extensions["search"]

    def away() -> None:
        raise IndexUnavailable("gone")

    monkeypatch.setattr(room.index, "snapshot", away)
    assert client.get("/en/on-this-phone/areas/eastmoor").status_code == 503
    assert client.get("/en/on-this-phone/areas/nowhere").status_code == 404


def test_the_list_is_kept_as_it_is_without_a_form_and_has_room_when_it_is_full(client: FlaskClient) -> None:
    room: SearchRoom = client.application.extensions["search"]
    with reading(room.engine) as session:
        ids = session.scalars(
            select(Service.id)
            .join(ServiceAtLocation)
            .where(Service.status == Status.ACTIVE)
            .distinct()
            .order_by(Service.id)
            .limit(MOST_SERVICES)
        ).all()
    client.post("/ur/list/keep", data={"service": [str(it) for it in ids]})
    client.post("/ur/list/note", data={"service": str(ids[0]), "note": "x" * LONGEST_NOTE})
    answer = client.get("/ur/on-this-phone/list")
    assert answer.text.count('id="s-') == len(ids) == MOST_SERVICES
    assert "x" * LONGEST_NOTE in answer.text
    assert "<form" not in answer.text
    assert len(json.dumps(answer.text, ensure_ascii=False).encode()) <= ROOM_FOR_LIST


def test_without_script_nothing_is_offered(reader: FlaskClient) -> None:
    for address in ("/en/localities/eastmoor", "/ur/on-this-phone"):
        regions = [it for it in reader.get(address).page.all("section") if it.get("data-keeping")]  # type: ignore[attr-defined]
        assert regions
        assert all(it.get("hidden") is not None for it in regions)
    assert "You can print a page instead" in reader.get("/en/on-this-phone").text


def test_the_worker_lies_at_the_root_and_the_policy_lets_only_our_own_work(reader: FlaskClient) -> None:
    answer = reader.get("/worker.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_so_many_services_are_kept_as_there_is_room_for() -> None:
    each = "x" * 998  # with the quotation marks around it 1,000 bytes
    assert fitting([each] * 1000, 0) == (LARGEST_PACK - 6_000) // 1000
    assert fitting([each] * 3, 0) == 3
    assert fitting([each], LARGEST_PACK) == 0


def test_no_service_is_read_that_there_is_no_room_for(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    room: SearchRoom = reader.application.extensions["search"]
    area, model, read_rows = largest(room), room.index.snapshot().generation.inverted, list[int]()
    read_one = model.listing
    monkeypatch.setattr(model, "listing", lambda row: (read_rows.append(row), read_one(row))[1])
    shown = pack_of(reader, area)["pages"][f"/en/localities/{area}"].count('id="s-')
    assert 0 < shown < len(list_rows(room.index.snapshot().generation.columns, room.searcher.extents, area, clock.today()))
    assert len(read_rows) == shown + 1, "the first one that has no room, and no other"


def test_addresses_of_kept_services_are_those_of_their_pages(reader: FlaskClient) -> None:
    """The worker leads from a service's own address to where it stands in the pack, by its id."""
    html = pack_of(reader)["pages"]["/en/localities/eastmoor"]
    first = html.split('id="s-', 1)[1][:36]
    assert reader.get(f"/en/services/{uuid.UUID(first)}").status_code == 200
    assert (CHECKOUT / "portal/ui/frontend/js/worker.js").read_text("utf-8").count('id="s-${service}"') == 1
