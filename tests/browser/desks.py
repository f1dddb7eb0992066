"""Desks in a real browser: people who are signed in on a phone, what waits for them, and the mail that reached them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from accounts import make_person
from axe import violations
from driving import follow, overflow, small_targets, watched
from msgspec.structs import replace
from playwright.sync_api import Browser, Page
from serving import Served
from sqlalchemy import Engine, select
from waiting import wait_until

from portal.accounts.audiences import Level, Member, Role
from portal.accounts.models import Person
from portal.accounts.queries import get_person, member_of
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.config import Settings, from_environment
from portal.db import open_engine, reading, writing
from portal.directory.models import Service
from portal.directory.records import get_record
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import propose, save_draft

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
LINK = "/sign-in/link/"
ISOLATES = re.compile("[\u2066-\u2069]")  # around what may read the other way
OPEN_FOLDS = "() => document.querySelectorAll('main details').forEach((it) => { it.open = true; })"


@dataclass(frozen=True)
class Site:
    """A site that is served, and its database."""

    served: Served
    engine: Engine

    @property
    def settings(self) -> Settings:
        return from_environment({"PORTAL_STATE": str(self.served.state)})

    @contextmanager
    def phone(self, browser: Browser, person: Person | None = None) -> Iterator[Page]:
        """Somebody's phone, with an authenticator; at the site's own name, and signed in if it is said whose it is."""
        with watched(browser, self.own_name) as page:
            page.watch.is_expecting_errors = True  # type: ignore[attr-defined]  # a form that is sent back is one
            give_authenticator(page)
            if person:
                self.sit_down(page, person)
            yield page

    @property
    def own_name(self) -> str:
        """Where passkeys work: they belong to names, and an address of numbers is none."""
        return self.served.url.replace("127.0.0.1", "localhost")

    def person(self, *roles: Role, keeps: Iterable[uuid.UUID] = (), name: str = "Amina Rahman") -> Person:
        """Somebody new with these roles, who keeps the listings of these organizations."""
        return make_person(self.engine, f"{uuid.uuid4().hex}@example.org", roles=roles, organizations=keeps, name=name)

    def member(self, person: Person) -> Member:
        with reading(self.engine) as session:
            return member_of(get_person(session, person.id), Level.PASSKEY, "a test")

    def service(self, name: str) -> Service:
        with reading(self.engine) as session:
            found = session.scalars(select(Service).where(Service.name == name)).one()
            session.expunge_all()
            return found

    def sign_in_for_the_first_time(self, page: Page, email: str) -> None:
        """By the link in an e-mail; then a passkey is made."""
        asked = len(self.letters(email, LINK))
        page.goto("/en/sign-in")
        page.get_by_label("Your e-mail address").fill(email)
        follow(page.get_by_role("button", name="Send me a link"))
        page.goto(link_in(self.mail_to(email, LINK, asked), "sign-in/link/"))
        follow(page.get_by_role("button", name="Sign in"))
        page.get_by_role("button", name="Set up a passkey").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def propose(self, by: Person, service: Service, note: str = "", **fields: object) -> uuid.UUID:
        """This person sends a change for review; the proposal's id."""
        with writing(self.engine) as session:
            record = replace(get_record(session, service.id).record, **fields)
            draft = Draft(service.organization_id, Kind.CHANGE, (DraftedService(service.id, record),))
            return propose(session, self.member(by), save_draft(session, self.member(by), draft).id, note).proposal_id

    def sit_down(self, page: Page, person: Person, level: Level = Level.PASSKEY) -> None:
        """This person has just signed in on the phone, instead of whoever had before."""
        with writing(self.engine) as session:
            token = sessions.start(session, person.id, level, "Chrome, Android")
        page.context.clear_cookies()
        page.context.add_cookies([{"name": Cookie.SIGN_IN.value, "value": token, "url": url} for url in (self.served.url, self.own_name)])

    def mail_to(self, email: str, words: str = "", since: int = 0) -> str:
        """The newest e-mail to somebody (with these words), once there are more than `since`; its text."""
        return wait_until(lambda: self.letters(email, words)[since:], f"no e-mail came that says {words!r}")[-1]

    def letters(self, email: str, words: str = "") -> list[str]:
        """All e-mails to somebody (with these words) that the site has put out."""
        return [letter for to, letter in map(read, sorted(self.outbox.glob("*.eml"))) if to == email and words in letter]

    @property
    def outbox(self) -> Path:
        """Where this site puts mail."""
        return self.served.state / "instance" / "outbox"


def open_site(served: Served) -> Site:
    return Site(served, open_engine(f"sqlite:///{served.state / 'instance' / 'portal.sqlite3'}"))


def read(file: Path) -> tuple[str, str]:
    """To whom a letter is, and its text."""
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = letter.get_body(("plain",))
    words = str(body.get_content()) if body else ""
    return str(letter["To"]), ISOLATES.sub("", words)


def give_authenticator(page: Page) -> None:
    """A phone whose owner shows who they are whenever it asks."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def link_in(mail: str, path: str) -> str:
    """The first link to a path like this in an e-mail, as a path."""
    found = re.search(rf"https?://[^/\s]+(/\w\w/{path}\S*)", mail)
    assert found, mail
    return found[1]


def heading(page: Page) -> str:
    """The page's one heading of the first level, as it is read."""
    return page.get_by_role("heading", level=1).inner_text()


def faults(page: Page) -> list[str]:
    """What is wrong with a page of a desk as it stands on a phone, its folds open."""
    page.evaluate(OPEN_FOLDS)
    headings: Any = page.locator("h1").count()
    return [
        *([] if headings == 1 else [f"{headings} h1"]),
        *overflow(page),
        *(f"small: {it}" for it in small_targets(page)),
        *violations(page),
    ]
