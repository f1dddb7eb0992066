"""Every form in which listings are handed over: tables in a folder or a zip, feeds with pages, a pack's own files."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.config import CHECKOUT
from portal.db import Base, open_engine, reading
from portal.directory.models import Contact, Service
from portal.directory.openreferral.identifiers import made_id, pack_id
from portal.directory.openreferral.loading import LoadOptions, load
from portal.directory.openreferral.readers import feed, tabular
from portal.directory.openreferral.rows import Action
from portal.directory.terms import Attribute
from portal.errors import SourceError
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy

PACKAGE = Path(__file__).parents[1] / "fixtures" / "openreferral" / "package"
OPTIONS = LoadOptions(load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml"), load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with reading(engine) as session:
        yield session


def zipped(folder: Path, path: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for file in sorted(folder.iterdir()):
            package.write(file, f"{inside}{file.name}")
    return path


class TestTables:
    def test_a_folder_of_tables_loads_whole(self, engine: Engine, session: Session) -> None:
        report = load(engine, [str(PACKAGE)], OPTIONS)
        lunch = session.get_one(Service, made_id("package", "service", "1"))
        assert (lunch.organization.name, lunch.fees_description) == ("Calderwick Lunches", "£3")
        (at,) = lunch.service_at_locations
        assert at.location.addresses[0].postal_code == "ZZ1 1DR"
        assert at.schedules[0].byday == "MO,WE"
        assert session.scalars(select(Contact.name)).all() == ["The cook"]
        assert report.services == 2

    def test_terms_find_what_they_are_attached_to(self, engine: Engine, session: Session) -> None:
        load(engine, [str(PACKAGE)], OPTIONS)
        assert sorted(session.execute(select(Attribute.link_entity, Attribute.link_id)).all()) == [
            ("organization", made_id("package", "organization", "o1")),
            ("service", made_id("package", "service", "1")),
        ]

    def test_a_row_whose_parent_is_missing_is_refused_by_file_and_row(self, engine: Engine) -> None:
        report = load(engine, [str(PACKAGE)], OPTIONS)
        refused = [finding for finding in report.findings if finding.action is Action.REFUSED]
        assert [(finding.where, finding.field) for finding in refused] == [("schedule.csv row 3", "")]

    def test_tables_that_nobody_knows_are_named(self, engine: Engine) -> None:
        assert dict(load(engine, [str(PACKAGE)], OPTIONS).unkept) == {"notes.csv": 1}

    def test_a_zip_loads_the_same_wherever_the_tables_lie_in_it(self, engine: Engine, tmp_path: Path) -> None:
        load(engine, [str(zipped(PACKAGE, tmp_path / "package.zip"))], OPTIONS)
        again = load(engine, [str(zipped(PACKAGE, tmp_path / "package-2.zip", "export/csv/"))], OPTIONS)
        assert {table.table for table in again.written if table.inserted} == set()

    def test_names_in_the_singular_a_byte_order_mark_and_old_encodings_are_read(
        self, engine: Engine, session: Session, tmp_path: Path
    ) -> None:
        folder = tmp_path / "export"
        folder.mkdir()
        (folder / "Service.CSV").write_bytes("\ufeffID,Name,Status\n1,Café,active\n".encode())
        (folder / "phone.csv").write_bytes("id,service_id,number,description\n1,1,111,Caf\xe9 – ring".encode("cp1252"))
        load(engine, [str(folder)], OPTIONS)
        service = session.scalars(select(Service)).one()
        assert service.name == "Café"
        assert service.phones[0].description == "Café – ring"

    def test_a_second_load_changes_nothing(self, engine: Engine) -> None:
        load(engine, [str(PACKAGE)], OPTIONS)
        assert load(engine, [str(PACKAGE)], OPTIONS).writes == 0


class TestBadFiles:
    def test_a_zip_that_unpacks_to_too_much_is_refused(self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tabular, "LARGEST", 1_000_000)
        bomb = tmp_path / "bomb.zip"
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("services.csv", b"0" * 5_000_000)
        with pytest.raises(SourceError, match="too large"):
            load(engine, [str(bomb)], OPTIONS)

    def test_a_zip_of_too_many_files_is_refused(self, engine: Engine, tmp_path: Path) -> None:
        many = tmp_path / "many.zip"
        with zipfile.ZipFile(many, "w") as package:
            for number in range(tabular.MOST_MEMBERS + 1):
                package.writestr(f"{number}.csv", "id")
        with pytest.raises(SourceError, match="more than"):
            load(engine, [str(many)], OPTIONS)

    def test_nothing_of_a_zip_is_written_to_the_disk(self, engine: Engine, tmp_path: Path) -> None:
        sly = tmp_path / "sly.zip"
        with zipfile.ZipFile(sly, "w") as package:
            package.writestr("../../services.csv", "id,name,status\n1,Tea,active\n")
            package.writestr("/etc/organizations.csv", "id,name\n1,Friends\n")
        before = sorted(tmp_path.parent.rglob("*.csv"))
        assert load(engine, [str(sly)], OPTIONS).services == 1
        assert sorted(tmp_path.parent.rglob("*.csv")) == before

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"id,name"])
    def test_a_broken_zip_is_refused(self, engine: Engine, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "broken.zip"
        path.write_bytes(content)
        with pytest.raises(SourceError, match="zip"):
            load(engine, [str(path)], OPTIONS)

    def test_what_is_not_there_or_empty_is_refused(self, engine: Engine, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="no such file"):
            load(engine, [str(tmp_path / "nowhere.json")], OPTIONS)
        with pytest.raises(SourceError, match="neither"):
            load(engine, [str(tmp_path)], OPTIONS)


class TestPack:
    def write(self, folder: Path, **files: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text, "utf-8")
        return folder

    def test_files_share_places_by_id_and_words_stay_words(self, engine: Engine, session: Session, tmp_path: Path) -> None:
        folder = self.write(
            tmp_path / "pack" / "directory",
            locations="locations:\n  - {id: hall, name: The Hall, location_type: physical, latitude: 54.07, longitude: 1.25}\n",
            tea="""
