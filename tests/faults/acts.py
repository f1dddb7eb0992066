"""What is killed or refused by the disk: a change approved, a change published at once, listings loaded; and what must be so afterwards.

Each act goes on until the index has followed. The application is made once, before any database is open, as the server makes it before
its workers part; every act runs in a copy of this process, on a state that is put back to what it was.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from accounts import make_person
from faults.desk import Change, Desk, is_published, put_changes, word_of
from faults.killing import Ended, forked
from faults.states import at_rest, settings_of
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import func, select

from portal.accounts.audiences import Level, Role
from portal.accounts.queries import get_person, member_of
from portal.accounts.signing.cookies import Cookie
from portal.config import Settings
from portal.db import opened, reading, writing
from portal.directory.models import Service
from portal.directory.openreferral.loading import LoadOptions, load
from portal.directory.records import find_records
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import propose, save_draft, set_trusted
from portal.history.verifying import verify
from portal.pack import find_file
from portal.taxonomy.rules import load_rules
from portal.web.app import create_app
from portal.web.logs import configure_logs

LOADED: Final = 40  # services of the file that is loaded
TOLD: Final = "told that it is done"
Acknowledge = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    """A state and its copy as it was, the application on it, what waits on the desk, a draft of a trusted editor, a file to be loaded."""

    state: Path
    before: Path
    settings: Settings
    app: Flask
    change: Change
    desk: Desk
    draft: Change
    editor: uuid.UUID
    file: Path
    options: LoadOptions

    @staticmethod
    def of(state: Path) -> Stage:
        """Set up in `state`, which becomes the stage's own."""
        configure_logs()
        settings = settings_of(state)
        desk = put_changes(settings, 3)
        editor, draft = _draft_of_trusted(settings)
        file = state.parent / "loaded.json"
        file.write_text(json.dumps([_service(number) for number in range(LOADED)]), "utf-8")
        app = create_app(settings)
        room = app.extensions["search"]
        options = LoadOptions(room.searcher.taxonomy, load_rules(find_file(settings, "taxonomy_rules.yaml")))
        app.test_client().get("/en/search?q=warm")  # what is read once is read here, not in every copy
        room.index._snapshot = None
        room.engine.dispose()
        at_rest(state)
        before = Path(shutil.copytree(state, state.parent / "before"))
        return Stage(state, before, settings, app, desk.changes[0], desk, draft, editor, file, options)

    def put_back(self) -> None:
        """Everything as it was."""
        shutil.rmtree(self.state)
        shutil.copytree(self.before, self.state)

    def approve(self, acknowledge: Acknowledge) -> None:
        """A reviewer approves a change."""
        client = self.app.test_client()
        client.set_cookie(Cookie.SIGN_IN.value, self.desk.token)
        answer = client.post(self.change.address, data=self.change.form, headers={"Sec-Fetch-Site": "same-origin"})
        if answer.status_code == 303:
            acknowledge(TOLD)
        elif answer.status_code >= 500:
            acknowledge(f"refused with {answer.status_code}{'' if '999' in answer.text else ', without a number to ring'}")
        self._follow()

    def publish(self, acknowledge: Acknowledge) -> None:
        """An editor whom the council trusts publishes a change at once."""
        engine = self.app.extensions["search"].engine
        with writing(engine) as session:
            propose(session, member_of(get_person(session, self.editor), Level.PASSKEY, "faults"), self.draft.id)
        acknowledge(TOLD)
        self._follow()

    def load(self, acknowledge: Acknowledge) -> None:
        """An officer loads a file."""
        load(self.app.extensions["search"].engine, [str(self.file)], self.options)
        acknowledge(TOLD)
        self._follow()

    def _follow(self) -> None:
        self.app.extensions["search"].index.follow()

    def examine(self, acknowledge: Acknowledge) -> None:
        """Say as JSON what is so: what of the acts is done, whether all is sound, whether search says what the database says."""
        with sqlite3.connect(self.settings.database_url.removeprefix("sqlite:///")) as connection:
            integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
        with opened(self.settings.database_url) as engine:
            chain = verify(engine).broken
            with reading(engine) as session:
                loaded = session.scalar(select(func.count()).select_from(Service).where(Service.name.like("Quillwander %"))) or 0
        done = {"approve": is_published(self.settings, self.change), "publish": is_published(self.settings, self.draft), "load": loaded}
        searched_before = self._search(self.change.word)[0]
        index = self.app.extensions["search"].index
        index.follow()
        found = {
            "approve": str(self.change.service) in self._search(self.change.word)[1],
            "publish": str(self.draft.service) in self._search(self.draft.word)[1],
            "load": re.search(r"Quillwander \d", self._search("Quillwander")[1]) is not None,
        }
        said = {"integrity": integrity, "chain": str(chain or ""), "done": done, "found": found, "before": searched_before}
        acknowledge(json.dumps({**said, "status": index.status()}))

    def _search(self, words: str) -> tuple[int, str]:
        answer = self.app.test_client().get("/en/search", query_string={"q": words})
        return answer.status_code, answer.text if answer.status_code == 200 else ""

    def problems(self, act: str, ended: Ended) -> list[str]:
        """What does not hold after this act ended so."""
        looked = forked(self.examine)
        if looked.code != 0:
            return [f"nobody can look at it any more ({looked.code})"]
        return list(_wrong(act, TOLD in ended.acknowledged, json.loads(looked.acknowledged)))


def _wrong(act: str, was_told: bool, seen: dict[str, Any]) -> Any:
    if seen["integrity"] != "ok":
        yield f"the database is not sound: {seen['integrity']}"
    if seen["chain"]:
        yield f"the history does not prove: {seen['chain']}"
    if was_told and not seen["done"][act]:
        yield "somebody was told that it is done, and it is not"
    if seen["done"]["load"] not in (0, LOADED):
        yield f"{seen['done']['load']} of {LOADED} services are loaded"
    if seen["before"] != 200:
        yield f"a search was answered with {seen['before']}"
    if {name: bool(done) for name, done in seen["done"].items()} != seen["found"]:
        yield f"search finds {seen['found']}, and the database has {seen['done']}"
    if "0 changes wait" not in seen["status"] or "unusable" in seen["status"]:
        yield f"the index has not followed: {seen['status']}"


def _draft_of_trusted(settings: Settings) -> tuple[uuid.UUID, Change]:
    """A draft that is published as soon as it is sent."""
    with opened(settings.database_url) as engine, writing(engine) as session:
        service = session.scalars(select(Service.id).where(Service.status == "active").order_by(Service.id.desc()).limit(1)).one()
        known, word = find_records(session, [service])[service], word_of(200)
        reviewer = make_person(session, "sam@example.org", roles=[Role.REVIEWER])
        council = member_of(get_person(session, reviewer.id), Level.PASSKEY, "faults")
        set_trusted(session, council, known.organization_id, is_trusted=True, reason="known long")
        editor = make_person(session, "tia@example.org", organizations=[known.organization_id])
        member = member_of(get_person(session, editor.id), Level.PASSKEY, "faults")
        record = replace(known.record, description=f"{known.record.description} Ask for {word}.")
        draft = save_draft(session, member, Draft(known.organization_id, Kind.CHANGE, (DraftedService(service, record),)))
        return editor.id, Change(draft.id, {}, word, service)


def _service(number: int) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"walk {number}")),
        "name": f"Quillwander {number}",
        "description": "We go out together and keep fit.",
        "status": "active",
        "organization": {"id": "walkers", "name": "Wanderers"},
        "phones": [{"number": f"01632 960 {number:03}"}],
    }
