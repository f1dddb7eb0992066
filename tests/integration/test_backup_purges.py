"""What was deleted on purpose stays deleted when an older backup is restored, in both databases; all that lives comes back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from accounts import make_person
from postgresql import Server
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Role
from portal.accounts.models import Grant, Membership, Person
from portal.accounts.people.closing.operations import close
from portal.accounts.signing.models import CodeApp, Passkey
from portal.assessment.answers import Answers
from portal.backup.models import LASTS, LETTERS_LAST, WHAT, Purged, forget_purges
from portal.backup.restoring import Ending, check, restore
from portal.backup.taking import take, take_purges
from portal.config import Settings, from_environment
from portal.db import Base, open_engine, reading, writing
from portal.directory.models import Organization, Service
from portal.directory.reporting import Wrong, report_problem
from portal.directory.reports import ListingReport
from portal.editing.claiming.models import Claim
from portal.editing.freshness.models import Mobile
from portal.editing.spreadsheet.models import Upload
from portal.editing.spreadsheet.operations import purge as purge_uploads
from portal.history import Act
from portal.mail import Message, Outgoing, deliver, post
from portal.mail.carriers import Carriers, FolderCarrier
from portal.pack import Line, Pack
from portal.sealing import Key, key_of_code, new_token
from portal.sharing.asking import operations as requests
from portal.sharing.asking.draft import Draft
from portal.sharing.asking.models import ContactRequest, State
from portal.sharing.asking.recipients import Recipient
from portal.sharing.asking.room import Sender
from portal.sharing.asking.shared import Reach, Shared
from portal.sharing.plans.kept import Kept, delete_kept, find_kept, new_code, purge_kept, save_kept

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SECRET = "a site's own secret, long enough for it"  # noqa: S105 - of a test
LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en",), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", SECRET)


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind."""
    found: Engine = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    return found


@pytest.fixture
def restored(engine: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Restores a backup into an empty database of the same kind."""
    made: list[Engine] = []
    with_server = None
    if engine.dialect.name != "sqlite":
        server: Server = request.getfixturevalue("postgresql_server")
        with_server = server.database()

    def from_backup(place: Path, endings: list[Ending] | None = None) -> Engine:
        settings = elsewhere(tmp_path, with_server.__enter__() if with_server else "")
        restore(check(place, SECRET), settings, endings or [])
        made.append(open_engine(settings.database_url))
        return made[-1]

    yield from_backup
    for other in made:
        other.dispose()
    if with_server and made:
        with_server.__exit__(None, None, None)


def elsewhere(tmp_path: Path, address: str) -> Settings:
    state = tmp_path / "elsewhere"
    own = address or f"sqlite:///{state / 'instance' / 'portal.sqlite3'}"
    return replace(from_environment({}), instance=state / "instance", index=state / "index", database_url=own, secret_key=SECRET)


class Site:
    """A site with two of everything that somebody can have deleted: `gone` is deleted after the backup, `stays` is not."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.plans = {which: key_of_code(new_code(), SECRET) for which in ("gone", "stays")}
        with writing(engine) as session:
            organization = Organization(id=uuid.uuid4(), name="Steady Club", email="club@example.org")
            session.add(organization)
            session.flush()
            service = Service(id=uuid.uuid4(), organization_id=organization.id, name="Steady Steps", status="active")
            session.add(service)
            session.flush()
            self.organization, self.service = organization.id, service.id
        self.people = {which: self._person(which) for which in self.plans}
        self.requests = {which: self._put(which, self.people[which]) for which in self.plans}

    def _person(self, which: str) -> uuid.UUID:
        return make_person(self.engine, f"{which}@example.org", roles=[Role.REVIEWER, Role.ADVISER], organizations=[self.organization]).id

    def _put(self, which: str, person: uuid.UUID) -> uuid.UUID:
        with writing(self.engine) as session:
            save_kept(session, self.plans[which], Kept(Answers(), NOW + timedelta(days=90)))
            session.add_all(
                [
                    Passkey(person_id=person, credential_id=which.encode(), public_key=b"k", sign_count=0, name=which, added_at=NOW),
                    CodeApp(person_id=person, sealed=b"s"),
                    Mobile(person_id=person, sealed=b"s"),
                    Claim(organization_id=self.organization, state="declined", sealed=which.encode(), claimed_at=NOW, decided_at=NOW),
                    Upload(
                        organization_id=self.organization, person_id=person, file_name=which, read_as="csv", sheet="", headings=[], rows=[],
                        look=None, uploaded_at=NOW,
                    ),
                ]
            )  # fmt: skip
            report_problem(session, SECRET, self.service, Wrong("other", which, "somebody@example.com"))
            shared = Shared(Reach(which, "07700 900123", "amina@example.com", "en"), which)
            draft = Draft((Recipient(self.organization, "Steady Club", "club@example.org", ()),), shared, date(2026, 12, 24))
            [request] = requests.ask(session, SENDER, draft, new_token())
        return request


def count(engine: Engine, name: str) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) or 0


