"""The commands of `portal` as an officer gives them: what they do, what they say, and one clear line when something is wrong."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from serving import serving

from portal import clock
from portal.cli import main
from portal.config import CHECKOUT, DEVELOPMENT_SECRET
from portal.db import opened, writing
from portal.directory.queries import list_service_ids
from portal.directory.reporting import Wrong, report_problem
from portal.i18n.languages import LANGUAGES

DEMO = CHECKOUT / "content" / "demo"
FEW = ("roshni-elders", "open-latch")
Portal = Callable[..., Result]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack as the demo's, of few organizations."""
    folder = tmp_path / "pack"
    (folder / "directory").mkdir(parents=True)
    shutil.copy(DEMO / "pack.toml", folder)
    shutil.copytree(DEMO / "localities", folder / "localities")
    for name in FEW:
        shutil.copy(DEMO / "directory" / f"{name}.yaml", folder / "directory")
    return folder


@pytest.fixture
def portal(tmp_path: Path, pack: Path, quick_start: None) -> Portal:
    """Give a command with a state and a pack of the test's own. Keywords change the environment."""

    def give(*command: object, **environment: str) -> Result:
        settings = {"PORTAL_STATE": str(tmp_path / "state"), "PORTAL_CONTENT": str(pack), **environment}
        return CliRunner(catch_exceptions=False).invoke(main, [str(part) for part in command], env=settings)

    return give


@pytest.fixture
def prepared(portal: Portal) -> Portal:
    assert portal("prepare").exit_code == 0
    return portal


def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'instance' / 'portal.sqlite3'}"


def services(tmp_path: Path) -> list[uuid.UUID]:
    with opened(database(tmp_path)) as engine, writing(engine) as session:
        return list_service_ids(session)


def assert_refused(result: Result, *words: str) -> None:
    """One line that says what is wrong, on standard error, and exit code 1."""
    assert result.exit_code == 1, result.output
    [line] = result.stderr.strip().splitlines()
    assert line.startswith("Error: ")
    assert not [word for word in words if word not in line], line


def test_prepare_loads_the_pack_the_first_time_and_only_then(portal: Portal, tmp_path: Path) -> None:
    first = portal("prepare")
    assert "Report: " in first.output
    assert "Services read: " in first.output
    before = services(tmp_path)
    assert before
    second = portal("prepare")
    assert (second.exit_code, second.stderr) == (0, "")
    assert "Report: " not in second.output
    assert services(tmp_path) == before
    assert len(list((tmp_path / "state" / "instance" / "reports").glob("*.csv"))) == 1


def feed(tmp_path: Path, name: str = "Knitting circle") -> Path:
    path = tmp_path / "feed.json"
    organization = {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, "org")), "name": "Knitters"}
    path.write_text(
        json.dumps([{"id": str(uuid.uuid5(uuid.NAMESPACE_URL, "s")), "name": name, "status": "active", "organization": organization}])
    )
    return path


def test_a_dry_run_says_what_would_happen_and_changes_nothing(prepared: Portal, tmp_path: Path) -> None:
    before = services(tmp_path)
    dry = prepared("load", feed(tmp_path), "--dry-run")
    assert dry.exit_code == 0
    assert "services that would be changed: 1" in dry.output
    assert services(tmp_path) == before
    wet = prepared("load", feed(tmp_path))
    assert len(services(tmp_path)) == len(before) + 1
    report = Path(re.search(r"Report: (.+\.csv)", wet.output).group(1))  # type: ignore[union-attr]
    assert report.is_file()
    assert "0 changes wait" in prepared("index", "status").output, "the index has followed"


