"""The pages of spreadsheets: listings as a file; a file sent in, whose column is which, what would change, and on to a reviewer."""

from __future__ import annotations

import uuid
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request, url_for
from flask_limiter import Limiter
from werkzeug.exceptions import RequestEntityTooLarge

from portal import clock
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.directory.records import list_records
from portal.editing.spreadsheet.columns import known_headings
from portal.editing.spreadsheet.export import as_csv, as_workbook
from portal.editing.spreadsheet.forms import ColumnsForm, SendForm, UploadForm, columns_form
from portal.editing.spreadsheet.looking import keep_look, look, looked
from portal.editing.spreadsheet.operations import Sending, choose, forget, keep, send
from portal.editing.spreadsheet.queries import Uploaded, get_organization_name, get_sent, get_table, get_upload
from portal.editing.spreadsheet.reading import no_file, read_table, too_large_file
from portal.editing.spreadsheet.room import SpreadsheetRoom
from portal.editing.spreadsheet.table import LARGEST_FILE, NotTaken, Table
from portal.errors import Conflict
from portal.i18n.request import page_language
from portal.typed import one_line
from portal.ui.caching import never, onward

UPLOADS: Final = "10 per minute; 100 per day"  # from one address
AROUND: Final = 64 * 1024  # bytes of a form beside its file
MOST_LISTENED_TO: Final = 64 * 1024 * 1024  # bytes of a body that is too large, so that the browser hears the answer
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STALE: Final = 409  # not as it was shown any more
LONGEST_FILE_NAME: Final = 100
LONG: Final = 300  # rows that take longer, looked at or sent, than people expect of a page


