"""Somebody at the editor's desk, for tests: a service that they keep, and its pages filled in as a browser would."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from accounts import make_person, signed_in
from filling import filled
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.audiences import Level, Member, Role
from portal.accounts.models import Person
from portal.accounts.queries import get_person, member_of
from portal.db import reading, writing
from portal.directory.models import Service
from portal.editing.desk.subject import Subject, get_subject
from portal.editing.proposals.draft import Decision
from portal.editing.proposals.operations import approve
from portal.editing.proposals.queries import list_waiting


@dataclass
class Desk:
    """Somebody at the desk, with one service that they keep."""

    app: Flask
    person: Person
    service: Service
    phone: FlaskClient

    def at(self, page: str = "") -> str:
        return f"/en/my-listings/{self.service.id}{'/' if page else ''}{page}"

    def get(self, page: str = "") -> TestResponse:
        return self.phone.get(self.at(page))

    def fill(self, page: str, follow: bool = False, **changes: str | list[str]) -> TestResponse:
        """Fill in the form of a page and save it. Two low lines in a name stand for dashes: `v0__0__opens`."""
        named = {name.replace("__", "-"): value for name, value in changes.items()}
        return self.phone.post(self.at(page), data={**filled(self.get(page)), "do": "save", **named}, follow_redirects=follow)

    def again(self, page: str, shown: TestResponse, follow: bool = False, **changes: str | list[str]) -> TestResponse:
        """Fill in the form of a page that is shown, and send it."""
        named = {name.replace("__", "-"): value for name, value in changes.items()}
        return self.phone.post(self.at(page), data={**filled(shown), **named}, follow_redirects=follow)

    @property
    def member(self) -> Member:
        with reading(self.app.extensions["desk"].engine) as session:
            return member_of(get_person(session, self.person.id), Level.PASSKEY, "")

    @property
    def subject(self) -> Subject:
        with reading(self.app.extensions["desk"].engine) as session:
            return get_subject(session, self.member, self.service.id)


def found(app: Flask, name: str) -> Service:
    with reading(app.extensions["desk"].engine) as session:
        service = session.scalars(select(Service).where(Service.name == name)).one()
        session.expunge_all()
        return service


def at_desk(app: Flask, name: str) -> Desk:
    service = found(app, name)
    person = make_person(app, f"{service.id.hex[:6]}@example.org", organizations=[service.organization_id], name="Kim")
    return Desk(app, person, service, signed_in(app, person))


def words_on(response: TestResponse) -> str:
    """What a page says, without its markup."""
    return " ".join("".join(response.page.tree.itertext()).split())  # type: ignore[attr-defined]  # of CheckedClient


def approve_all(app: Flask) -> None:
    """A reviewer says yes to everything that waits."""
    reviewer = make_person(app, f"{uuid.uuid4().hex}@example.org", roles=[Role.REVIEWER])
    with writing(app.extensions["desk"].engine) as session:
        member = member_of(get_person(session, reviewer.id), Level.PASSKEY, "")
        for waiting in list_waiting(session):
            approve(session, member, waiting.id, waiting.lock, Decision())