def delete_everything_that_goes(site: Site) -> None:
    """As people and time do it."""
    person = site.people["gone"]
    with writing(site.engine) as session:
        delete_kept(session, site.plans["gone"])
        requests.withdraw(session, SENDER, site.requests["gone"])
        for table in (Claim, ListingReport, Upload):
            column = {Claim: Claim.sealed, ListingReport: ListingReport.message, Upload: Upload.file_name}[table]
            gone = b"gone" if table is Claim else "gone"
            session.execute(delete(table).where(column == gone))
        session.execute(delete(Mobile).where(Mobile.person_id == person))
        close(session, person, Act("closed", "test"))
    with writing(site.engine) as session:  # somebody who stays, and is trusted with less
        session.execute(delete(Grant).where(Grant.person_id == site.people["stays"], Grant.role == Role.REVIEWER.value))


def test_each_table_of_the_list_has_its_trigger(engine: Engine) -> None:
    site = Site(engine)
    with writing(engine) as session:
        for name in WHAT:
            session.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - names of ours
    with reading(engine) as session:
        found = dict(session.execute(select(Purged.what, func.count()).group_by(Purged.what)).all())
    assert found == {**dict.fromkeys(WHAT, 2), "role_grant": 4}
    assert site.people


def test_what_was_deleted_after_the_backup_stays_deleted(engine: Engine, restored: Callable[..., Engine], tmp_path: Path) -> None:
    site = Site(engine)
    before = {name: count(engine, name) for name in WHAT}
    place = take(engine, tmp_path / "backups", SECRET).place
    delete_everything_that_goes(site)
    assert take_purges(engine, tmp_path / "backups", SECRET) > 10
    other = restored(place)
    with reading(other) as session:
        gone, stays = (session.get_one(Person, site.people[which]) for which in ("gone", "stays"))
        assert (gone.email, gone.name, gone.left_at) == (None, "", NOW)
        assert stays.email == "stays@example.org"
        roles = [(row.person_id, row.role) for row in session.execute(select(Grant.person_id, Grant.role))]
        assert roles == [(stays.id, Role.ADVISER.value)]
        assert session.scalars(select(Membership.person_id)).all() == [stays.id]
        assert session.scalars(select(Passkey.name)).all() == ["stays"]
        assert session.scalars(select(Mobile.person_id)).all() == [stays.id]
        assert session.scalars(select(CodeApp.person_id)).all() == [stays.id]
        assert session.scalars(select(Claim.sealed)).all() == [b"stays"]
        assert session.scalars(select(Upload.file_name)).all() == ["stays"]
        assert session.scalars(select(ListingReport.message)).all() == ["stays"]
        assert find_kept(session, site.plans["gone"]) is None
        assert find_kept(session, site.plans["stays"]) is not None
        withdrawn = session.get_one(ContactRequest, site.requests["gone"])
        assert (withdrawn.state, withdrawn.sealed, withdrawn.reply, withdrawn.locality) == (State.WITHDRAWN, b"", b"", b"")
        assert session.get_one(ContactRequest, site.requests["stays"]).sealed != b""
    assert before["kept_plan"] == 2, "both were there when the backup was made"


