"""An import happens whole or not at all: stopped at each step, killed from outside, pressed twice at once; and files that are too large."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from accounts import make_person
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from portal import clock, history
from portal.accounts.audiences import Level, Member
from portal.accounts.queries import member_of
from portal.db import reading, writing
from portal.directory.models import Organization, Service
from portal.directory.records import list_records
from portal.editing.proposals.models import Proposal, ProposedService
from portal.editing.spreadsheet import operations
from portal.editing.spreadsheet.columns import known_headings
from portal.editing.spreadsheet.looking import mark_of, plan_of
from portal.editing.spreadsheet.models import Upload
from portal.editing.spreadsheet.operations import Sending
from portal.editing.spreadsheet.plan import Choices
from portal.editing.spreadsheet.queries import get_upload
from portal.editing.spreadsheet.reading import read_table
from portal.editing.spreadsheet.words import STATES, WAYS, Words
from portal.editing.spreadsheet.words import Choices as Listed
from portal.errors import Conflict, NotFound

NONE = Listed({}, {})
WORDS = Words(NONE, NONE, Listed(WAYS, {}), Listed(STATES, {}), {})
ORGANIZATION = uuid.UUID(int=7)
ROWS = 20


class Stop(Exception):
    """Something fails."""


def filled(engine: Engine) -> Member:
    """An organization with services, and an editor of it."""
    with writing(engine) as session:
        session.add(Organization(id=ORGANIZATION, name="Walkers", description=""))
        session.flush()
        for number in range(5):
            session.add(
                Service(id=uuid.uuid5(ORGANIZATION, str(number)), organization_id=ORGANIZATION, name=f"Walk {number}", status="active")
            )
        return member_of(make_person(session, "a@example.org", organizations=[ORGANIZATION]), Level.PASSKEY, "token")


def uploaded(engine: Engine, member: Member) -> Sending:
    """An upload that is ready to be sent."""
    text = "Name,What it does\n" + "".join(f"Walk {number},We walk {number} miles.\n" for number in range(ROWS))
    with writing(engine) as session:
        upload_id = operations.keep(session, member, ORGANIZATION, "walks.csv", read_table(text.encode(), known_headings()))
        operations.choose(session, member, (ORGANIZATION, upload_id), Choices(("name", "description")))
    with reading(engine) as session:
        made = plan_of(session, get_upload(session, member, ORGANIZATION, upload_id), WORDS)
    assert len(made.to_send) == ROWS
    return Sending(ORGANIZATION, upload_id, mark_of(made))


def counted(session: Session) -> tuple[int, ...]:
    tables = (Proposal, ProposedService, history.HistoryLine)
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_stopped_at_any_statement_it_leaves_nothing_and_can_be_sent_again(database: Engine) -> None:
    member = filled(database)
    sending = uploaded(database, member)
    with reading(database) as session:
        before = counted(session)
    total = _statements(database, lambda: None, lambda: _roll_back(database, member, sending))
    assert total >= 10
    for tenth in range(10):
        at = max(total * (tenth + 1) // 10, 1)
        with pytest.raises(Stop):
            _statements(database, _stop_at(at), lambda: _send(database, member, sending))
        with reading(database) as session:
            assert counted(session) == before, f"stopped at statement {at} of {total}"
            assert session.get_one(Upload, sending.upload_id).proposal_id is None
    _send(database, member, sending)
    with reading(database) as session:
        assert counted(session)[:2] == (1, ROWS)


def _stop_at(number: int) -> Callable[[], None]:
    left = number

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Stop

    return step


def _statements(engine: Engine, step: Callable[[], None], act: Callable[[], object]) -> int:
    """How many statements an act makes; `step` is called before each."""
    count = 0

    def before(*_arguments: object) -> None:
        nonlocal count
        count += 1
        step()

    event.listen(engine, "before_cursor_execute", before)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", before)
    return count


def _send(engine: Engine, member: Member, sending: Sending) -> None:
    with writing(engine) as session:
        operations.send(session, member, sending, WORDS)


def _roll_back(engine: Engine, member: Member, sending: Sending) -> None:
    with suppress(Stop), writing(engine) as session:
        operations.send(session, member, sending, WORDS)
        raise Stop


KILLED = """
    import os, sys, uuid
    sys.path[:0] = {paths!r}
    from sqlalchemy import event
    import test_spreadsheet_killed as it
    from portal.db import open_engine
    from portal.accounts.queries import get_person, member_of
    engine = open_engine({url!r})
    with it.reading(engine) as session:
        member = member_of(get_person(session, uuid.UUID({person!r})), it.Level.PASSKEY, "token")
    left = {at}
    def before(*_arguments):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
    event.listen(engine, "before_cursor_execute", before)
    it._send(engine, member, it.Sending(it.ORGANIZATION, uuid.UUID({upload!r}), {mark!r}))