def install(app: Flask, of_language: str, room: SpreadsheetRoom, limiter: Limiter) -> None:
    """Serve these pages."""
    app.extensions["spreadsheet"] = room
    views = Blueprint("spreadsheet", __name__)
    of_organization = "/my-listings/<uuid:organization_id>"
    of_upload = f"{of_organization}/import/<uuid:upload_id>"
    views.add_url_rule(f"{of_organization}/listings.xlsx", "workbook", workbook)
    views.add_url_rule(f"{of_organization}/listings.csv", "text", text)
    views.add_url_rule(f"{of_organization}/import", "start", start)
    views.add_url_rule(f"{of_organization}/import", "take", limiter.limit(UPLOADS)(take), methods=["POST"])
    views.add_url_rule(f"{of_upload}/columns", "columns", columns, methods=["GET", "POST"])
    views.add_url_rule(of_upload, "check", check)
    views.add_url_rule(f"{of_upload}/send", "send_on", send_on, methods=["POST"])
    views.add_url_rule(f"{of_upload}/sent", "sent", sent)
    views.add_url_rule(f"{of_upload}/forget", "throw_away", throw_away, methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


@dataclass(frozen=True)
class Of:
    """Which upload of which organization an address is about."""

    organization_id: uuid.UUID
    upload_id: uuid.UUID

    @property
    def pair(self) -> tuple[uuid.UUID, uuid.UUID]:
        """As the acts take it."""
        return self.organization_id, self.upload_id

    def at(self, endpoint: str, page: int | None = None) -> str:
        """The address of another page of the same upload."""
        return url_for(f"spreadsheet.{endpoint}", organization_id=self.organization_id, upload_id=self.upload_id, page=page)


def spreadsheet_room() -> SpreadsheetRoom:
    """What `install` was given."""
    room: SpreadsheetRoom = current_app.extensions["spreadsheet"]
    return room


def workbook(organization_id: uuid.UUID) -> Response:
    """The organization's listings as an Excel workbook, which is the template too."""
    room = spreadsheet_room()
    with reading(room.engine) as session:
        get_organization_name(session, this_member(), organization_id)
        content = as_workbook(list_records(session, organization_id), room.words)
    return _file(content, XLSX, "xlsx")


def text(organization_id: uuid.UUID) -> Response:
    """The same as CSV."""
    room = spreadsheet_room()
    with reading(room.engine) as session:
        get_organization_name(session, this_member(), organization_id)
        content = as_csv(list_records(session, organization_id), room.words)
    return _file(content, "text/csv; charset=utf-8", "csv")


def start(organization_id: uuid.UUID) -> Response:
    """Where files are taken from, and sent in."""
    return _start_page(organization_id, UploadForm())


def take(organization_id: uuid.UUID) -> Response:
    """Read a file and keep what is in it, or say why not."""
    form = UploadForm()
    with reading(spreadsheet_room().engine) as session:
        get_organization_name(session, this_member(), organization_id)  # before anything is read
    try:
        name, table = _sent_table()
    except NotTaken as refused:
        form.refuse(refused.sentence)
        return _start_page(organization_id, form, 422)
    with writing(spreadsheet_room().engine) as session:
        upload_id = keep(session, this_member(), organization_id, name, table)
    of = Of(organization_id, upload_id)
    _look_through(of)
    return onward(of.at("check"))


def columns(organization_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """Whose column is which."""
    room, of = spreadsheet_room(), Of(organization_id, upload_id)
    with reading(room.engine) as session:
        uploaded = get_upload(session, this_member(), *of.pair)
        table = get_table(session, of.upload_id)
    if uploaded.proposal_id:
        return onward(of.at("sent"))
    if request.method == "GET":
        return _columns_page(of, uploaded, columns_form(table, uploaded.choices))
    form = columns_form(table, uploaded.choices, request.form)
    if not form.validate():
        return _columns_page(of, uploaded, form, 422)
    with writing(room.engine) as session:
        choose(session, this_member(), of.pair, form.choices())
    _look_through(of)
    return onward(of.at("check"))


def check(organization_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """What would change, row by row."""
    of = Of(organization_id, upload_id)
    with reading(spreadsheet_room().engine) as session:
        uploaded = get_upload(session, this_member(), *of.pair)
    if uploaded.proposal_id:
        return onward(of.at("sent"))
    if uploaded.choices is None:
        return onward(of.at("columns"))
    return _check_page(of, SendForm(), uploaded)


def send_on(organization_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """Send everything as one proposal, once; what is not as it was shown is shown again."""
    room, of, form = spreadsheet_room(), Of(organization_id, upload_id), SendForm(request.form)
    if not form.validate():
        return _check_page(of, form, status=422)
    sending = Sending(*of.pair, one_line(request.form.get("mark", ""), 64), form.note.data or "", page_language().code)
    try:
        with writing(room.engine) as session:
            send(session, this_member(), sending, room.words)
    except Conflict:
        _look_through(of)  # also where what it was compared with is not what the kept look holds for: words of ours have changed
        return _check_page(of, form, status=STALE)
    return onward(of.at("sent"))


def sent(organization_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """That it was sent, and what happens next."""
    with reading(spreadsheet_room().engine) as session:
        name = get_organization_name(session, this_member(), organization_id)
        what = get_sent(session, this_member(), organization_id, upload_id)
    return never(render_template("spreadsheet/sent.html", organization_id=organization_id, organization=name, what=what))


def throw_away(organization_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """Forget a file that was not sent."""
    with writing(spreadsheet_room().engine) as session:
        forget(session, this_member(), (organization_id, upload_id))
    return onward(url_for("spreadsheet.start", organization_id=organization_id))


def _look_through(of: Of) -> None:
    """Find out once what would change, and keep it. Nothing is held against other writers meanwhile."""
    room = spreadsheet_room()
    with reading(room.engine) as session:
        uploaded = get_upload(session, this_member(), *of.pair)
        found = look(session, uploaded, room.words, page_language().code) if uploaded.choices else None
    if found:
        with writing(room.engine) as session:
            keep_look(session, this_member(), of.pair, found)


def _sent_table() -> tuple[str, Table]:
    """The name of the file that was sent in, and its table. Raises `NotTaken`."""
    request.max_content_length = request.max_form_memory_size = LARGEST_FILE + AROUND  # the second bounds what is read of a file at once
    try:
        file = request.files.get("file")
    except RequestEntityTooLarge as error:
        _hear_out()
        raise too_large_file() from error
    if file is None:
        raise no_file()
    with closing(file):
        name, content = one_line(file.filename or "", LONGEST_FILE_NAME), file.stream.read(LARGEST_FILE + 1)
    if not name:
        raise no_file()
    return name, read_table(content, known_headings())


def _hear_out() -> None:
    """Let go by what is still on its way: a browser that is cut off shows its own error instead of our answer."""
    stream, heard = request.environ["wsgi.input"], 0
    while heard < MOST_LISTENED_TO and (part := stream.read(AROUND)):
        heard += len(part)


def _file(content: bytes, kind: str, ending: str) -> Response:
    response = never(make_response(content))
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="listings-{clock.today()}.{ending}"'
    return response


def _start_page(organization_id: uuid.UUID, form: UploadForm, status: int = 200) -> Response:
    with reading(spreadsheet_room().engine) as session:
        name = get_organization_name(session, this_member(), organization_id)
    return _page("start", status, form=form, organization_id=organization_id, organization=name)


def _columns_page(of: Of, uploaded: Uploaded, form: ColumnsForm, status: int = 200) -> Response:
    return _page("columns", status, form=form, of=of, uploaded=uploaded, is_long=len(form.table.rows) > LONG)


def _check_page(of: Of, form: SendForm, uploaded: Uploaded | None = None, status: int = 200) -> Response:
    room = spreadsheet_room()
    with reading(room.engine) as session:
        uploaded = uploaded or get_upload(session, this_member(), *of.pair)
        shown = looked(session, uploaded, request.args.get("page", ""), room.words, page_language().code)
    is_long = shown.summary.to_send > LONG
    return _page("check", status, form=form, of=of, uploaded=uploaded, shown=shown, is_stale=status == STALE, is_long=is_long)


def _page(name: str, status: int, **values: object) -> Response:
    response = never(render_template(f"spreadsheet/{name}.html", **values))
    response.status_code = status
    return response
