"""Many at once on a real PostgreSQL, which lets them in together: one answer to an offer, one administrator left, one new person."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import Engine, select
from test_people import NEW, SENDER, an_administrator, an_editor, an_organization, at_once, member

from portal.accounts.audiences import Role
from portal.accounts.models import Grant, Person
from portal.accounts.people import operations
from portal.accounts.people.council import operations as council
from portal.accounts.people.keeping import operations as keeping
from portal.accounts.people.keeping.queries import get_keepers, list_standings
from portal.accounts.people.offers import Invitee, Offer
from portal.accounts.queries import find_person, list_editors
from portal.db import reading, writing

pytestmark = pytest.mark.usefixtures("stopped_clock")
ROUNDS = 5


@pytest.fixture
def engine(postgresql: Engine) -> Engine:
    """A PostgreSQL database with every table."""
    return postgresql


def an_address() -> str:
    return f"{uuid.uuid4().hex}@example.org"


def test_a_yes_a_no_and_a_taking_back_at_once_end_in_one_of_them(engine: Engine) -> None:
    for _ in range(ROUNDS):
        new = Invitee(an_address())
        with writing(engine) as session:
            club = an_organization(session, "Lunch Club")
            amina = an_editor(session, club, an_address())
            keeping.invite_keeper(session, SENDER, amina, club, new)
            sam = find_person(session, new.email)
            assert sam is not None
            them = member(session, sam.id)
        offer = Offer(organization_id=club)
        said = at_once(
            engine,
            lambda session, them=them, offer=offer: operations.accept(session, SENDER, them, offer),
            lambda session, them=them, offer=offer: operations.decline(session, them, offer),
            lambda session, them=them, amina=amina, club=club: keeping.take_back_invitation(session, amina, club, them.id),
        )
        assert sum(one is True for one in said) == 1
        with reading(engine) as session:
            assert member(session, them.id).edits(club) is (said[0] is True)
            assert get_keepers(session, club).asked == ()


def test_two_who_remove_each_other_at_once_leave_one(engine: Engine) -> None:
    for _ in range(ROUNDS):
        with writing(engine) as session:
            club = an_organization(session, "Lunch Club")
            one, two = an_editor(session, club, an_address()), an_editor(session, club, an_address())
        at_once(
            engine,
            lambda session, one=one, two=two, club=club: keeping.remove_keeper(session, SENDER, one, club, two.id),
            lambda session, one=one, two=two, club=club: keeping.remove_keeper(session, SENDER, two, club, one.id),
        )
        with reading(engine) as session:
            assert len(list_editors(session, club)) == 1


def test_two_administrators_who_take_each_other_away_at_once_leave_one(engine: Engine) -> None:
    for _ in range(ROUNDS):
        with writing(engine) as session:
            session.query(Grant).delete()
            one, two = an_administrator(session, an_address()), an_administrator(session, an_address())
        at_once(
            engine,
            lambda session, one=one, two=two: council.take_role(session, one, two.id, Role.ADMINISTRATOR),
            lambda session, one=one, two=two: council.let_go(session, two, one.id),
        )
        with reading(engine) as session:
            assert len(session.scalars(select(Grant).where(Grant.role == Role.ADMINISTRATOR)).all()) == 1


def test_asked_by_many_at_once_somebody_new_is_one_person(engine: Engine) -> None:
    with writing(engine) as session:
        club = an_organization(session, "Lunch Club")
        amina = an_editor(session, club, an_address())
    said = at_once(engine, *[lambda session: keeping.invite_keeper(session, SENDER, amina, club, NEW)] * 6)
    assert said == [True] * 6
    with reading(engine) as session:
        assert len(session.scalars(select(Person).where(Person.email == NEW.email)).all()) == 1


def test_asking_and_letting_go_at_once_never_fails_and_leaves_nobody_half_gone(engine: Engine) -> None:
    with writing(engine) as session:
        club = an_organization(session, "Lunch Club")
        amina, boss = an_editor(session, club, an_address()), an_administrator(session, an_address())
    for _ in range(ROUNDS):
        new = Invitee(an_address())
        with writing(engine) as session:
            keeping.invite_keeper(session, SENDER, amina, club, new)
            sam = find_person(session, new.email)
            assert sam is not None
        said = at_once(
            engine,
            lambda session, new=new: keeping.invite_keeper(session, SENDER, amina, club, new),
            lambda session, sam=sam: council.let_go(session, boss, sam.id),
        )
        assert said == [True, True]
        with reading(engine) as session:
            gone = session.get_one(Person, sam.id)
            assert (gone.left_at is not None, gone.email) == (True, None)


def test_how_organizations_stand_is_counted_there_too(engine: Engine) -> None:
    with writing(engine) as session:
        name = f"Club {uuid.uuid4()}"
        an_editor(session, an_organization(session, name), an_address())
    with reading(engine) as session:
        (row,) = list_standings(session, None, name).rows
    assert (row.keepers, row.asked) == (1, 0)