"""


@pytest.mark.parametrize("at", [3, 6, 9])
def test_killed_from_outside_it_leaves_nothing_and_can_be_sent_again(database: Engine, at: int) -> None:
    member = filled(database)
    sending = uploaded(database, member)
    with reading(database) as session:
        before = counted(session)
    here = Path(__file__).parent
    values = {"url": str(database.url), "person": str(member.id), "upload": str(sending.upload_id), "mark": sending.mark, "at": at}
    script = textwrap.dedent(KILLED).format(paths=[str(here), str(here.parent), str(here.parent.parent)], **values)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env={**os.environ}, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with reading(database) as session:
        assert counted(session) == before
        assert session.get_one(Upload, sending.upload_id).proposal_id is None
    _send(database, member, sending)
    with reading(database) as session:
        assert counted(session)[:2] == (1, ROWS)


@pytest.fixture(params=["database", "postgresql"])
def either(request: pytest.FixtureRequest) -> Engine:
    """A database of each kind."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


def test_pressed_twice_at_once_it_is_one_proposal(either: Engine) -> None:
    member = filled(either)
    sending = uploaded(either, member)
    ready, found = threading.Barrier(4), []

    def press() -> None:
        ready.wait()
        with writing(either) as session:
            found.append(operations.send(session, member, sending, WORDS))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    with reading(either) as session:
        assert counted(session)[:2] == (1, ROWS)


def test_what_was_published_since_it_was_shown_is_not_sent_over_unseen(database: Engine) -> None:
    member = filled(database)
    sending = uploaded(database, member)
    with writing(database) as session:
        session.get_one(Service, uuid.uuid5(ORGANIZATION, "1")).email = "new@example.org"
    with pytest.raises(Conflict):
        _send(database, member, sending)
    with pytest.raises(NotFound):
        _send(database, replace(member, id=uuid.uuid4()), sending)
    with pytest.raises(NotFound):
        _send(database, replace(member, organizations=frozenset()), sending)


def test_services_that_the_file_does_not_speak_of_stay(database: Engine) -> None:
    member = filled(database)
    sending = uploaded(database, member)
    with writing(database) as session:
        session.add(Service(id=uuid.uuid4(), organization_id=ORGANIZATION, name="Swimming", status="active"))
    _send(database, member, sending)
    with reading(database) as session:
        named = {row.name for row in session.scalars(select(ProposedService))}
        assert "Swimming" not in named
        assert len(list_records(session, ORGANIZATION)) == 6


def test_what_was_sent_in_is_forgotten_after_a_week(database: Engine) -> None:
    member = filled(database)
    uploaded(database, member)
    for days, left in ((6, 1), (8, 0)):
        with clock.stopped_at(clock.now() + timedelta(days=days)), writing(database) as session:
            operations.purge(session)
            assert session.scalar(select(func.count()).select_from(Upload)) == left


MEASURED = """
    import io, resource, sys, tracemalloc, zipfile
    sys.path[:0] = {paths!r}
    from portal.editing.spreadsheet.reading import read_table
    from portal.editing.spreadsheet.table import NotTaken
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>Walk</t></is></c></row>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for number in range(1, 400_001):
                sheet.write(row % (number, number))
            sheet.write(b"</sheetData></worksheet>")
    files = {{"XLSX": made.getvalue(), "CSV": b"Name,N\\n" + b"Walk,12\\n" * 400_000}}
    assert all(len(content) < 5 * 1024 * 1024 for content in files.values()), [len(content) for content in files.values()]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, content in files.items():
        try:
            read_table(content, frozenset({{"name"}}))
            print(name, "was taken")
        except NotTaken as error:
            print(name, error)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_400_000_rows_are_refused_politely_and_in_little_memory() -> None:
    here = Path(__file__).parent
    script = textwrap.dedent(MEASURED).format(paths=[str(here.parent.parent)])
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    of_xlsx, of_csv, megabytes = done.stdout.splitlines()
    assert of_xlsx.startswith("XLSX This file has more than 2,000 rows"), done.stdout
    assert of_csv.startswith("CSV This file has more than 2,000 rows"), done.stdout
    assert int(megabytes) < 120, f"{megabytes} MB"
