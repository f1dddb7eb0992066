"""Bodies far too large are sent: forms of megabytes and without end, compressed ones, a spreadsheet of 400,000 rows and one that swells.

Must hold: each is refused in words (400 and more, below 500) or cut off within 60 seconds; a worker needs no more than 150 MB more for all
of them; urgent help is answered meanwhile, and nobody else sees an error.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from accounts import make_person
from faults.crowd import URGENT, crowd
from faults.sockets import connect
from faults.states import settings_of
from faults.trial import Trial
from serving import Served, serving
from sqlalchemy import select

from portal.accounts.audiences import Level
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.config import Settings
from portal.db import opened, writing
from portal.directory.models import Organization

MORE = 150.0  # MB
PATIENCE = 60.0  # seconds
ROWS = 400_000
ENDLESS = 200 * 1024 * 1024  # bytes of a body in chunks, where nobody stops it


def run(trial: Trial) -> None:
    """Each in turn, while people use the site."""
    state = trial.small()
    token, address = _editor(settings_of(state))
    with serving(state, workers=2) as site, crowd(site) as people, httpx.Client(base_url=site.url, timeout=PATIENCE) as client:
        client.get("/en/search?q=falls")
        before = _largest(site)
        for name, status in _sent(site, client, {"Cookie": f"{Cookie.SIGN_IN}={token}", "Sec-Fetch-Site": "same-origin"}, address):
            trial.held(400 <= status < 500 or status == 0, f"{name}: {status or 'cut off'}")
        more = _largest(site) - before
        trial.held(more <= MORE, f"the largest worker has {more:.0f} MB more")
        trial.held(site.get(URGENT).status == 200, "urgent help is answered")
        trial.held(not people.failed(), f"others saw no error: {dict(people.statuses())}")
        trial.held("Traceback" not in site.log.read_text("utf-8", "replace"), "the log has no traceback")


def _sent(site: Served, client: httpx.Client, editor: dict[str, str], address: str) -> Iterator[tuple[str, int]]:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    yield "a form of 10 MB", _status(client, "/en/list/note", b"note=" + b"a" * 10_000_000, form)
    yield "a form of 10,000 fields", _status(client, "/en/list/note", "&".join(f"a{number}=b" for number in range(10_000)).encode(), form)
    yield (
        "a form compressed from 100 MB",
        _status(client, "/en/list/note", gzip.compress(b"note=" + b"a" * 100_000_000), {**form, "Content-Encoding": "gzip"}),
    )
    yield "a form in chunks without end", _endless(site)
    for name, content in {"rows.csv": _rows(), "swelling.xlsx": _swelling(), "many.xlsx": _many_parts()}.items():
        answer = _upload(client, address, editor, name, content)
        yield f"{name}, {len(content) / 1e6:.1f} MB", answer


def _status(client: httpx.Client, address: str, content: bytes, headers: dict[str, str]) -> int:
    with suppress(httpx.HTTPError):
        return client.post(address, content=content, headers=headers).status_code
    return 0


def _upload(client: httpx.Client, address: str, editor: dict[str, str], name: str, content: bytes) -> int:
    with suppress(httpx.HTTPError):
        return client.post(address, files={"file": (name, content)}, headers=editor).status_code
    return 0


def _endless(site: Served) -> int:
    """The status; 0 where the server closed the connection; 200 where it took all."""
    sent = 0
    head = f"POST /en/list/note HTTP/1.1\r\nHost: {urlsplit(site.url).netloc}\r\nTransfer-Encoding: chunked\r\n"
    with connect(site, PATIENCE) as connection:
        try:
            connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
            while sent < ENDLESS:
                connection.sendall(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
                sent += 0x10000
        except OSError:
            return 0
        found = re.match(rb"HTTP/1.1 (\d{3})", connection.recv(100))
        return int(found[1]) if found else 0


def _rows() -> bytes:
    return b"Name,N\n" + b"Walk,12\n" * ROWS


def _swelling() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
        for _ in range(300):
            part.write(b" " * 1_000_000)
    return made.getvalue()


def _many_parts() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(20_000):
            packed.writestr(f"xl/{number}.xml", b"")
    return made.getvalue()


def _editor(settings: Settings) -> tuple[str, str]:
    """An editor's token, and where they send files."""
    with opened(settings.database_url) as engine, writing(engine) as session:
        organization = session.scalars(select(Organization.id).order_by(Organization.name).limit(1)).one()
        editor = make_person(session, "keeper@example.org", organizations=[organization])
        return sessions.start(session, editor.id, Level.PASSKEY, "Chrome, Android"), f"/en/my-listings/{organization}/import"


def _largest(site: Served) -> float:
    statuses = [Path(f"/proc/{worker}/status").read_text() for worker in site.workers()]
    return max(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024 for status in statuses)  # type: ignore[index]
