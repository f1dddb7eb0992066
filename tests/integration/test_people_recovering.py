"""A lost passkey: two colleagues let somebody make a new one, or whoever has the machine; and nobody does it alone, or for themselves."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Level, Member, Role
from portal.accounts.models import Person, Recovery
from portal.accounts.people.offers import TERMINAL, Invitee, Offer
from portal.accounts.people.operations import invite
from portal.accounts.people.recovering import operations
from portal.accounts.people.recovering.operations import Begun, Reason
from portal.accounts.people.recovering.queries import list_waiting
from portal.accounts.people.room import Sender
from portal.accounts.queries import get_person, member_of
from portal.accounts.signing import sessions
from portal.accounts.signing.models import CodeApp, Passkey
from portal.db import reading, writing
from portal.directory.models import Organization
from portal.errors import NotFound
from portal.history import HistoryLine
from portal.mail import Message, Outgoing
from portal.pack import Line, Pack
from portal.sealing import key_of_site

SECRET = "of the tests"  # noqa: S105 - opens nothing
LINE = Line("front_door", "Care Line", "01632 960001", "Every day")
PACK = Pack("Doorstep", "Calder Council", "Calder", (), "#0b5c55", ("en", "ur"), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://help.example.org", SECRET)
WHY = Reason("lost", "met")

pytestmark = pytest.mark.usefixtures("stopped_clock")


def a_member(session: Session, name: str, *roles: Role, level: Level = Level.PASSKEY) -> Member:
    """Somebody with these roles, a passkey and a code app."""
    person = make_person(session, f"{name}@example.org", roles=roles, name=name.title())
    key = {"credential_id": name.encode(), "public_key": b"", "sign_count": 0, "name": "Phone", "added_at": clock.now()}
    session.add_all([Passkey(person_id=person.id, **key), CodeApp(person_id=person.id, sealed=b"")])
    session.flush()
    return member_of(person, level, "x")


def has_ways_in(session: Session, person_id: uuid.UUID) -> bool:
    return any(session.scalars(select(table.person_id).where(table.person_id == person_id)).first() for table in (Passkey, CodeApp))


def letters(session: Session) -> list[Message]:
    session.flush()
    key = key_of_site(SECRET, "mail")
    return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in session.scalars(select(Outgoing))]


def an_id(session: Session) -> uuid.UUID:
    return session.scalars(select(Recovery.id).where(Recovery.agreed_at.is_(None))).one()


def test_two_colleagues_let_a_third_make_a_new_passkey(session: Session) -> None:
    lost, one, two = (
        a_member(session, "lost", Role.REVIEWER),
        a_member(session, "one", Role.ADMINISTRATOR),
        a_member(session, "two", Role.REVIEWER),
    )
    token = sessions.start(session, lost.id, Level.PASSKEY, "Chrome")
    assert operations.start(session, SENDER, one, lost.id, WHY) is Begun.WAITS
    assert has_ways_in(session, lost.id)
    assert {letter.to for letter in letters(session)} == {"lost@example.org", "two@example.org"}
    operations.agree(session, SENDER, two, an_id(session))
    assert not has_ways_in(session, lost.id)
    assert sessions.find_member(session, token) is None
    assert [letter.subject for letter in letters(session) if "new passkey" in letter.subject] == ["You can make a new passkey now"]
    lines = session.scalars(select(HistoryLine).where(HistoryLine.resource_id == lost.id).order_by(HistoryLine.id)).all()
    assert [(line.action, line.acted_by, line.reason) for line in lines] == [
        ("recovery started", one.acted_by, "lost, met"),
        ("ways in taken away", two.acted_by, "lost, met"),
    ]


def test_one_alone_can_help_nobody_who_has_a_role(session: Session) -> None:
    lost, one = a_member(session, "lost", Role.ADVISER), a_member(session, "one", Role.ADMINISTRATOR)
    operations.start(session, SENDER, one, lost.id, WHY)
    assert operations.start(session, SENDER, one, lost.id, WHY) is Begun.WAITS
    with pytest.raises(NotFound):
        operations.agree(session, SENDER, one, an_id(session))
    assert has_ways_in(session, lost.id)


def test_nobody_helps_themselves_nor_agrees_to_it(session: Session) -> None:
    lost, one = a_member(session, "lost", Role.ADMINISTRATOR), a_member(session, "one", Role.REVIEWER)
    with pytest.raises(NotFound):
        operations.start(session, SENDER, lost, lost.id, WHY)
    operations.start(session, SENDER, one, lost.id, WHY)
    for act in (lambda: operations.agree(session, SENDER, lost, an_id(session)), lambda: operations.refuse(session, lost, an_id(session))):
        with pytest.raises(NotFound):
            act()
    assert list_waiting(session, lost) == ()


@pytest.mark.parametrize(
    ("role", "level"),
    [(Role.COUNCIL_EDITOR, Level.PASSKEY), (Role.ADVISER, Level.PASSKEY), (Role.REVIEWER, Level.CODE), (None, Level.PASSKEY)],
)
def test_only_reviewers_and_administrators_with_a_passkey_help_colleagues(session: Session, role: Role | None, level: Level) -> None:
    lost, boss = a_member(session, "lost", Role.REVIEWER), a_member(session, "boss", Role.ADMINISTRATOR)
    other = a_member(session, "other", *([role] if role else []), level=level)
    with pytest.raises(NotFound):
        operations.start(session, SENDER, other, lost.id, WHY)
    operations.start(session, SENDER, boss, lost.id, WHY)
    with pytest.raises(NotFound):
        operations.agree(session, SENDER, other, an_id(session))


def test_an_editor_is_helped_by_one_of_the_council(session: Session) -> None:
    editor, one = a_member(session, "editor"), a_member(session, "one", Role.COUNCIL_EDITOR)
    assert operations.start(session, SENDER, one, editor.id, WHY) is Begun.DONE
    assert not has_ways_in(session, editor.id)
    assert [letter.to for letter in letters(session)] == ["editor@example.org"]


def test_an_editor_who_is_offered_a_role_is_helped_by_two(session: Session) -> None:
    editor, one = a_member(session, "editor"), a_member(session, "one", Role.ADMINISTRATOR)
    invite(session, SENDER, TERMINAL, Offer(role=Role.ADMINISTRATOR), Invitee("editor@example.org"))
    assert operations.start(session, SENDER, one, editor.id, WHY) is Begun.WAITS
    assert has_ways_in(session, editor.id)


def test_help_waits_for_a_day_and_no_longer(session: Session) -> None:
    lost, one, two = (
        a_member(session, "lost", Role.REVIEWER),
        a_member(session, "one", Role.ADMINISTRATOR),
        a_member(session, "two", Role.REVIEWER),
    )
    operations.start(session, SENDER, one, lost.id, WHY)
    late = an_id(session)
    assert [one.may_agree for one in list_waiting(session, two)] == [True]
    assert [one.may_agree for one in list_waiting(session, one)] == [False]
    with clock.stopped_at(clock.now() + timedelta(hours=24)):
        assert list_waiting(session, two) == ()
        with pytest.raises(NotFound):
            operations.agree(session, SENDER, two, late)
        assert operations.start(session, SENDER, two, lost.id, WHY) is Begun.WAITS, "it can be asked for anew"
    with clock.stopped_at(clock.now() + timedelta(days=91)):
        operations.purge(session)
    assert late not in session.scalars(select(Recovery.id)).all()


def test_what_is_stopped_cannot_be_agreed_to(session: Session) -> None:
    lost, one, two = (
        a_member(session, "lost", Role.REVIEWER),
        a_member(session, "one", Role.ADMINISTRATOR),
        a_member(session, "two", Role.REVIEWER),
    )
    operations.start(session, SENDER, one, lost.id, WHY)
    stopped = an_id(session)
    operations.refuse(session, two, stopped)
    session.expire_all()
    for act in (lambda: operations.agree(session, SENDER, two, stopped), lambda: operations.refuse(session, two, stopped)):
        with pytest.raises(NotFound):
            act()
    assert has_ways_in(session, lost.id)


def test_from_the_terminal_it_is_done_at_once_and_said_so(session: Session) -> None:
    lost = a_member(session, "lost", Role.ADMINISTRATOR)
    operations.recover_from_terminal(session, SENDER, "lost@example.org")
    assert not has_ways_in(session, lost.id)
    session.flush()
    assert [line.acted_by for line in session.scalars(select(HistoryLine).where(HistoryLine.resource_id == lost.id))] == ["terminal"]
    with pytest.raises(NotFound):
        operations.recover_from_terminal(session, SENDER, "nobody@example.org")


def test_agreed_by_many_at_once_it_happens_once(database: Engine) -> None:
    with writing(database) as session:
        lost, one = a_member(session, "lost", Role.REVIEWER), a_member(session, "one", Role.ADMINISTRATOR)
        others = [a_member(session, f"other{number}", Role.REVIEWER) for number in range(4)]
        operations.start(session, SENDER, one, lost.id, WHY)
        waiting = an_id(session)
    barrier = threading.Barrier(len(others))

    def agree(member: Member) -> bool:
        barrier.wait()
        try:
            with writing(database) as session:
                operations.agree(session, SENDER, member, waiting)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(len(others)) as pool:
        said = [one.result() for one in [pool.submit(copy_context().run, agree, member) for member in others]]
    assert sorted(said) == [False, False, False, True]
    with reading(database) as session:
        assert len([letter for letter in letters(session) if letter.subject == "You can make a new passkey now"]) == 1


def browser_of(app: Flask, email: str, *roles: Role) -> FlaskClient:
    return signed_in(app, make_person(app, email, roles=roles, name=email.partition("@")[0].title()))


def test_the_pages_lead_through_it(app: Flask) -> None:
    one, two = browser_of(app, "one@example.org", Role.ADMINISTRATOR), browser_of(app, "two@example.org", Role.REVIEWER)
    lost = make_person(app, "lost@example.org", roles=[Role.REVIEWER], name="Lost Person")
    begun = one.post("/en/people/recoveries", data={"email": "Lost@example.org "})
    assert begun.location == f"/en/people/{lost.id}/recover"
    assert "a second colleague must agree within 24 hours" in one.get(begun.location).text
    refused = one.post(begun.location, data={"what": "lost"})
    assert refused.status_code == 422
    assert "Choose how you know that it is really them" in refused.text
    assert one.post(begun.location, data={"what": "lost", "known_by": "rang"}).location == "/en/people/recoveries?done=begun"
    assert "I am sure." not in one.get("/en/people/recoveries").text
    page = two.get("/en/people/recoveries").text
    assert "Lost Person" in page
    assert "Asked for by One" in page
    assert "Wednesday 25 November at" in page
    with reading(app.extensions["people"].engine) as session:
        waiting = an_id(session)
    assert one.post(f"/en/people/recoveries/{waiting}/agree").status_code == 404
    assert two.post(f"/en/people/recoveries/{waiting}/agree").location == "/en/people/recoveries?done=helped"
    assert two.post(f"/en/people/recoveries/{waiting}/agree").status_code == 404


def test_whom_we_do_not_know_and_oneself_are_said_in_words(app: Flask) -> None:
    one = browser_of(app, "one@example.org", Role.ADMINISTRATOR)
    assert "Nobody has an account with this address" in one.post("/en/people/recoveries", data={"email": "x@example.org"}).text
    assert "Somebody else must help you" in one.post("/en/people/recoveries", data={"email": "one@example.org"}).text


def test_a_council_editor_helps_editors_only(app: Flask) -> None:
    with reading(app.extensions["people"].engine) as session:
        club = session.scalars(select(Organization.id)).first()
    assert club is not None
    editor = make_person(app, "editor@example.org", organizations=[club])
    reviewer = make_person(app, "reviewer@example.org", roles=[Role.REVIEWER])
    council = browser_of(app, "council@example.org", Role.COUNCIL_EDITOR)
    assert council.get(f"/en/people/{reviewer.id}/recover").status_code == 404
    why = {"what": "new", "known_by": "met"}
    assert council.post(f"/en/people/{reviewer.id}/recover", data=why).status_code == 404
    assert council.post(f"/en/people/{editor.id}/recover", data=why).location == "/en/people/recoveries?done=helped"
    with reading(app.extensions["people"].engine) as session:
        assert get_person(session, editor.id).left_at is None
        assert session.get_one(Person, reviewer.id).left_at is None
