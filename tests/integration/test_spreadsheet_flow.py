"""A file goes out, is changed and comes back as one proposal: the pages, whose they are, and that nothing is written half-way."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import date
from typing import Any

import msgspec
import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.audiences import Level, Role
from portal.accounts.queries import member_of
from portal.db import reading, writing
from portal.directory.models import Organization, Service
from portal.directory.publishing import Target, publish
from portal.directory.records import get_record, list_records
from portal.editing.proposals.draft import Decision
from portal.editing.proposals.models import Proposal, ProposedService
from portal.editing.proposals.operations import approve
from portal.editing.spreadsheet import looking
from portal.editing.spreadsheet.columns import COLUMNS, known_headings
from portal.editing.spreadsheet.export import as_csv as as_csv_file
from portal.editing.spreadsheet.export import as_workbook
from portal.editing.spreadsheet.mapping import guess
from portal.editing.spreadsheet.models import LookedRow, Upload
from portal.editing.spreadsheet.plan import Choices
from portal.editing.spreadsheet.planning import EMPTY, cell_of, plan
from portal.editing.spreadsheet.reading import read_table
from portal.editing.spreadsheet.table import LARGEST_FILE, MOST_ROWS
from portal.history import Act

NAME = "Calderwick Carers' Centre"


def organization(app: Flask, name: str = NAME) -> uuid.UUID:
    with reading(app.extensions["spreadsheet"].engine) as session:
        return session.scalars(select(Organization.id).where(Organization.name == name)).one()


@pytest.fixture
def mine(app: Flask) -> uuid.UUID:
    return organization(app)


@pytest.fixture
def editor(app: Flask, mine: uuid.UUID) -> FlaskClient:
    return signed_in(app, make_person(app, "amina@example.org", organizations=[mine]))


def fetched(client: FlaskClient, of: uuid.UUID) -> list[list[str]]:
    response = client.get(f"/en/my-listings/{of}/listings.csv")
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def upload(client: FlaskClient, of: uuid.UUID, content: bytes, name: str = "listings.csv") -> Any:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    body = head.encode() + content + b"\r\n--x--\r\n"
    return client.post(f"/en/my-listings/{of}/import", data=body, content_type="multipart/form-data; boundary=x")


def to_check(client: FlaskClient, of: uuid.UUID, content: bytes, **chosen: str) -> str:
    """Sends a file in and takes the columns as guessed, but for those chosen; the address of the page that shows what would change."""
    response = upload(client, of, content)
    assert response.status_code == 303, re.findall(r"govuk-error-message.*", response.text)
    check = str(response.location)
    address = f"{check}/columns"
    page = client.get(address)
    form = dict.fromkeys(re.findall(r'<select[^>]* name="(column_\d+)"', page.text), "")
    for name in form:
        options = page.text.split(f'name="{name}"')[1].split("</select>")[0]
        form[name] = next(iter(re.findall(r'<option value="([^"]*)" selected', options)), "")
    response = client.post(address, data={**form, "empties": "keep", **chosen})
    assert (response.status_code, response.location) == (303, check), response.text
    return check


def press_send(client: FlaskClient, check: str, **more: str) -> Any:
    mark = re.search(r'name="mark" value="(\w+)"', client.get(check).text)
    return client.post(f"{check}/send", data={"mark": mark[1] if mark else "", **more})


def test_what_was_taken_and_not_changed_changes_nothing(editor: FlaskClient, mine: uuid.UUID) -> None:
    check = to_check(editor, mine, as_csv(fetched(editor, mine)))
    page = editor.get(check).text
    assert "There is nothing to send" in page
    assert "Send all" not in page


def test_a_changed_time_and_a_new_service_are_shown_field_by_field(editor: FlaskClient, mine: uuid.UUID) -> None:
    rows = fetched(editor, mine)
    cafe = next(row for row in rows if row[2] == "Carers' cafe")
    times, what, name = rows[0].index("Times"), rows[0].index("What it does"), rows[0].index("Name")
    cafe[times] = cafe[times].replace("Wednesday 10:30–12:30", "Wednesday 11am to 1pm")
    new = ["" for _ in rows[0]]
    new[name], new[what] = "Walking group", "We walk for an hour."
    page = editor.get(to_check(editor, mine, as_csv([*rows, new]))).text
    assert "1 service changes" in page
    assert "1 service is new" in page
    assert re.search(r"<del[^>]*>.*?was:.*?Place \d: Wednesday 10:30–12:30\s*</del>", page, re.DOTALL)
    assert re.search(r"<ins[^>]*>.*?now:.*?Place \d: Wednesday 11:00–13:00\s*</ins>", page, re.DOTALL)
    assert "Send all 2 for review" in page


def test_mistakes_name_the_row_and_the_column_and_nothing_can_be_sent(editor: FlaskClient, mine: uuid.UUID) -> None:
    rows = fetched(editor, mine)
    rows[2][rows[0].index("Times")] = "Tues 10 til late"
    rows[1][rows[0].index("E-mail")] = "not an address"
    check = to_check(editor, mine, as_csv(rows))
    page = editor.get(check).text
    assert "2 rows have mistakes" in page
    assert "Row 3" in page
    assert "We cannot read “Tues 10 til late”" in page
    assert "Send all" not in page
    assert press_send(editor, check).status_code == 409


def test_an_id_of_another_organization_is_refused_without_saying_whose_it_is(app: Flask, editor: FlaskClient, mine: uuid.UUID) -> None:
    with reading(app.extensions["spreadsheet"].engine) as session:
        theirs = session.scalars(select(Service).where(Service.organization_id != mine)).first()
    assert theirs is not None
    for said in (str(theirs.id), str(uuid.uuid4())):
        page = editor.get(to_check(editor, mine, f"Id,Name\n{said},Something else\n".encode())).text
        assert "We do not know this id here" in page
        assert theirs.name not in page


def test_nobody_elses_pages_open(app: Flask, editor: FlaskClient, mine: uuid.UUID) -> None:
    other = organization(app, "The Corn Exchange Players")
    check = to_check(editor, mine, b"Name,What it does\nWalk,We walk\n")
    stranger = signed_in(app, make_person(app, "s@example.org", organizations=[other]))
    colleague = signed_in(app, make_person(app, "c@example.org", organizations=[mine]))
    for path in ("listings.csv", "listings.xlsx", "import"):
        assert editor.get(f"/en/my-listings/{other}/{path}").status_code == 404
        assert editor.get(f"/en/my-listings/{uuid.uuid4()}/{path}").status_code == 404
    assert upload(editor, other, b"Name\nx\n").status_code == 404
    for somebody in (stranger, colleague):
        for path in ("", "/columns", "/sent"):
            assert somebody.get(check + path).status_code == 404
        for path in ("/send", "/forget", "/columns"):
            assert somebody.post(check + path).status_code == 404
    assert editor.get(check.replace(str(mine), str(other))).status_code == 404
    assert app.test_client().get(check).status_code == 303


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADMINISTRATOR])
def test_the_council_may_for_every_organization(app: Flask, mine: uuid.UUID, role: Role) -> None:
    council = signed_in(app, make_person(app, f"{role}@example.org", roles=[role]))
    assert council.get(f"/en/my-listings/{mine}/import").status_code == 200
    assert council.get(f"/en/my-listings/{mine}/listings.xlsx").status_code == 200


def test_an_adviser_may_not(app: Flask, mine: uuid.UUID) -> None:
    adviser = signed_in(app, make_person(app, "adviser@example.org", roles=[Role.ADVISER]))
    assert adviser.get(f"/en/my-listings/{mine}/import").status_code == 404


def test_all_is_sent_as_one_proposal_and_a_second_tap_finds_it(app: Flask, editor: FlaskClient, mine: uuid.UUID) -> None:
    check = to_check(
        editor,
        mine,
        b"Name;What it does;Tel\nWalking group;We walk for an hour.;01632960555\nKnitting;Wool and tea.;01632 960556\n",
    )
    mark = re.search(r'name="mark" value="(\w+)"', editor.get(check).text)
    assert mark
    for _ in range(2):
        response = editor.post(f"{check}/send", data={"mark": mark[1], "note": "From our list"})
        assert (response.status_code, response.location) == (303, f"{check}/sent")
    assert "2 services wait for a reviewer" in editor.get(f"{check}/sent").text
    with reading(app.extensions["spreadsheet"].engine) as session:
        proposal = session.scalars(select(Proposal)).one()
        assert (proposal.kind, proposal.state, proposal.organization_id) == ("import", "waiting", mine)
        assert len(session.scalars(select(ProposedService)).all()) == 2
        assert session.scalars(select(Upload)).one().rows == []
        assert not session.scalars(select(Service).where(Service.name == "Walking group")).all()


def test_what_changed_since_it_was_shown_is_shown_again(editor: FlaskClient, mine: uuid.UUID) -> None:
    check = to_check(editor, mine, b"Name,What it does\nWalking group,We walk.\n")
    response = editor.post(f"{check}/send", data={"mark": "0" * 32})
    assert response.status_code == 409
    assert "This is not what you saw before" in response.text


def test_columns_are_chosen_once_each_and_one_has_to_be_the_name(editor: FlaskClient, mine: uuid.UUID) -> None:
    check = upload(editor, mine, b"Group,Leader,Blurb\nWalk,Ann,We walk\n").location
    address = editor.get(check).location
    assert address == f"{check}/columns"
    page = editor.post(address, data={"column_0": "", "column_1": "", "column_2": "", "empties": "keep"})
    assert page.status_code == 422
    assert "Choose which column holds the name of the service." in page.text
    page = editor.post(address, data={"column_0": "name", "column_1": "name", "column_2": "description", "empties": "keep"})
    assert "Two columns are chosen for this" in page.text
    for wrong in ("no such column", "\x00", "9" * 20):
        assert editor.post(address, data={"column_0": wrong, "empties": wrong}).status_code == 422
    assert editor.post(address, data={"column_0": "name", "column_1": "", "column_2": "description", "empties": "keep"}).status_code == 303


def test_an_empty_cell_takes_away_only_where_somebody_said_so(editor: FlaskClient, mine: uuid.UUID) -> None:
    rows = fetched(editor, mine)
    phones = rows[0].index("Phone numbers")
    next(row for row in rows[1:] if row[phones])[phones] = ""
    assert "There is nothing to send" in editor.get(to_check(editor, mine, as_csv(rows))).text
    assert "1 service changes" in editor.get(to_check(editor, mine, as_csv(rows), empties="take")).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"Name,What it does\n", "There are no services in this file"),
        (b"%PDF-1.7 ...", "This is not a spreadsheet"),
        (b"Name\n" + b"a\n" * 2_001, "more than 2,000 rows"),
        (b"x" * (5 * 1024 * 1024 + 100_000), "larger than 5 MB"),
        (b"PK\x03\x04 not really", "This file is damaged"),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_form_is_there_again(
    editor: FlaskClient, mine: uuid.UUID, content: bytes, sentence: str
) -> None:
    page = upload(editor, mine, content)
    assert page.status_code == 422
    assert sentence in page.text
    assert 'type="file"' in page.text


def test_a_file_as_large_as_is_taken_is_taken(editor: FlaskClient, mine: uuid.UUID) -> None:
    rows = "".join(f"Walk {number},{'We walk along the river. ' * 70}\n" for number in range(MOST_ROWS))
    content = f"Name,What it does\n{rows}".encode()
    assert LARGEST_FILE * 0.6 < len(content) < LARGEST_FILE
    assert upload(editor, mine, content).status_code == 303


def test_without_a_file_one_is_asked_for(editor: FlaskClient, mine: uuid.UUID) -> None:
    for data in ({}, {"file": "words"}, {"file": (io.BytesIO(b""), "")}):
        page = editor.post(f"/en/my-listings/{mine}/import", data=data, content_type="multipart/form-data")
        assert page.status_code == 422
        assert "Choose a file first" in page.text


def test_only_here_a_body_may_be_large(editor: FlaskClient, mine: uuid.UUID) -> None:
    large = b"Name,What it does\n" + b"".join(b"Group %d,%s\n" % (number, b"word " * 400) for number in range(1_500))
    assert len(large) > 2 * 1024 * 1024
    assert upload(editor, mine, large).status_code == 303
    assert editor.post("/en/my-listings/" + str(mine) + f"/import/{uuid.uuid4()}/columns", data={"x": "y" * 70_000}).status_code in (
        404,
        413,
    )


def test_a_file_can_be_forgotten_and_a_new_one_takes_the_place_of_the_last(app: Flask, editor: FlaskClient, mine: uuid.UUID) -> None:
    first = to_check(editor, mine, b"Name,What it does\nWalk,We walk\n")
    second = to_check(editor, mine, b"Name,What it does\nWalk,We walk slowly\n")
    assert editor.get(first).status_code == 404
    assert editor.post(f"{second}/forget").status_code == 303
    assert editor.get(second).status_code == 404
    with reading(app.extensions["spreadsheet"].engine) as session:
        assert not session.scalars(select(Upload)).all()


def kept_look(app: Flask) -> tuple[Any, int]:
    with reading(app.extensions["spreadsheet"].engine) as session:
        return session.scalars(select(Upload.look)).one(), len(session.scalars(select(LookedRow)).all())


def test_what_would_change_is_found_out_when_it_is_sent_in_and_then_only_read(
    app: Flask, editor: FlaskClient, mine: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = to_check(editor, mine, b"Name,What it does\nWalking group,We walk.\nRun & rest,\n")
    first = editor.get(check).text
    assert "Run &amp; rest" in first
    summary, rows = kept_look(app)
    assert (summary["counts"], rows) == ({"new": 1, "changed": 0, "same": 0, "wrong": 1}, 2)
    with monkeypatch.context() as only_reading:
        only_reading.setattr(looking, "plan_of", pytest.fail)
        assert "Run &amp; rest" in editor.get(check).text
    assert editor.get(check.replace("/en/", "/ur/")).status_code == 200, "in another language it is found out anew"


def test_what_was_kept_of_a_file_does_not_outlive_what_it_was_found_out_for(app: Flask, editor: FlaskClient, mine: uuid.UUID) -> None:
    rows = [row[2:] for row in fetched(editor, mine)]
    rows[1][rows[0].index("What it does")] += " And tea."
    check = to_check(editor, mine, as_csv(rows))
    assert "1 service changes" in editor.get(check).text
    press_send(editor, check)
    assert kept_look(app) == (None, 0), "once it was sent, the proposal has everything"
    check = to_check(editor, mine, as_csv(rows))
    with writing(app.extensions["spreadsheet"].engine) as session:
        proposal = session.scalars(select(Proposal)).one()
        reviewer = member_of(make_person(session, "r@example.org", roles=[Role.REVIEWER]), Level.PASSKEY, "token")
        approve(session, reviewer, proposal.id, proposal.lock, Decision())
    assert "There is nothing to send" in editor.get(check).text, "it is live meanwhile"


def test_where_our_own_words_changed_meanwhile_the_new_look_can_be_sent(app: Flask, editor: FlaskClient, mine: uuid.UUID) -> None:
    """The mark that was kept is of before; what is shown after the refusal is of now."""
    check = to_check(editor, mine, b"Name,What it does\nWalking group,We walk.\n")
    with writing(app.extensions["spreadsheet"].engine) as session:
        sent_in = session.scalars(select(Upload)).one()
        sent_in.look = {**(sent_in.look or {}), "mark": "0" * 32}
    assert press_send(editor, check).status_code == 409
    assert press_send(editor, check).status_code == 303


def test_other_pages_of_what_changes(editor: FlaskClient, mine: uuid.UUID) -> None:
    many = "Name,What it does\n" + "".join(f"Group {number},We meet.\n" for number in range(25))
    check = to_check(editor, mine, many.encode())
    assert "Page 1 of 3" in editor.get(check).text
    assert "Group 24" in editor.get(f"{check}?page=3").text
    for odd in ("0", "-1", "99999999999999999999", "x", "\x00", "2.5"):
        assert editor.get(check, query_string={"page": odd}).status_code == 200


def test_a_file_of_ours_needs_no_word_on_its_columns_and_an_emptied_cell_is_meant(editor: FlaskClient, mine: uuid.UUID) -> None:
    rows = fetched(editor, mine)
    next(row for row in rows[1:] if row[rows[0].index("Phone numbers")])[rows[0].index("Phone numbers")] = ""
    page = editor.get(upload(editor, mine, as_csv(rows)).location).text
    assert "1 service changes" in page
    assert "An empty cell takes away what the listing says." in page


def test_every_organization_gets_back_what_it_took(app: Flask) -> None:
    room = app.extensions["spreadsheet"]
    with reading(room.engine) as session:
        for organization_id in session.scalars(select(Organization.id)).all():
            services = list_records(session, organization_id)
            for make in (as_csv_file, as_workbook) if services else ():
                table = read_table(make(services, room.words), known_headings())
                made = plan(table, Choices(guess(table.headings), empties=True), services, room.words)
                assert made.count("same") == len(services), (organization_id, [row for row in made.rows if row.fate != "same"])


def test_what_we_write_of_a_listing_can_be_read_from_nothing(app: Flask) -> None:
    """Whoever starts from a listing of somebody else's finds every cell understood."""
    room = app.extensions["spreadsheet"]
    with reading(room.engine) as session:
        records = [each.record for key in session.scalars(select(Organization.id)).all() for each in list_records(session, key)]
    for record in records:
        told = EMPTY
        for column in COLUMNS:
            if said := cell_of(column, record, room.words):
                told = column.read(said, told, room.words)