organization: {id: friends, name: Friends of Tea}
services:
  - id: tea
    name: Tea
    status: active
    needs: [loneliness]
    who_for: [adult]
    assured_date: 2026-10-02
    languages: [{code: no, name: Norwegian}]
    service_at_locations:
      - {location: hall, schedules: [{freq: WEEKLY, byday: TU, opens_at: 19:30, closes_at: 08:00}]}
      - location: {id: kiosk, name: Kiosk, location_type: physical}
  - id: cake
    name: Cake for parents and carers with babies
    status: active
    service_at_locations: [{location: kiosk}]
""",
        )
        report = load(engine, [str(folder)], OPTIONS)
        tea = session.get_one(Service, pack_id("service", "tea"))
        assert {at.location.name for at in tea.service_at_locations} == {"The Hall", "Kiosk"}
        night = next(row for at in tea.service_at_locations for row in at.schedules)
        assert f"{night.opens_at:%H:%M}–{night.closes_at:%H:%M}" == "19:30–08:00"
        assert tea.languages[0].code == "no"
        assert [(need.need, need.inferred) for need in tea.needs] == [("loneliness", False)]
        assert tea.source == ""
        assert session.get_one(Service, pack_id("service", "cake")).who_for == []
        assert session.get_one(Service, pack_id("service", "cake")).service_at_locations[0].location.name == "Kiosk"
        assert report.findings == ()

    def test_a_list_of_organizations_is_read_in_either_shape(self, engine: Engine, session: Session, tmp_path: Path) -> None:
        folder = self.write(
            tmp_path / "pack",
            helplines="""
