"""Backups: the same rows elsewhere, in either database; of one moment while others write; refused when one byte is wrong; whole or not."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accounts import make_person
from click.testing import CliRunner
from postgresql import Server
from sqlalchemy import Engine, func, inspect, select, text

from portal import clock, schema
from portal.accounts.audiences import Role
from portal.accounts.models import Person
from portal.assessment.answers import Answers
from portal.assessment.keeping import Sitting, save_sitting
from portal.backup import folder, purges
from portal.backup.restoring import check, restore
from portal.backup.tables import LEFT_OUT, kept_tables
from portal.backup.taking import take, take_purges
from portal.cli import main
from portal.config import Settings, from_environment
from portal.db import open_engine, opened, reading, writing
from portal.directory.changes import Change, mark_changed
from portal.directory.models import Service
from portal.errors import SourceError
from portal.history import Act, record
from portal.history.models import HistoryLine
from portal.history.verifying import verify
from portal.sealing import new_token
from portal.tally import Tally

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SECRET = "a site's own secret, long enough for it"  # noqa: S105 - of a test


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def site(demo: Settings, tmp_path: Path) -> Iterator[Engine]:
    """The demo borough with somebody who has an account, a change that waits, and a number that was given and is gone."""
    engine = open_engine(f"sqlite:///{shutil.copy(demo.database_url.removeprefix('sqlite:///'), tmp_path / 'site.sqlite3')}")
    make_person(engine, "amina@example.org", roles=[Role.REVIEWER])
    with writing(engine) as session:
        [service] = session.scalars(select(Service.id).order_by(Service.id).limit(1))
        mark_changed(session, [service, service])
    with writing(engine) as session:
        session.delete(session.scalars(select(Change).order_by(Change.id.desc()).limit(1)).one())
    yield engine
    engine.dispose()


def elsewhere(tmp_path: Path, name: str = "elsewhere") -> Settings:
    """Settings of an empty place."""
    state = tmp_path / name
    changes = {"instance": state / "instance", "index": state / "index", "secret_key": SECRET}
    return replace(from_environment({}), **changes, database_url=f"sqlite:///{state / 'instance' / 'portal.sqlite3'}")


@pytest.fixture
def bare_postgresql(postgresql_server: Server) -> Iterator[str]:
    """The address of a PostgreSQL database without a table."""
    with postgresql_server.database() as address:
        yield address


def digests(place: Path) -> dict[str, str]:
    """Of what each part holds."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(place.glob("*.gz"))}


def restored(place: Path, settings: Settings) -> Engine:
    restore(check(place, SECRET), settings, [])
    return open_engine(settings.database_url)


def is_untouched(settings: Settings) -> bool:
    folder_of = settings.instance
    return not folder_of.exists() or not any(folder_of.iterdir())


def test_a_backup_restored_elsewhere_and_backed_up_again_has_the_same_digests(site: Engine, tmp_path: Path) -> None:
    taken = take(site, tmp_path / "backups", SECRET)
    assert taken.rows > 3_000
    other = restored(taken.place, elsewhere(tmp_path))
    assert schema.is_newest(other)
    again = take(other, tmp_path / "others", SECRET)
    assert digests(again.place) == digests(taken.place)
    assert verify(other).broken is None
    other.dispose()