def test_what_was_published_after_the_file_was_taken_is_not_undone_by_it(app: Flask, editor: FlaskClient, mine: uuid.UUID) -> None:
    rows = fetched(editor, mine)
    email, what = rows[0].index("E-mail"), rows[0].index("What it does")
    engine = app.extensions["spreadsheet"].engine
    with writing(engine) as session:
        taken = get_record(session, uuid.UUID(rows[1][0]))
        changed = msgspec.structs.replace(taken.record, email="published@example.org")
        publish(session, Target(mine, taken.service_id), changed, Act("published", "test"))
    assert "There is nothing to send" in editor.get(upload(editor, mine, as_csv(rows)).location).text
    rows[1][what] += " Ask for Ann."
    page = editor.get(upload(editor, mine, as_csv(rows)).location).text
    assert "Ask for Ann." in page
    assert "published@example.org" not in page
    rows[1][email] = "file@example.org"
    page = editor.get(upload(editor, mine, as_csv(rows)).location).text
    assert "published@example.org" in page
    assert "Somebody changed this after you took the file" in page


CANARIES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "javascript:alert(1)",
    "%(num)s",
    "</textarea><b>",
    "\u202eevil",
    "=1+1",
]


def test_what_is_in_a_file_is_only_ever_text(editor: Any, mine: uuid.UUID) -> None:
    for canary in CANARIES:
        rows = [["Name", "What it does", canary, "Times", "Ages", "Helps with"], [canary] * 6]
        editor._typed.append(canary)  # the contract looks for it in every page, unescaped
        check = to_check(editor, mine, as_csv(rows))
        for page in (check, f"{check}/columns"):
            text = editor.get(page).text
            assert "<script>alert" not in text
            assert "<img src=x" not in text
            assert "\u202e" not in text


