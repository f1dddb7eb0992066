"""The search index is deleted, damaged or replaced by an older one while people search: no errors, and the same answers soon after."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from visiting import Screen, visit

from portal.config import Settings
from portal.db import writing
from portal.directory.operations import withdraw
from portal.search.index import Index
from portal.web.app import create_app

QUESTIONS = ("falls", "lunch club eastmoor")


def index_of(app: Flask) -> Index:
    index: Index = app.extensions["search"].index
    return index


def ask(client: FlaskClient) -> dict[str, Screen]:
    """What is found for each question; an error of any kind fails."""
    screens = {words: visit(client, f"/en/search?q={words}") for words in QUESTIONS}
    assert {screen.status for screen in screens.values()} == {200}
    assert all(screen.services for screen in screens.values())
    return screens


def best(screens: dict[str, Screen]) -> dict[str, list[str]]:
    return {words: screen.services[:5] for words, screen in screens.items()}


def is_plain(screens: dict[str, Screen]) -> bool:
    """Whether any of these came from the database, in place of the index."""
    return any("plain list" in screen.text for screen in screens.values())


def mended(app: Flask, client: FlaskClient) -> dict[str, Screen]:
    """The answers once what goes on in the background is done; what was asked meanwhile started it."""
    with index_of(app)._mending:
        pass
    screens = ask(client)
    assert not is_plain(screens), "the index was not mended"
    return screens


def current(index: Index) -> Path:
    return index.folder / (index.folder / "CURRENT").read_text().strip()


def replaced(file: Path, content: bytes) -> None:
    """Another file in its place, as a restore or a broken copy leaves it."""
    other = file.with_suffix(".other")
    other.write_bytes(content)
    other.replace(file)


def delete_everything(index: Index) -> None:
    shutil.rmtree(index.folder)


def delete_the_generation(index: Index) -> None:
    shutil.rmtree(current(index))


def delete_the_pointer(index: Index) -> None:
    (index.folder / "CURRENT").unlink()


def empty_every_file(index: Index) -> None:
    for file in current(index).iterdir():
        replaced(file, b"")


def truncate_every_file(index: Index) -> None:
    for file in current(index).iterdir():
        replaced(file, file.read_bytes()[: file.stat().st_size // 2])


def flip_a_byte_in_every_file(index: Index) -> None:
    for file in current(index).iterdir():
        content = bytearray(file.read_bytes())
        if content:
            content[len(content) // 2] ^= 0xFF
            replaced(file, bytes(content))


def point_at_nonsense(index: Index) -> None:
    (index.folder / "CURRENT").write_bytes(b"\xff../../etc/passwd\n")


def point_at_nothing(index: Index) -> None:
    (index.folder / "CURRENT").write_bytes(b"")


DAMAGES = (
    delete_everything,
    delete_the_generation,
    delete_the_pointer,
    empty_every_file,
    truncate_every_file,
    flip_a_byte_in_every_file,
    point_at_nonsense,
    point_at_nothing,
)


@pytest.fixture(params=DAMAGES, ids=lambda damage: damage.__name__.replace("_", " "))
def damage(request: pytest.FixtureRequest) -> Callable[[Index], None]:
    return request.param


def test_damage_while_serving_costs_no_error_and_the_same_answers_come_soon_after(app: Flask, damage: Callable[[Index], None]) -> None:
    client = app.test_client()
    before = best(ask(client))
    damage(index_of(app))
    ask(client)
    assert best(mended(app, client)) == before


def test_a_process_that_starts_on_a_damaged_index_answers_from_the_database_and_mends_it(
    app: Flask, damage: Callable[[Index], None]
) -> None:
    before = best(ask(app.test_client()))
    damage(index_of(app))
    restarted = create_app_again(app)
    client = restarted.test_client()
    assert is_plain({"falls": visit(client, "/en/search?q=falls")})
    assert visit(client, "/en/").status == 200
    assert visit(client, "/en/localities/eastmoor").status == 200
    assert best(mended(restarted, client)) == before
    with index_of(restarted)._mending:
        restarted.extensions["search"].engine.dispose()


def create_app_again(app: Flask) -> Flask:
    """Another process of the same site."""
    settings: Settings = app.extensions["test settings"]
    restarted = create_app(settings)
    restarted.test_client_class = app.test_client_class
    return restarted


def test_bytes_that_change_under_an_open_index_cost_no_error(app: Flask) -> None:
    client = app.test_client()
    visit(client, "/en/search?q=falls")
    for file in current(index_of(app)).iterdir():
        with file.open("r+b") as opened:
            content = opened.read()
            opened.seek(0)
            opened.write(bytes(byte ^ 0x5A for byte in content))
    for words in ("gardening", "swimming", "benefits advice", *QUESTIONS):
        assert visit(client, f"/en/search?q={words}").status == 200


def test_the_plain_list_answers_with_urgent_help_and_places_and_every_page_of_it(app: Flask) -> None:
    index = index_of(app)
    shutil.rmtree(index.folder)
    with index._mending:  # nobody mends for now
        client = app.test_client()
        screen = visit(client, "/en/search?q=I want to die&place=Eastmoor")
        assert screen.part("urgent").count("116 123") == 1
        for language in ("en", "tr", "ur"):
            assert visit(client, f"/{language}/search?need=food&place=Eastmoor&how=home&cost=free&page=2").status == 200


def test_a_listing_withdrawn_in_the_database_is_not_shown_whatever_the_index_says(app: Flask) -> None:
    client = app.test_client()
    first = visit(client, "/en/search?q=falls")
    gone = first.services[0]
    with writing(index_of(app)._engine) as session:
        withdraw(session, uuid.UUID(gone), "tests", "it closed")
    after = visit(client, "/en/search?q=falls")
    assert gone not in after.services
    assert after.services[:4] == first.services[1:5]
    assert visit(client, f"/en/services/{gone}").status in (404, 410)
    for address in ("/en/search?need=falls", "/tr/search?q=düşüyor", f"/en/search?q={first.names[0]}"):
        assert gone not in visit(client, address).services


def test_an_older_index_put_back_while_serving_brings_no_error_and_is_brought_in_line(app: Flask, tmp_path: Path) -> None:
    index, client = index_of(app), app.test_client()
    before = ask(client)
    older = shutil.copytree(index.folder, tmp_path / "older")
    gone = before["falls"].services[0]
    with writing(index._engine) as session:
        withdraw(session, uuid.UUID(gone), "tests", "it closed")
    index.follow()
    newer = best(ask(client))
    shutil.rmtree(index.folder)
    shutil.copytree(older, index.folder)
    assert all(gone not in screen.services for screen in ask(client).values())
    assert index.follow() == 1
    again = ask(client)
    for words, ids in best(again).items():
        assert set(ids) == set(newer[words]), "only a tie may fall differently: scores depend on how many listings there are"