def test_a_backup_goes_from_sqlite_to_postgresql_and_back(site: Engine, bare_postgresql: str, tmp_path: Path) -> None:
    taken = take(site, tmp_path / "backups", SECRET)
    moved = restored(taken.place, replace(elsewhere(tmp_path), database_url=bare_postgresql))
    there = take(moved, tmp_path / "there", SECRET)
    assert digests(there.place) == digests(taken.place)
    assert verify(moved).broken is None
    moved.dispose()
    back = restored(there.place, elsewhere(tmp_path, "back"))
    assert digests(take(back, tmp_path / "home", SECRET).place) == digests(taken.place)
    back.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_number_that_was_given_once_is_not_given_again(kind: str, site: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    taken = take(site, tmp_path / "backups", SECRET)
    with reading(site) as session:
        last = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'change'"))
        assert session.scalar(select(func.max(Change.id))) == last - 1
    settings = elsewhere(tmp_path)
    if kind == "postgresql":
        address = str(request.getfixturevalue("bare_postgresql"))
        settings = replace(settings, database_url=address)
    other = restored(taken.place, settings)
    with writing(other) as session:
        [service] = session.scalars(select(Service.id).limit(1))
        mark_changed(session, [service])
    with reading(other) as session:
        assert session.scalar(select(func.max(Change.id))) == last + 1
        assert (session.scalar(select(func.max(HistoryLine.id))) or 0) > 0
    with writing(other) as session:
        record(session, ("service", service), Act("tried", "test"), {})  # counters of other tables go on too
    other.dispose()


@pytest.mark.parametrize("kind", ["database", "postgresql"])
def test_a_backup_is_of_one_moment_while_others_write(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each write adds a line of history and a count together: any moment has as many of one as the other says."""
    engine: Engine = request.getfixturevalue(kind)
    person = make_person(engine, "amina@example.org")
    day = clock.today()
    written, is_over = [0], threading.Event()

    def write() -> None:
        while not is_over.is_set():
            with clock.stopped_at(NOW), writing(engine) as session:
                record(session, ("person", person.id), Act("counted", "test"), {"number": [written[0], written[0] + 1]})
                session.add(Tally(counted_on=day + timedelta(days=written[0]), kind="test", key="x", count=1))
            written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        places, before = [], []
        for _ in range(2):
            until = written[0] + 20
            while written[0] < until:
                threading.Event().wait(0.01)
            before.append(written[0])
            places.append(take(engine, tmp_path / "backups", SECRET).place)
    finally:
        is_over.set()
        writer.join()
    for number, (place, least) in enumerate(zip(places, before, strict=True)):
        other = restored(place, elsewhere(tmp_path, f"other-{number}"))
        with reading(other) as session:
            lines, counts = (session.scalar(select(func.count()).select_from(table)) for table in (HistoryLine, Tally))
        assert lines == counts >= least, "all that was written before is there, and nothing by half"
        found = verify(other)
        assert (found.broken, found.sound.position) == (None, lines)
        other.dispose()
    assert written[0] > before[-1], "others wrote meanwhile"


def spoil(path: Path, at: float = 0.5) -> None:
    whole = bytearray(path.read_bytes())
    whole[int(len(whole) * at)] ^= 1
    path.write_bytes(bytes(whole))


def test_one_wrong_byte_in_any_part_is_refused_and_nothing_is_written(site: Engine, tmp_path: Path) -> None:
    place = take(site, tmp_path / "backups", SECRET).place
    files = [*sorted(place.iterdir()), place.parent / purges.FILE]
    assert len(files) == len(kept_tables()) + 2
    for number, path in enumerate(files):
        whole = path.read_bytes()
        spoil(path, (0.0, 0.3, 0.6, 0.999)[number % 4])
        with pytest.raises(SourceError):
            check(place, SECRET)
        path.unlink()
        with pytest.raises(SourceError):
            check(place, SECRET)
        path.write_bytes(whole)
    check(place, SECRET)
    spoil(place / "service.jsonl.gz")
    settings = elsewhere(tmp_path)
    with pytest.raises(SourceError, match="part service is not as it was written"):
        restore(check(place, SECRET), settings, [])
    assert is_untouched(settings)


def test_who_can_write_to_the_folder_cannot_make_a_backup_of_their_own(site: Engine, tmp_path: Path) -> None:
    place = take(site, tmp_path / "backups", SECRET).place
    spoil(place / "person.jsonl.gz")
    part = folder.Part(1, hashlib.sha256((place / "person.jsonl.gz").read_bytes()).hexdigest())
    manifest = folder.msgspec.json.decode((place / folder.MANIFEST).read_bytes(), type=folder.Manifest)
    forged = replace(manifest, parts={**manifest.parts, "person": part})
    (place / folder.MANIFEST).write_bytes(folder.msgspec.json.encode(forged))
    with pytest.raises(SourceError, match="not as it was written"):
        check(place, SECRET)


def test_another_secret_another_version_and_a_place_that_is_not_empty_are_refused_with_what_to_do(
    site: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = take(site, tmp_path / "backups", SECRET).place
    with pytest.raises(SourceError, match="PORTAL_SECRET_KEY is not the one"):
        check(place, "another secret, which is as long as that")
    source = check(place, SECRET)
    settings = elsewhere(tmp_path)
    settings.instance.mkdir(parents=True)
    Path(settings.database_url.removeprefix("sqlite:///")).write_bytes(b"")
    with pytest.raises(SourceError, match="empty PORTAL_STATE"):
        restore(source, settings, [])
    settings = elsewhere(tmp_path, "indexed")
    settings.index.mkdir(parents=True)
    (settings.index / "CURRENT").write_text("1")
    with pytest.raises(SourceError, match="search index"):
        restore(source, settings, [])
    assert is_untouched(settings)
    monkeypatch.setattr(schema, "newest", lambda: "9999")
    with pytest.raises(SourceError, match=r"at 9999\. Restore it with the version that it was made with"):
        check(place, SECRET)
    with pytest.raises(SourceError, match="database upgrade"):
        take(site, tmp_path / "backups", SECRET)


def test_a_postgresql_database_with_tables_is_refused(site: Engine, postgresql: Engine, tmp_path: Path) -> None:
    source = check(take(site, tmp_path / "backups", SECRET).place, SECRET)
    address = postgresql.url.render_as_string(hide_password=False)
    with pytest.raises(SourceError, match="not empty"):
        restore(source, replace(elsewhere(tmp_path), database_url=address), [])


def test_a_database_with_a_table_of_somebody_else_is_not_half_backed_up(site: Engine, tmp_path: Path) -> None:
    with site.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id INTEGER)"))
    with pytest.raises(SourceError, match="somebody_elses"):
        take(site, tmp_path / "backups", SECRET)
    assert folder.list_backups(tmp_path / "backups") == []


def test_a_restore_that_fails_leaves_nothing(site: Engine, bare_postgresql: str, tmp_path: Path) -> None:
    source = check(take(site, tmp_path / "backups", SECRET).place, SECRET)

    def fail(_session: object) -> None:
        raise RuntimeError("power cut")

    settings = elsewhere(tmp_path)
    with pytest.raises(RuntimeError):
        restore(source, settings, [fail])
    assert is_untouched(settings)
    there = replace(settings, database_url=bare_postgresql)
    with pytest.raises(RuntimeError):
        restore(source, there, [fail])
    assert tables_in(bare_postgresql) == []


def tables_in(address: str) -> list[str]:
    with opened(address) as engine:
        return inspect(engine).get_table_names()


# Takes a backup of argv[2] into argv[3], or restores argv[3] into argv[2], and is killed at line argv[4].
VICTIM = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from portal.backup import folder, restoring, rows, taking
from portal.config import from_environment
from portal.db import open_engine

act, url, place, left = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
SECRET = sys.argv[5]
rows.AT_ONCE = 50

def counted(lines):
    global left
    for line in lines:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        yield line

real_lines, real_read = taking.lines_of, folder.read_part
taking.lines_of = lambda *given: counted(real_lines(*given))
folder.read_part = lambda *given: counted(real_read(*given))
if act == "take":
    taking.take(open_engine(url), place, SECRET)
else:
    settings = replace(from_environment({"PORTAL_STATE": str(Path(url.removeprefix("sqlite:///")).parents[1])}), database_url=url)
    restoring.restore(restoring.check(place, SECRET), settings, [])
"""


def killed(act: str, url: str, place: Path, at: int) -> None:
    done = subprocess.run([sys.executable, "-c", VICTIM, act, url, str(place), str(at), SECRET], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def test_a_killed_backup_is_none_and_the_next_one_clears_it_away(site: Engine, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    for at in (1, 1_500):
        killed("take", str(site.url), backups, at)
        assert folder.list_backups(backups) == []
    taken = take(site, backups, SECRET)
    assert folder.list_backups(backups) == [taken.place]
    assert not list(backups.glob(".*Z-*"))
    check(taken.place, SECRET)


def test_a_killed_restore_leaves_no_database_and_the_next_one_works(site: Engine, tmp_path: Path) -> None:
    taken = take(site, tmp_path / "backups", SECRET)
    settings = elsewhere(tmp_path)
    for at in (1, 1_500, taken.rows):
        killed("restore", settings.database_url, taken.place, at)
        assert not Path(settings.database_url.removeprefix("sqlite:///")).exists()
    other = restored(taken.place, settings)
    assert digests(take(other, tmp_path / "others", SECRET).place) == digests(taken.place)
    other.dispose()
    assert [path.name for path in settings.instance.iterdir()] == ["portal.sqlite3"]


def test_a_restore_that_is_killed_in_postgresql_leaves_no_table(site: Engine, bare_postgresql: str, tmp_path: Path) -> None:
    killed("restore", bare_postgresql, take(site, tmp_path / "backups", SECRET).place, 2_000)
    assert tables_in(bare_postgresql) == []


def test_what_lasts_minutes_and_the_sites_secret_are_in_no_backup(site: Engine, tmp_path: Path) -> None:
    with writing(site) as session:
        save_sitting(session, new_token(), Sitting(Answers()))
    place = take(site, tmp_path / "backups", SECRET).place
    assert not {path.name.partition(".")[0] for path in place.iterdir()} & LEFT_OUT
    every = b"".join(path.read_bytes() for path in (*place.iterdir(), place.parent / purges.FILE))
    assert SECRET.encode() not in every
    assert all(path.stat().st_mode & 0o077 == 0 for path in (place, place.parent)), "for nobody else to read"
    other = restored(place, elsewhere(tmp_path))
    with reading(other) as session:
        assert session.scalar(text("SELECT count(*) FROM sitting")) == 0
    other.dispose()


def test_older_backups_go_but_for_the_last_of_each_day(tmp_path: Path) -> None:
    def made(age: timedelta) -> str:
        name = f"{NOW - age:%Y%m%dT%H%M%SZ}-abc"
        (tmp_path / name).mkdir()
        return name

    hour, day = timedelta(hours=1), timedelta(days=1)
    stay = [made(age) for age in (hour, 2 * hour, 23 * hour, 2 * day, 34 * day)]
    go = [made(age) for age in (2 * day + hour, 34 * day + 3 * hour, 36 * day, 400 * day)]
    assert folder.prune(tmp_path) == len(go)
    assert [place.name for place in folder.list_backups(tmp_path)] == sorted(stay)
    shutil.rmtree(tmp_path / stay[0])
    with clock.stopped_at(NOW + 500 * day):
        folder.prune(tmp_path)
        assert [place.name for place in folder.list_backups(tmp_path)] == [stay[1]], "the newest stays, however old"


def test_the_commands_say_what_they_did_and_what_is_wrong(site: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def portal(*given: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, given)
        assert done.exit_code == code, done.output
        return done.output

    monkeypatch.setenv("PORTAL_SECRET_KEY", SECRET)
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(site.url))
    monkeypatch.setenv("PORTAL_STATE", str(tmp_path / "state"))
    assert "set PORTAL_BACKUPS" in portal("backup", code=1)
    monkeypatch.setenv("PORTAL_BACKUPS", str(tmp_path / "backups"))
    assert "rows. 0 older backups deleted." in portal("backup")
    assert "deletions are listed." in portal("backup", "--purges-only")
    [place] = folder.list_backups(tmp_path / "backups")
    assert "is whole, made at 2026-11-24 10:30 UTC." in portal("restore", "--check", str(place))
    monkeypatch.delenv("PORTAL_DATABASE_URL")
    assert "rows restored, 0 deletions done again." in portal("restore", str(place))
    assert "empty PORTAL_STATE" in portal("restore", str(place), code=1)
    engine = open_engine(f"sqlite:///{tmp_path / 'state' / 'instance' / 'portal.sqlite3'}")
    with reading(engine) as session:
        assert session.scalars(select(Person.email)).all() == ["amina@example.org"]
    engine.dispose()


def test_the_list_of_deletions_survives_a_kill_and_a_wrong_byte(site: Engine, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    with writing(site) as session:
        session.execute(text("DELETE FROM role_grant"))
    assert take_purges(site, backups, SECRET) == 1
    before = purges.load(backups / purges.FILE, SECRET).entries
    spoil(backups / purges.FILE)
    take_purges(site, backups, SECRET)
    assert purges.load(backups / purges.FILE, SECRET).entries == before, "the database still knows"
    assert len(list(backups.glob("purged.damaged-*"))) == 1


def test_a_backup_is_not_restored_without_the_list_unless_somebody_says_so(site: Engine, tmp_path: Path) -> None:
    place = take(site, tmp_path / "backups", SECRET).place
    whole = (place.parent / purges.FILE).read_bytes()
    with clock.stopped_at(NOW + timedelta(days=1)):
        later = take(site, place.parent, SECRET).place
    (place.parent / purges.FILE).write_bytes(whole)
    check(place, SECRET)
    with pytest.raises(SourceError, match="older than the backup"):
        check(later, SECRET)
    (place.parent / purges.FILE).unlink()
    with pytest.raises(SourceError, match="what people had deleted would come back"):
        check(place, SECRET)
    assert check(place, SECRET, without_purges=True).purged is None


def test_a_backup_that_is_too_old_to_know_what_was_deleted_since_is_refused(site: Engine, tmp_path: Path) -> None:
    place = take(site, tmp_path / "backups", SECRET).place
    with clock.stopped_at(NOW + timedelta(days=367)), pytest.raises(SourceError, match="older than 366 days"):
        check(place, SECRET)