def test_what_was_deleted_before_the_backup_is_not_deleted_twice(engine: Engine, restored: Callable[..., Engine], tmp_path: Path) -> None:
    """A role that was taken and given again before the backup is there after it."""
    site = Site(engine)
    person = site.people["stays"]
    with writing(engine) as session:
        session.execute(delete(Grant).where(Grant.person_id == person))
    with writing(engine) as session:
        session.add(Grant(person_id=person, role=Role.REVIEWER.value, invited_by="test", invited_at=NOW, accepted_at=NOW))
    other = restored(take(engine, tmp_path / "backups", SECRET).place)
    with reading(other) as session:
        assert session.scalars(select(Grant.role).where(Grant.person_id == person)).all() == [Role.REVIEWER.value]


def test_a_site_that_was_restored_goes_on_to_know_what_was_deleted(engine: Engine, restored: Callable[..., Engine], tmp_path: Path) -> None:
    site = Site(engine)
    place = take(engine, tmp_path / "backups", SECRET).place
    delete_everything_that_goes(site)
    take_purges(engine, tmp_path / "backups", SECRET)
    other = restored(place)
    (tmp_path / "backups" / "purged.json").unlink()
    take_purges(other, tmp_path / "backups", SECRET)
    with reading(engine) as one, reading(other) as two:
        known = [{(row.what, row.key) for row in session.execute(select(Purged.what, Purged.key))} for session in (one, two)]
    assert known[0] <= known[1]


def test_what_has_ended_since_is_deleted_before_anybody_can_read_it(
    engine: Engine, restored: Callable[..., Engine], tmp_path: Path
) -> None:
    site = Site(engine)
    with writing(engine) as session:
        save_kept(session, Key("short", b"k" * 32), Kept(Answers(), NOW + timedelta(days=1)))
    place = take(engine, tmp_path / "backups", SECRET).place
    with clock.stopped_at(NOW + timedelta(days=40)):
        other = restored(place, [purge_kept, purge_uploads, lambda session: requests.purge(session, SENDER)])
    assert (count(other, "kept_plan"), count(other, "upload")) == (2, 0)
    with reading(other) as session:
        assert {request.sealed for request in session.scalars(select(ContactRequest))} == {b""}
    assert site.requests


def test_a_letter_that_was_sent_after_the_backup_is_not_sent_again(engine: Engine, restored: Callable[..., Engine], tmp_path: Path) -> None:
    with writing(engine) as session:
        post(session, SECRET, Message("email", "amina@example.com", "Your plan", "Here it is."))
    place = take(engine, tmp_path / "backups", SECRET).place
    carrier = FolderCarrier(tmp_path / "outbox", "portal@example.org")
    assert deliver(engine, SECRET, Carriers(carrier, carrier)) == 1
    take_purges(engine, tmp_path / "backups", SECRET)
    other = restored(place)
    assert count(other, Outgoing.__tablename__) == 0
    assert deliver(other, SECRET, Carriers(carrier, carrier)) == 0


def test_the_list_goes_when_no_backup_can_be_as_old(session: Session) -> None:
    ages = {"kept_plan": LASTS - timedelta(hours=1), "person": LASTS, "outgoing": LETTERS_LAST, "passkey": timedelta(0)}
    session.add_all(Purged(what=what, key=what, purged_at=NOW - age) for what, age in ages.items())
    session.flush()
    forget_purges(session)
    assert set(session.scalars(select(Purged.what))) == {"kept_plan", "passkey"}
