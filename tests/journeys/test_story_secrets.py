"""What people tell us in confidence is typed into every field there is, and then looked for everywhere: it lies sealed, and nowhere else.

The real server, its log, its database while it runs and as a backup, the index and every other file. The one place where it may
be read is the folder that stands in for a mail server.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from serving import PATIENCE, Answer, Served, serving

CANARY = "quietcanary"
PHONE = "07700900987"
EMAIL = f"{CANARY}@example.com"
Fields = dict[str, str | list[str]]


class Phone:
    """A browser without script: it keeps cookies, follows and remembers where it came."""

    def __init__(self, site: Served) -> None:
        self._site = site
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open

    def get(self, address: str) -> Answer:
        return self._ask(Request(self._site.url + address))  # noqa: S310 - our own address

    def post(self, address: str, fields: Fields) -> Answer:
        return self._ask(Request(self._site.url + address, data=urlencode(fields, doseq=True).encode(), method="POST"))  # noqa: S310 - as above

    def _ask(self, request: Request) -> Answer:
        try:
            with self._open(request, timeout=PATIENCE) as response:
                return Answer(response.status, response.read().decode("utf-8", "replace"))
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode())


@pytest.fixture
def site(demo_state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("PORTAL_ADVISERS", "on")
    with serving(shutil.copytree(demo_state, tmp_path / "state")) as served:
        yield served


def tell_everything(phone: Phone) -> None:
    """To the plan and all that can be done with it, a canary in every field that takes text."""
    phone.get(f"/en/questions/1?{CANARY}")
    phone.post("/en/questions/1", {"who": f"helping {CANARY}"})
    phone.post("/en/questions/1", {"who": "helping"})
    phone.post("/en/questions/2", {"danger": "medical"})
    phone.post("/en/questions/2", {"none": CANARY})
    phone.post("/en/questions/3", {"place": f"{CANARY} on Sea"})
    phone.post("/en/questions/3", {"place": "Eastmoor"})
    phone.post("/en/questions/4", {"help": "memory"})
    number = 5
    while "Check your answers" not in (page := phone.get(f"/en/questions/{number}").body) and number < 20:
        fields: Fields = dict(re.findall(r'name="([\w-]+)" type="(?:radio|checkbox)" value="([^"]+)"', page))
        fields |= {name: f"{CANARY} {name}" for name in re.findall(r'<textarea[^>]* name="(\w+)"', page)}
        if 'name="language"' in page:
            fields = {"language": "en"}
        phone.post(f"/en/questions/{number}", fields)
        number += 1
    assert CANARY in phone.get("/en/questions/check").body


def ask_for_contact(phone: Phone) -> None:
    page = phone.get("/en/plan/ask").body
    to = re.search(r'name="to" type="checkbox" value="([^"]+)"', page)
    assert to
    share = re.findall(r'name="share" type="checkbox" value="([^"]+)"', page)
    given: Fields = {"to": to[1], "name": f"Kim {CANARY}", "phone": PHONE, "email": EMAIL, "share": share, "until": "1", "message": CANARY}
    until = re.search(r'name="until" type="radio" value="([^"]+)"', page)
    assert until
    given["until"] = until[1]
    shown = phone.post("/en/plan/ask/check", given).body
    hidden = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', shown)
    sent: dict[str, list[str]] = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    assert CANARY in shown
    answer = phone.post("/en/plan/ask/send", dict(sent))
    assert "Ask" in answer.body
    assert answer.status == 200


def test_what_is_told_in_confidence_is_found_sealed_or_not_at_all(site: Served, tmp_path: Path) -> None:
    phone = Phone(site)
    tell_everything(phone)
    assert CANARY in phone.get("/en/plan").body
    for file in ("next-steps.pdf", "next-steps-large.pdf", "next-steps.txt"):
        assert phone.get(f"/en/plan/{file}").status == 200
    phone.post("/en/plan/keep", {"days": "7"})
    phone.post("/en/plan/send", {"to": f"{CANARY} at example"})
    phone.post("/en/plan/send", {"to": EMAIL})
    phone.post("/en/plan/send", {"to": PHONE})
    phone.post("/en/plan/open", {"code": CANARY})
    phone.post("/en/plan/went", {"item": CANARY, "how": CANARY})
    ask_for_contact(phone)
    answer_as_recipient(site)
    Phone(site).post("/en/adviser/text", {"number": f"{PHONE} {CANARY}", "to": PHONE})
    found = {name: text for name, text in everything(site, tmp_path) if CANARY in text or PHONE in text or "+447700900987" in text}
    assert found == {}, f"{ {name: len(text) for name, text in found.items()} }"


def answer_as_recipient(site: Served) -> None:
    """The link of the request is in the folder once mail has been delivered: answer it, with a canary too."""
    deliver(site)
    outbox = site.state / "instance" / "outbox"
    letters = [file.read_text() for file in outbox.rglob("*") if file.is_file()]
    links = {found[1] for letter in letters if (found := re.search(r"(/en/answer/[\w-]+)", letter.replace("=\n", "")))}
    assert links
    assert not any(EMAIL in letter or PHONE in letter for letter in letters if "/en/answer/" in letter), (
        "a letter to a recipient names nobody"
    )
    for link in links:
        recipient = Phone(site)
        assert CANARY not in recipient.get(link).body, "a machine that opens links sees nothing"
        assert CANARY in recipient.post(f"{link}/open", {}).body
        recipient.post(f"{link}/reply", {"kind": "not-us", "instead": CANARY, "message": CANARY})
        assert link.rsplit("/", 1)[1] not in site.log.read_text(), "the log opens what was shared"


def deliver(site: Served) -> None:
    from portal.config import from_environment
    from portal.db import opened
    from portal.mail import carriers_from
    from portal.mail import deliver as send

    settings = from_environment({"PORTAL_STATE": str(site.state)})
    with opened(settings.database_url) as engine:
        send(engine, settings.secret_key, carriers_from(settings))


def everything(site: Served, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Every file of the site but the outbox, its log, and a backup of its database, as text."""
    database = site.state / "instance" / "portal.sqlite3"
    copy = tmp_path / "backup.sqlite3"
    with sqlite3.connect(database) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    yield "backup", copy.read_bytes().decode("latin-1")
    yield "log", site.log.read_text()
    for file in site.state.rglob("*"):
        if file.is_file() and "outbox" not in file.parts:
            yield str(file.relative_to(site.state)), file.read_bytes().decode("latin-1")


def test_nothing_is_told_by_an_error_either(site: Served, tmp_path: Path) -> None:
    phone = Phone(site)
    tell_everything(phone)
    database = site.state / "instance" / "portal.sqlite3"
    whole = database.read_bytes()
    database.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    for address, fields in (
        ("/en/questions/3", {"place": CANARY}),
        ("/en/plan/send", {"to": EMAIL}),
        ("/en/plan/open", {"code": "2345-6789-BCDF-GHJK"}),
        ("/en/plan/ask/check", {"name": CANARY, "phone": PHONE, "message": CANARY}),
    ):
        phone.post(address, fields)
    assert CANARY not in site.log.read_text()
    assert PHONE not in site.log.read_text()
