"""Every door is tried by everybody: each route, each of its methods, each kind of visitor. What is allowed is read from `routes.txt`.

Routes that are added later are walked without a change here: ids of organizations and services are a real one's, other ids are nobody's.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule, UUIDConverter
from werkzeug.test import TestResponse

from portal.accounts.audiences import Audience, Level, Member, Role, may_see
from portal.db import reading
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.web import audiences

LISTED = Path(__file__).parents[1] / "architecture" / "routes.txt"
PUBLIC = {"everyone", "engines", "supervisor"}
SIGN_IN = re.compile(r"/en/sign-in(/second)?(\?.*)?")
MINE, OTHERS = "editor of this organization", "editor of another"


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door. `place`: 0 keeps the listings whose ids are in addresses, 1 another's; None keeps none."""

    name: str
    roles: tuple[Role, ...] = ()
    place: int | None = None
    level: Level | None = Level.PASSKEY


VISITORS = (
    Visitor("nobody", level=None),
    Visitor("half signed in", tuple(Role), 0, Level.LINK),
    Visitor(MINE, place=0),
    Visitor(OTHERS, place=1),
    Visitor("reviewer", (Role.REVIEWER,)),
    Visitor("council editor", (Role.COUNCIL_EDITOR,)),
    Visitor("adviser", (Role.ADVISER,)),
    Visitor("administrator", (Role.ADMINISTRATOR,)),
    Visitor("commissioner", (Role.COMMISSIONER,)),
    Visitor("reviewer without a passkey", (Role.REVIEWER,), level=Level.CODE),
)
SIGNED_IN = {visitor.name for visitor in VISITORS[2:]}
EVERYBODY = {visitor.name for visitor in VISITORS}
LET_IN = {  # written out, so that a slip in the rules is not repeated here
    **dict.fromkeys(PUBLIC, EVERYBODY),
    "enrolling": {*SIGNED_IN, "half signed in"},
    "member": SIGNED_IN,
    "editor": {MINE, OTHERS},
    "reviewer": {"reviewer"},
    "council-editor": {"council editor"},
    "adviser": {"adviser"},
    "commissioner": {"commissioner"},
    "council": {"reviewer", "council editor", "administrator"},
    "administrator": {"administrator"},
}