def test_what_a_reviewer_approves_is_live_as_the_file_says(app: Flask, editor: FlaskClient, mine: uuid.UUID) -> None:
    rows = [
        ["Name", "What it does", "Times", "Places", "Tel", "Prices", "Languages", "Ages"],
        [
            "Walking group",
            "We walk for an hour.",
            "Tuesday 10am-12 every 2 weeks from 24/11/2026",
            "Station Hall, 5 Station Road, Calderwick ZZ2 1AB",
            "1632960555",
            "£2.50 | A walk",
            "Turkish",
            "18+",
        ],
    ]
    check = to_check(editor, mine, as_csv(rows))
    assert press_send(editor, check).status_code == 303
    engine = app.extensions["spreadsheet"].engine
    with writing(engine) as session:
        reviewer = member_of(make_person(session, "r@example.org", roles=[Role.REVIEWER]), Level.PASSKEY, "token")
        proposal = session.scalars(select(Proposal)).one()
        approve(session, reviewer, proposal.id, proposal.lock, Decision())
    with reading(engine) as session:
        service = session.scalars(select(Service.id).where(Service.name == "Walking group")).one()
        record = get_record(session, service).record
    assert record.venues[0].sessions[0].start == date(2026, 11, 24)
    assert (record.venues[0].postcode, record.phones[0].number, record.costs[0].amount) == ("ZZ2 1AB", "01632 960555", 2.5)
    assert (record.languages[0].code, record.minimum_age) == ("tr", 18)
    assert "is looked through, and what was approved is live" in editor.get(f"{check}/sent").text