organizations:
  - {id: a, name: A, services: [{id: a-line, name: A line, status: active}]}
  - organization: {id: b, name: B}
    services: [{id: b-line, name: B line, status: active, source: https://b.example.org/about}]
""",
        )
        load(engine, [str(folder)], OPTIONS)
        assert {service.organization.name for service in session.scalars(select(Service))} == {"A", "B"}
        assert session.get_one(Service, pack_id("service", "b-line")).source == "https://b.example.org/about"

    @pytest.mark.parametrize(
        "text", ["- a list", "organization: [", "services: {a: b}", "service: {}", "a: &a [*a]", "!!python/object/apply:os.system [ls]"]
    )
    def test_a_file_in_another_form_is_refused_by_name(self, engine: Engine, tmp_path: Path, text: str) -> None:
        folder = self.write(tmp_path / "pack", wrong=text)
        with pytest.raises(SourceError, match="wrong"):
            load(engine, [str(folder)], OPTIONS)


SHORT = [{"id": f"00000000-0000-4000-8000-{number:012}", "name": f"Service {number}", "status": "active"} for number in range(5)]


def whole(thing: dict[str, Any]) -> dict[str, Any]:
    return {**thing, "organization": {"id": "o1", "name": "Friends"}, "phones": [{"id": f"p-{thing['id']}", "number": "01632 960 001"}]}


def envelope(page: int, size: int = 2) -> dict[str, Any]:
    pages = -(-len(SHORT) // size)
    some = SHORT[(page - 1) * size : page * size]
    return {"total_items": len(SHORT), "total_pages": pages, "page_number": page, "size": len(some), "first_page": page == 1,
            "last_page": page >= pages, "empty": not some, "contents": some}  # fmt: skip


Answer = Callable[[str, dict[str, list[str]]], tuple[int, Any]]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], tuple[str, list[str]]]]:
    """Serves `answer(path, query) -> (status, JSON)` on loopback; gives the base address and the list of what is asked."""
    servers = []

    def _serve(answer: Answer) -> tuple[str, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                parts = urlsplit(self.path)
                status, body = answer(parts.path, parse_qs(parts.query))
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                if status in (301, 302):
                    self.send_header("Location", data.decode())
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/api", asked

    yield _serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "FIRST_PAUSE", 0.0)


def good(path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
    if path == "/api/services":
        return 200, envelope(int(query.get("page", ["1"])[0]))
    found = [thing for thing in SHORT if path == f"/api/services/{thing['id']}"]
    return (200, whole(found[0])) if found else (404, {})


class TestFeed:
    def test_every_page_and_each_whole_object_is_read(self, engine: Engine, session: Session, serve: Any) -> None:
        base, asked = serve(good)
        report = load(engine, [base], OPTIONS)
        services = session.scalars(select(Service).order_by(Service.name)).all()
        assert [service.name for service in services] == [f"Service {number}" for number in range(5)]
        assert all(service.phones[0].number == "01632 960001" for service in services)
        assert report.sources == (f"{base}/services",)
        assert asked[:3] == [f"/api/services?page={page}" for page in (1, 2, 3)]
        assert load(engine, [f"{base}/services"], OPTIONS).writes == 0

    def test_a_list_of_whole_objects_is_not_asked_for_again(self, engine: Engine, serve: Any) -> None:
        base, asked = serve(lambda path, query: (200, [whole(thing) for thing in SHORT]))
        assert load(engine, [base], OPTIONS).services == 5
        assert asked == ["/api/services?page=1"]

    def test_a_feed_that_stumbles_twice_is_tried_three_times(self, engine: Engine, serve: Any) -> None:
        stumbles = iter([503, 500])
        base, _ = serve(lambda path, query: (next(stumbles, 200), [whole(thing) for thing in SHORT]))
        assert load(engine, [base], OPTIONS).services == 5

    def test_a_feed_that_keeps_failing_is_named_with_its_answer(self, engine: Engine, serve: Any) -> None:
        base, asked = serve(lambda path, query: (503, {}))
        with pytest.raises(SourceError, match=r"/api/services.*503"):
            load(engine, [base], OPTIONS)
        assert len(asked) == feed.TRIES

    def test_a_page_that_is_missing_loads_nothing(self, engine: Engine, session: Session, serve: Any) -> None:
        def broken(path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
            return (404, {}) if query.get("page") == ["2"] else good(path, query)

        base, _ = serve(broken)
        with pytest.raises(SourceError, match="404"):
            load(engine, [base], OPTIONS)
        assert session.scalars(select(Service)).all() == []

    def test_a_feed_that_gives_the_same_page_again_is_refused(self, engine: Engine, serve: Any) -> None:
        base, _ = serve(lambda path, query: (200, {**envelope(1), "total_pages": 9, "last_page": False}))
        with pytest.raises(SourceError, match="same"):
            load(engine, [base], OPTIONS)

    @pytest.mark.parametrize("body", [b"<html>", b"7", b"\xff", b'{"contents": 1}'])
    def test_an_answer_that_is_no_feed_is_refused(self, engine: Engine, serve: Any, body: bytes) -> None:
        base, _ = serve(lambda path, query: (200, body))
        with pytest.raises(SourceError):
            load(engine, [base], OPTIONS)

    def test_an_answer_without_end_is_refused(self, engine: Engine, serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(feed, "LARGEST", 10_000)
        base, _ = serve(lambda path, query: (200, b" " * 100_000))
        with pytest.raises(SourceError, match="larger"):
            load(engine, [base], OPTIONS)

    def test_a_feed_that_leads_in_circles_or_away_from_http_is_refused(self, engine: Engine, serve: Any) -> None:
        for target in (b"/api/services", b"file:///etc/passwd"):
            base, _ = serve(lambda path, query, target=target: (302, target))
            with pytest.raises(SourceError):
                load(engine, [base], OPTIONS)

    def test_nobody_at_the_address_is_said_plainly(self, engine: Engine) -> None:
        with pytest.raises(SourceError, match=r"127\.0\.0\.1:9"):
            load(engine, ["http://127.0.0.1:9/api"], OPTIONS)


def test_next_months_export_has_the_same_ids(engine: Engine, tmp_path: Path) -> None:
    for name in ("listings.json", "listings-2026-11.json", "Listings (2).json"):
        shutil.copy(PACKAGE.parent / "scruffy.json", tmp_path / name)
    load(engine, [str(tmp_path / "listings.json")], OPTIONS)
    for name in ("listings-2026-11.json", "Listings (2).json"):
        report = load(engine, [str(tmp_path / name)], OPTIONS)
        assert not any(table.inserted for table in report.written)