def test_a_load_on_a_new_machine_needs_no_other_command(portal: Portal, tmp_path: Path) -> None:
    assert portal("load", feed(tmp_path)).exit_code == 0
    assert len(services(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("none.json", None), ("broken.json", "{"), ("words.txt", "hello"), ("empty.zip", ""), ("latin.json", b'[{"name": "caf\xe9"}]')],
)
def test_a_source_that_cannot_be_read_is_named_and_nothing_is_written(
    portal: Portal, tmp_path: Path, name: str, content: str | bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert_refused(portal("load", feed(tmp_path), tmp_path / name), name)
    assert services(tmp_path) == []


def test_the_index_tells_its_state_and_can_be_thrown_away(prepared: Portal, tmp_path: Path) -> None:
    count = len(services(tmp_path))
    assert re.fullmatch(
        rf"generation \w+: {count} listings of {count} public services, 0 changes wait\n", prepared("index", "status").output
    )
    shutil.rmtree(tmp_path / "state" / "index")
    assert prepared("index", "status").output.startswith("unusable")
    assert "index rebuilt" in prepared("index", "follow").output
    assert prepared("index", "follow").output == "0 changes applied.\n"
    assert prepared("index", "status").output.startswith("generation")
    assert prepared("index", "rebuild").output.endswith(f"{count} listings indexed.\n")


def test_areas_are_built_from_files_into_the_pack(portal: Portal, pack: Path, tmp_path: Path) -> None:
    (tmp_path / "postcodes.csv").write_text("postcode,lat,long,ward,lsoa\nZY1 1AA,54.05,1.05,E05000001,E01000001\n")
    ring = [[1.0, 54.0], [1.1, 54.0], [1.1, 54.1], [1.0, 54.1], [1.0, 54.0]]
    ward = {
        "type": "Feature",
        "properties": {"code": "E05000001", "name": "Harbour", "lad": "E07000099"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (tmp_path / "wards.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [ward]}))
    files = ("--postcodes", tmp_path / "postcodes.csv", "--boundaries", tmp_path / "wards.geojson", "--date", "2026-04-01")
    built = portal("areas", "build", *files, "--out", tmp_path / "out")
    assert built.exit_code == 0, built.output
    made = json.loads((tmp_path / "out" / "localities.geojson").read_text())
    assert [it["properties"]["name"] for it in made["features"]] == ["Harbour"]
    assert "2026-04-01" in (tmp_path / "out" / "localities.geojson").read_text()
    (tmp_path / "postcodes.csv").write_text("nonsense\n")
    assert_refused(portal("areas", "build", *files), "postcodes.csv")
    assert (pack / "localities" / "localities.geojson").read_bytes() == (DEMO / "localities" / "localities.geojson").read_bytes()


@pytest.fixture
def one_ward(tmp_path: Path) -> tuple[object, ...]:
    """The options of a build: one ward in two LSOAs, and who lives there."""
    (tmp_path / "postcodes.csv").write_text("postcode,lat,long,ward,lsoa\nZY1 1AA,54.05,1.05,E05000001,E01000001\n")
    ring = [[1.0, 54.0], [1.1, 54.0], [1.1, 54.1], [1.0, 54.1], [1.0, 54.0]]
    ward = {
        "type": "Feature",
        "properties": {"code": "E05000001", "name": "Harbour", "lad": "Calder"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (tmp_path / "wards.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [ward]}))
    (tmp_path / "need.csv").write_text("lsoa21_code,residents,age65plus\nE01000001,1500,300\n")
    return ("--postcodes", tmp_path / "postcodes.csv", "--boundaries", tmp_path / "wards.geojson", "--need", tmp_path / "need.csv")


def test_localities_of_a_day_to_come_are_put_beside_those_in_force(portal: Portal, pack: Path, one_ward: tuple[object, ...]) -> None:
    with clock.stopped_at(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        built = portal("areas", "build", *one_ward, "--from", "2027-04-01")
        listed = portal("areas", "list").output.splitlines()
        checked = portal("content", "check")
        assert_refused(portal("areas", "build", *one_ward, "--from", "2027-04-02"), "1 January, April, July or October")
    assert "2 measures of need: 1,500 residents, and 0 outside every locality." in built.output
    assert "They begin on 1 April 2027. Servers take them up when they are next started" in built.output
    assert listed[0] == "From the beginning to 31 March 2027 (now): 8 localities."
    assert listed[3] == "From 1 April 2027: 1 localities."
    assert "New: harbour." in listed[6]
    assert (pack / "localities" / "localities.geojson").read_bytes() == (DEMO / "localities" / "localities.geojson").read_bytes()
    assert checked.exit_code == 0


def test_localities_to_come_are_checked_with_the_rest(portal: Portal, pack: Path, one_ward: tuple[object, ...]) -> None:
    with clock.stopped_at(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        portal("areas", "build", *one_ward, "--from", "2027-04-01")
        (pack / "localities" / "versions" / "2027-04-01" / "need.csv").write_text("locality,residents\nharbour,many\n")
        assert_refused(portal("content", "check"), "versions/2027-04-01/need.csv, line 2", "'many'")


def test_a_sound_pack_is_said_to_be_sound(portal: Portal) -> None:
    checked = portal("content", "check")
    assert checked.exit_code == 0
    assert re.fullmatch(r"Doorstep Calderwick: \d+ needs, \d+ urgent cards\. Sound\.\n", checked.output)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("pack.toml", "council =", "mayor ="), ["pack.toml", "'council'"]),
        (("pack.toml", "#0b5c55", "#9bdcd5"), ["pack.toml", "darker"]),
        (("pack.toml", '"so"]', '"so", "tlh"]'), ["tlh"]),
        (("pack.toml", "[lines.front_door]", "[lines.door]"), ["front_door"]),
        (("localities/localities.geojson", "{", ""), ["localities.geojson"]),
        (("localities/need.csv", "quayside", "quaysidee"), ["need.csv, line 3", "'quaysidee'"]),
        (("localities/need_sources.csv", "carers,", "careers,"), ["need_sources.csv, line 10", "'careers'"]),
    ],
)
def test_a_pack_that_is_wrong_is_told_in_one_line(portal: Portal, pack: Path, change: tuple[str, str, str], words: list[str]) -> None:
    file, before, after = change
    text = (pack / file).read_text("utf-8")
    assert before in text
    (pack / file).write_text(text.replace(before, after, 1), "utf-8")
    assert_refused(portal("content", "check"), *words)


def test_cards_of_the_pack_s_own_are_checked_too(portal: Portal, pack: Path) -> None:
    text = (CHECKOUT / "content" / "urgent.yaml").read_text("utf-8")
    (pack / "urgent.yaml").write_text(re.sub(r"\n +source: .*", "", text, count=1), "utf-8")
    assert_refused(portal("content", "check"), "urgent.yaml", "source")


def test_translations_are_checked_and_their_state_is_told(portal: Portal) -> None:
    told = portal("translations", "status").output.splitlines()
    assert sorted(line[:2] for line in told) == sorted(LANGUAGES)
    assert re.fullmatch(r"en  the source: \d+ messages, \d+ pages", told[0])
    for line in told[1:]:
        assert re.fullmatch(
            r"\w\w  (\d+) of \1 messages translated; \d+ of \d+ pages, 0 outdated, 0 checked by a person; "
            r"\d+ needs, \d+ urgent phrases; machine draft: messages, urgent, search",
            line,
        )
    assert portal("translations", "check").exit_code == 0


def test_a_language_without_a_catalogue_is_named(portal: Portal, pack: Path) -> None:
    path = pack / "pack.toml"
    path.write_text(path.read_text("utf-8").replace('"so"]', '"so", "xx"]'), "utf-8")
    assert_refused(portal("translations", "check"), "xx")


def test_the_database_goes_down_and_up_again(prepared: Portal, tmp_path: Path) -> None:
    assert prepared("database", "downgrade", "base").exit_code == 0
    file = sqlite3.connect(tmp_path / "state" / "instance" / "portal.sqlite3")
    assert file.execute("SELECT name FROM sqlite_master WHERE type='table' AND name='service'").fetchall() == []
    assert prepared("database", "upgrade").exit_code == 0
    assert file.execute("SELECT count(*) FROM service").fetchone() == (0,)
    file.close()
    assert_refused(prepared("database", "upgrade", "no-such-revision"), "no-such-revision")


def test_reports_are_listed_oldest_first(prepared: Portal, tmp_path: Path) -> None:
    assert prepared("reports").output == ""
    service_id = services(tmp_path)[0]
    with opened(database(tmp_path)) as engine, writing(engine) as session:
        report_problem(session, DEVELOPMENT_SECRET, service_id, Wrong("times", "Now at six", "me@example.org"))
        report_problem(session, DEVELOPMENT_SECRET, service_id, Wrong("offensive"))
    first, message, answer, second = prepared("reports").output.splitlines()
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d times: .+ \({service_id}\), with the editors", first)
    assert (message.strip(), answer.strip()) == ("Now at six", "They would like an answer.")
    assert " offensive: " in second
    assert second.endswith("with the council")
    assert "me@example.org" not in prepared("reports").output


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"PORTAL_ENV": "production"}, "PORTAL_SECRET_KEY"),
        ({"PORT": "http"}, "PORT"),
        ({"PORTAL_BASE_URL": "help.example.org"}, "PORTAL_BASE_URL"),
        ({"PORTAL_DATABASE_URL": "nonsense"}, "PORTAL_DATABASE_URL"),
        ({"PORTAL_DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/x"}, "database"),
        ({"PORTAL_DATABASE_URL": "sqlite:////proc/nowhere/x.sqlite3"}, "/proc/nowhere"),
        ({"PORTAL_CONTENT": "/nowhere"}, "/nowhere"),
    ],
)
def test_a_setting_that_is_wrong_is_told_in_one_line(portal: Portal, environment: dict[str, str], word: str) -> None:
    refused = portal("prepare", **environment)
    assert_refused(refused, word)
    assert "hush" not in refused.output


def test_a_database_that_was_never_prepared_is_told_in_one_line(portal: Portal) -> None:
    assert_refused(portal("reports"), "database")


def commands(group: object = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_says_what_it_is_for(portal: Portal, command: tuple[str, ...]) -> None:
    told = portal(*command, "--help")
    assert told.exit_code == 0
    assert re.search(r"\n\n  [A-Z][^.]+\.", told.output), "a sentence"


def test_the_site_is_served_and_what_is_malformed_leaves_no_trace_of_anybody(demo_state: Path, tmp_path: Path) -> None:
    with serving(shutil.copytree(demo_state, tmp_path / "state")) as site:
        assert site.get("/healthz").status == 200
        for junk in (
            b"GET /en/search?q=canary-typed HTTP/9.9\r\n\r\n",
            b"GET /en/search?q=" + b"canary-typed" * 1000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /en/ HTTP/1.1\r\nHost: localhost\r\nbad header: canary-typed\r\n\r\n",
            b"canary-typed\r\n\r\n",
            b'GET /en/%0A{"event":"forged"} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
        ):
            with socket.create_connection(("127.0.0.1", int(site.url.rsplit(":", 1)[1])), timeout=60) as connection:
                connection.sendall(junk)
                while connection.recv(65_536):
                    pass
        assert site.get("/en/urgent").status == 200
    said = site.log.read_text("utf-8")
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert "/en/urgent" in {event.get("path") for event in events}
    assert "forged" not in {event["event"] for event in events}
    assert "canary-typed" not in said
    assert "127.0.0.1" not in "".join(line for line in said.splitlines() if "Listening" not in line)