@dataclass
class Walk:
    """One visitor's way along all doors of a site."""

    app: Flask
    visitor: Visitor
    ids: dict[str, str]
    places: tuple[uuid.UUID, uuid.UUID]
    steps: Iterator[int] = field(default_factory=itertools.count)
    wrong: list[str] = field(default_factory=list)

    def doors(self) -> Iterator[tuple[Rule, str, str]]:
        """Every route with its address and whom it is listed for."""
        listed = dict(line.split()[1:] for line in LISTED.read_text("utf-8").splitlines() if line and not line.startswith("#"))
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
            plain = re.sub(r"^(/static/app(\.rtl)?)-\w+", r"\1-<hash>", re.sub(r"<any\([^)]*\):lang_code>", "<lang>", rule.rule))
            assert plain in listed, f"{plain} is not in routes.txt"
            yield rule, self.address(rule), listed[plain]

    def address(self, rule: Rule) -> str:
        """A real address of a route."""
        free = rule.arguments - set(rule.defaults or {})
        values = {name: self.value(name, rule._converters[name]) for name in free} | dict(rule.defaults or {})
        built = rule.build(values, append_unknown=False)
        assert built is not None, rule
        return built[1]

    def value(self, name: str, kind: BaseConverter) -> Any:
        """What stands in an address: real where it is an organization or a service, somebody else's or nobody's otherwise."""
        if name == "lang_code":
            return "en"
        match kind:
            case UUIDConverter():
                return uuid.UUID(self.ids[name]) if name in self.ids else uuid.UUID(int=7)
            case AnyConverter():
                return min(kind.items)
            case IntegerConverter():
                return 1
            case _:
                return "x"

    def browser(self) -> FlaskClient:
        """A browser on which the visitor has just arrived, with all that they are: what was posted before may have changed it."""
        if self.visitor.level is None:
            return self.app.test_client()
        places = [] if self.visitor.place is None else [self.places[self.visitor.place]]
        person = make_person(self.app, f"p{next(self.steps)}@example.org", roles=self.visitor.roles, organizations=places)
        return signed_in(self.app, person, self.visitor.level)

    def go(self) -> Walk:
        """Try every door."""
        browser = self.browser()
        for rule, address, audience in self.doors():
            for method in self.methods(rule, audience):
                step = next(self.steps)
                there = {"REMOTE_ADDR": f"10.{step >> 16 & 255}.{step >> 8 & 255}.{step & 255}"}  # no limit is met on the way
                answer = browser.open(address, method=method, environ_overrides=there)
                problem = self.judge(rule, audience, answer)
                answer.close()  # of a file
                if problem:
                    self.wrong.append(f"{self.visitor.name}: {method} {address} ({rule.endpoint}, {audience}): {problem}")
                if method not in ("GET", "HEAD", "OPTIONS") or rule.endpoint.startswith("leaving."):  # leaving takes the sign-in along
                    browser = self.browser()
        return self

    def methods(self, rule: Rule, audience: str) -> list[str]:
        """What is tried: on pages for everybody only what their view answers, and only by some."""
        if audience in PUBLIC and self.visitor.name not in ("nobody", "administrator"):
            return []
        others = {"HEAD", "OPTIONS"} if audience in PUBLIC or self.visitor.name != "nobody" else set()
        return sorted((rule.methods or set()) - others)

    def judge(self, rule: Rule, audience: str, answer: TestResponse) -> str:
        """What is wrong with an answer."""
        if answer.status_code >= 500:
            return f"it fails with {answer.status_code}"
        if audience in PUBLIC:
            return "refused" if answer.status_code == 403 else ""
        to_sign_in = (answer.status_code == 303 and SIGN_IN.fullmatch(answer.location or "")) or is_held(answer)
        if self.visitor.name not in LET_IN[audience]:
            if self.visitor.name in SIGNED_IN:
                return "" if answer.status_code == 403 else f"let in with {answer.status_code}, and should be told that it is not for them"
            return "" if to_sign_in else f"let in with {answer.status_code}, and should be led to sign in"
        if answer.status_code == 403 or (to_sign_in and not rule.endpoint.startswith("signing.")):
            return f"kept out with {answer.status_code}"
        return self.judge_record(rule, audience, answer)

    def judge_record(self, rule: Rule, audience: str, answer: TestResponse) -> str:
        """Whether the record in the address is theirs, on pages for editors, and on those that they share with the council."""
        ids = {name for name, kind in rule._converters.items() if isinstance(kind, UUIDConverter)}
        if audience not in ("editor", "member") or not ids or self.visitor.name not in (MINE, OTHERS):
            return ""
        if self.visitor.name == OTHERS or ids - set(self.ids):
            return "" if answer.status_code == 404 else f"a record that is not theirs answers {answer.status_code}"
        is_lost = audience == "editor" and answer.request.method == "GET" and answer.status_code == 404
        return "their own record is not found" if is_lost else ""


def is_held(answer: TestResponse) -> bool:
    """Whether a form is held in a page that leads to sign in first, and has not been read by anybody."""
    return answer.status_code == 401 and answer.request.method == "POST" and 'href="/en/sign-in' in answer.text


def walk(app: Flask, visitor: Visitor) -> Walk:
    """Go along all doors."""
    app.test_client_class = FlaskClient  # pages are held to the contract elsewhere
    with reading(app.extensions["people"].engine) as session:
        public = select(Service.id, Service.organization_id).where(Service.status.in_(PUBLIC_STATUSES)).order_by(Service.id)
        found = session.execute(public).all()
    service, mine = found[0]
    other = next(organization for _, organization in found if organization != mine)
    return Walk(app, visitor, {"organization_id": str(mine), "service_id": str(service)}, (mine, other)).go()


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda visitor: visitor.name.replace(" ", "-"))
def test_every_door_opens_to_those_it_is_for_and_to_nobody_else(app: Flask, visitor: Visitor) -> None:
    done = walk(app, visitor)
    assert not done.wrong, "\n".join(done.wrong)


def test_a_door_left_open_is_noticed(make_app: Callable[..., Flask]) -> None:
    with mock.patch.dict(audiences.OF_BLUEPRINTS, {"colleagues": Audience.MEMBER}):
        done = walk(make_app(), VISITORS[6])
    assert any("GET /en/people " in line for line in done.wrong)


def test_a_record_of_others_that_answers_is_noticed(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    app.view_functions["keepers.keepers"] = lambda organization_id: f"seen: {organization_id}"
    assert any("a record that is not theirs answers 200" in line for line in walk(app, VISITORS[3]).wrong)


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("visitor", VISITORS, ids=lambda visitor: visitor.name.replace(" ", "-"))
def test_the_rules_are_those_that_are_written_out_here(audience: Audience, visitor: Visitor) -> None:
    places = frozenset() if visitor.place is None else frozenset({uuid.uuid4()})
    level = visitor.level
    member = level and Member(uuid.uuid4(), "", "", "en", frozenset(visitor.roles), places, level, "x")
    assert may_see(audience, member) is (visitor.name in LET_IN[audience.value])
