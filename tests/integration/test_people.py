"""People and what they do: asked, saying yes or no, handing over, leaving, let go; and what is kept of it."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta

import pytest
from accounts import make_person
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Level, Member, Role
from portal.accounts.models import Grant, Membership, Person
from portal.accounts.people import operations
from portal.accounts.people.council import operations as council
from portal.accounts.people.council.queries import find_people, list_colleagues, list_keepers
from portal.accounts.people.keeping import operations as keeping
from portal.accounts.people.keeping.queries import Kept, get_keepers, list_standings
from portal.accounts.people.offers import TERMINAL, Invitee, Offer
from portal.accounts.people.queries import has_offers, list_offers
from portal.accounts.people.room import Sender
from portal.accounts.queries import find_person, get_person, list_editors, member_of
from portal.accounts.signing import sessions
from portal.accounts.signing.models import CodeApp, Passkey, SignIn
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
NEW = Invitee("sam@example.org", "Sam Lee", "en")

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def club(session: Session) -> uuid.UUID:
    """An organization."""
    return an_organization(session, "Lunch Club")


def an_organization(session: Session, name: str) -> uuid.UUID:
    organization = Organization(id=uuid.uuid4(), name=name)
    session.add(organization)
    session.flush()
    return organization.id


def member(session: Session, person_id: uuid.UUID, level: Level = Level.PASSKEY) -> Member:
    """A person as they are now."""
    session.expire_all()
    return member_of(get_person(session, person_id), level, "x")


def an_administrator(session: Session, email: str = "boss@example.org") -> Member:
    return member(session, make_person(session, email, roles=[Role.ADMINISTRATOR]).id)


def an_editor(session: Session, organization_id: uuid.UUID, email: str = "amina@example.org") -> Member:
    return member(session, make_person(session, email, organizations=[organization_id]).id)


def letters(session: Session) -> list[Message]:
    """What waits in the outbox, readable."""
    session.flush()
    key = key_of_site(SECRET, "mail")
    rows = session.scalars(select(Outgoing).order_by(Outgoing.posted_at))
    return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows]


def past(session: Session, person_id: uuid.UUID) -> list[tuple[str, dict[str, object], str]]:
    """What the history says of a person's account."""
    session.flush()
    lines = session.scalars(select(HistoryLine).where(HistoryLine.resource_id == person_id).order_by(HistoryLine.id))
    return [(line.action, line.changes, line.acted_by) for line in lines]


def test_who_is_asked_has_nothing_until_they_say_yes(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)
    assert keeping.invite_keeper(session, SENDER, amina, club, NEW)
    sam = find_person(session, NEW.email)
    assert sam is not None
    assert not member(session, sam.id).edits(club)
    assert has_offers(session, sam.id)
    (offered,) = list_offers(session, sam.id)
    assert (offered.organization, offered.asked_by) == ("Lunch Club", "Amina Rahman")
    assert operations.accept(session, SENDER, member(session, sam.id), offered.offer)
    assert member(session, sam.id).edits(club)
    assert not has_offers(session, sam.id)
    assert [act for act, *_ in past(session, sam.id)] == ["invited", "accepted"]


def test_the_letter_says_who_asks_what_and_opens_nothing(session: Session, club: uuid.UUID) -> None:
    keeping.invite_keeper(session, SENDER, an_editor(session, club), club, NEW)
    (letter,) = letters(session)
    assert letter.to == NEW.email
    assert re.search(r"Amina Rahman\W+ asks you to keep the listings of \W+Lunch Club", letter.body)
    assert re.findall(r"https?://\S+", letter.body) == ["https://help.example.org/en/sign-in"]
    assert "Sam Lee" not in letter.body + letter.subject, "what was typed as a name could carry anybody's words"


def test_the_letter_is_in_the_language_that_was_chosen(session: Session, club: uuid.UUID) -> None:
    keeping.invite_keeper(session, SENDER, an_editor(session, club), club, Invitee("sam@example.org", "", "ur"))
    (letter,) = letters(session)
    assert "https://help.example.org/ur/sign-in" in letter.body
    ben = an_editor(session, club, "ben@example.org")
    keeping.invite_keeper(session, SENDER, ben, club, Invitee("sam@example.org", "", "pl"))
    assert any("https://help.example.org/en/sign-in" in letter.body for letter in letters(session)), (
        "a language that the site does not speak"
    )


def test_the_history_holds_ids_and_roles_and_never_an_address_or_a_name(session: Session, club: uuid.UUID) -> None:
    boss, amina = an_administrator(session), an_editor(session, club)
    council.invite_colleague(session, SENDER, boss, Role.ADVISER, NEW)
    keeping.hand_over(session, SENDER, amina, club, NEW)
    sam = find_person(session, NEW.email)
    assert sam is not None
    for offered in list_offers(session, sam.id):
        operations.accept(session, SENDER, member(session, sam.id), offered.offer)
    council.let_go(session, boss, sam.id)
    session.flush()
    kept = repr([(line.changes, line.acted_by, line.reason) for line in session.scalars(select(HistoryLine))])
    assert "adviser" in kept
    assert str(club) in kept
    assert not [it for it in ("example.org", "Sam", "Lee", "Amina") if it in kept]


def test_an_address_is_one_person_however_it_is_written_and_whoever_asks(session: Session, club: uuid.UUID) -> None:
    sam = make_person(session, "Sam@Example.org", roles=[Role.ADVISER], name="Samuel")
    other = an_organization(session, "Other")
    keeping.invite_keeper(session, SENDER, an_editor(session, club), club, NEW)
    operations.invite(session, SENDER, TERMINAL, Offer(organization_id=other), NEW)
    session.expire_all()
    assert [person.id for person in session.scalars(select(Person).where(Person.email == NEW.email))] == [sam.id]
    assert get_person(session, sam.id).name == "Samuel", "what others type does not change somebody's name"
    assert len(list_offers(session, sam.id)) == 2


def test_asking_again_sends_again_and_makes_one_offer(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)
    assert keeping.invite_keeper(session, SENDER, amina, club, NEW)
    assert keeping.invite_keeper(session, SENDER, amina, club, NEW)
    assert len(letters(session)) == 2
    assert len(get_keepers(session, club).asked) == 1


def test_whoever_keeps_the_listings_already_is_not_asked_again(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)
    make_person(session, NEW.email, organizations=[club])
    assert not keeping.invite_keeper(session, SENDER, amina, club, NEW)
    assert letters(session) == []


def test_until_they_say_yes_colleagues_see_an_address_and_no_name(session: Session, club: uuid.UUID) -> None:
    make_person(session, NEW.email, name="A name of their own")
    keeping.invite_keeper(session, SENDER, an_editor(session, club), club, NEW)
    (asked,) = get_keepers(session, club).asked
    assert (asked.called, asked.name) == (NEW.email, "")


def test_saying_no_leaves_nothing(session: Session, club: uuid.UUID) -> None:
    keeping.invite_keeper(session, SENDER, an_editor(session, club), club, NEW)
    sam = find_person(session, NEW.email)
    assert sam is not None
    offer = Offer(organization_id=club)
    assert operations.decline(session, member(session, sam.id), offer)
    assert not operations.accept(session, SENDER, member(session, sam.id), offer)
    assert not member(session, sam.id).edits(club)
    assert get_keepers(session, club).asked == ()


def test_what_is_taken_back_cannot_be_accepted(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)
    keeping.invite_keeper(session, SENDER, amina, club, NEW)
    sam = find_person(session, NEW.email)
    assert sam is not None
    assert keeping.take_back_invitation(session, amina, club, sam.id)
    assert not operations.accept(session, SENDER, member(session, sam.id), Offer(organization_id=club))
    assert not keeping.take_back_invitation(session, amina, club, sam.id)


def test_an_offer_ends_after_thirty_days_and_a_stranger_is_forgotten(session: Session, club: uuid.UUID) -> None:
    keeping.invite_keeper(session, SENDER, an_editor(session, club), club, NEW)
    sam = find_person(session, NEW.email)
    assert sam is not None
    with clock.stopped_at(clock.now() + timedelta(days=29)):
        operations.end_unanswered(session)
        assert list_offers(session, sam.id)
    with clock.stopped_at(clock.now() + timedelta(days=30)):
        assert list_offers(session, sam.id) == ()
        assert not operations.accept(session, SENDER, member(session, sam.id), Offer(organization_id=club)), "even before anybody tends"
        assert get_keepers(session, club).asked == ()
        operations.end_unanswered(session)
        session.expire_all()
        assert find_person(session, NEW.email) is None
        left = session.get_one(Person, sam.id)
        assert (left.email, left.name) == (None, "")
        assert left.left_at is not None
    assert past(session, sam.id)[-1] == ("invitation ended", {"organization": [str(club), None]}, "tending")


def test_who_has_a_way_in_is_no_stranger(session: Session) -> None:
    sam = make_person(session, NEW.email)
    session.add(CodeApp(person_id=sam.id, sealed=b""))
    session.flush()
    with clock.stopped_at(clock.now() + timedelta(days=300)):
        operations.end_unanswered(session)
    session.expire_all()
    assert find_person(session, NEW.email) is not None


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_roles_that_need_a_passkey_are_accepted_with_one(session: Session, role: Role) -> None:
    operations.invite(session, SENDER, TERMINAL, Offer(role=role), NEW)
    sam = find_person(session, NEW.email)
    assert sam is not None
    assert not operations.accept(session, SENDER, member(session, sam.id, Level.CODE), Offer(role=role))
    assert operations.accept(session, SENDER, member(session, sam.id, Level.PASSKEY), Offer(role=role))


def test_handing_over_waits_for_a_yes(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)
    assert keeping.hand_over(session, SENDER, amina, club, NEW)
    assert member(session, amina.id).edits(club)
    sam = find_person(session, NEW.email)
    assert sam is not None
    (offered,) = list_offers(session, sam.id)
    assert offered.instead_of == "Amina Rahman"
    assert operations.accept(session, SENDER, member(session, sam.id), offered.offer)
    assert not member(session, amina.id).edits(club)
    assert member(session, sam.id).edits(club)
    assert [letter.to for letter in letters(session)] == [NEW.email, "amina@example.org"]
    assert past(session, amina.id)[-1][0] == "handed over"


def test_a_no_to_a_handing_over_changes_nothing(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)
    keeping.hand_over(session, SENDER, amina, club, NEW)
    sam = find_person(session, NEW.email)
    assert sam is not None
    operations.decline(session, member(session, sam.id), Offer(organization_id=club))
    assert member(session, amina.id).edits(club)


def test_somebody_who_was_removed_takes_their_invitations_with_them(session: Session, club: uuid.UUID) -> None:
    amina, ben = an_editor(session, club), an_editor(session, club, "ben@example.org")
    keeping.invite_keeper(session, SENDER, ben, club, NEW)
    assert keeping.remove_keeper(session, SENDER, amina, club, ben.id)
    assert get_keepers(session, club).asked == ()
    assert [letter.to for letter in letters(session)] == [NEW.email, "ben@example.org"]
    assert past(session, ben.id)[-1] == ("removed", {"organization": [str(club), None]}, amina.acted_by)


def test_somebody_who_was_removed_a_moment_ago_can_do_nothing_more(session: Session, club: uuid.UUID) -> None:
    amina, ben = an_editor(session, club), an_editor(session, club, "ben@example.org")
    keeping.remove_keeper(session, SENDER, amina, club, ben.id)
    for act in (
        lambda: keeping.remove_keeper(session, SENDER, ben, club, amina.id),
        lambda: keeping.invite_keeper(session, SENDER, ben, club, NEW),
        lambda: keeping.hand_over(session, SENDER, ben, club, NEW),
        lambda: keeping.take_back_invitation(session, ben, club, amina.id),
        lambda: keeping.leave(session, ben, club),
    ):
        with pytest.raises(NotFound):
            act()
    assert [person.id for person in list_editors(session, club)] == [amina.id]


def test_nobody_touches_another_organization(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)
    stranger = an_editor(session, an_organization(session, "Other"), "other@example.org")
    for act in (
        lambda: keeping.remove_keeper(session, SENDER, stranger, club, amina.id),
        lambda: keeping.invite_keeper(session, SENDER, stranger, club, NEW),
        lambda: keeping.hand_over(session, SENDER, stranger, club, NEW),
        lambda: keeping.leave(session, stranger, club),
    ):
        with pytest.raises(NotFound):
            act()
    assert letters(session) == []


def test_the_council_can_ask_and_remove_but_not_hand_over(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)
    for number, role in enumerate((Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADMINISTRATOR)):
        colleague = member(session, make_person(session, f"c{number}@example.org", roles=[role]).id)
        assert keeping.invite_keeper(session, SENDER, colleague, club, NEW)
        with pytest.raises(NotFound):
            keeping.hand_over(session, SENDER, colleague, club, NEW)
    adviser = member(session, make_person(session, "adviser@example.org", roles=[Role.ADVISER]).id)
    with pytest.raises(NotFound):
        keeping.invite_keeper(session, SENDER, adviser, club, NEW)
    assert keeping.remove_keeper(session, SENDER, colleague, club, amina.id)


def test_an_organization_that_nobody_keeps_is_flagged(session: Session, club: uuid.UUID) -> None:
    amina = an_editor(session, club)

    def stands() -> Kept:
        (row,) = list_standings(session, None, "lunch club").rows
        return row.kept

    assert stands() is Kept.SOMEBODY
    keeping.invite_keeper(session, SENDER, amina, club, NEW)
    keeping.leave(session, amina, club)
    assert stands() is Kept.NOBODY, "what the last one asked goes with them"
    operations.invite(session, SENDER, TERMINAL, Offer(organization_id=club), NEW)
    assert stands() is Kept.ASKED
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        assert stands() is Kept.NOBODY


def test_the_last_administrator_stays(session: Session) -> None:
    boss = an_administrator(session)
    assert not council.take_role(session, boss, boss.id, Role.ADMINISTRATOR)
    assert not council.let_go(session, boss, boss.id)
    council.invite_colleague(session, SENDER, boss, Role.ADMINISTRATOR, NEW)
    assert not council.take_role(session, boss, boss.id, Role.ADMINISTRATOR), "who is asked is none yet"
    sam = find_person(session, NEW.email)
    assert sam is not None
    assert operations.accept(session, SENDER, member(session, sam.id), Offer(role=Role.ADMINISTRATOR))
    assert council.take_role(session, boss, boss.id, Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        council.take_role(session, boss, sam.id, Role.ADMINISTRATOR)


def test_only_administrators_give_and_take_roles(session: Session) -> None:
    boss = an_administrator(session)
    for number, role in enumerate((Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADVISER)):
        other = member(session, make_person(session, f"c{number}@example.org", roles=[role]).id)
        for act in (
            lambda other=other: council.invite_colleague(session, SENDER, other, Role.ADVISER, NEW),
            lambda other=other: council.take_role(session, other, boss.id, Role.ADMINISTRATOR),
            lambda other=other: council.let_go(session, other, boss.id),
            lambda other=other: council.take_back(session, other, boss.id, Offer(role=Role.ADVISER)),
        ):
            with pytest.raises(NotFound):
                act()


def test_somebody_let_go_is_forgotten_and_has_nothing(session: Session, club: uuid.UUID) -> None:
    boss = an_administrator(session)
    sam = make_person(session, NEW.email, roles=[Role.ADVISER], organizations=[club], name="Sam Lee")
    token = sessions.start(session, sam.id, Level.PASSKEY, "Chrome")
    session.add(CodeApp(person_id=sam.id, sealed=b""))
    session.add(Passkey(person_id=sam.id, credential_id=b"1", public_key=b"", sign_count=0, name="Phone", added_at=clock.now()))
    session.flush()
    assert council.let_go(session, boss, sam.id)
    session.expire_all()
    left = session.get_one(Person, sam.id)
    assert (left.email, left.name, left.left_at) == (None, "", clock.now())
    assert sessions.find_member(session, token) is None
    for table in (Grant, Membership, CodeApp, Passkey, SignIn):
        assert session.scalars(select(table).where(table.person_id == sam.id)).all() == []
    assert past(session, sam.id) == [("let go", {"roles": [["adviser"], []], "organizations": [[str(club)], []]}, boss.acted_by)]
    with pytest.raises(NotFound):
        council.let_go(session, boss, sam.id)
    operations.invite(session, SENDER, TERMINAL, Offer(role=Role.ADVISER), NEW)
    again = find_person(session, NEW.email)
    assert again is not None
    assert again.id != sam.id


def test_everybody_is_listed_and_found(session: Session, club: uuid.UUID) -> None:
    boss = an_administrator(session)
    an_editor(session, club)
    council.invite_colleague(session, SENDER, boss, Role.ADVISER, NEW)
    assert [(one.called, one.roles, one.asked_roles) for one in list_colleagues(session)] == [
        ("Amina Rahman", (Role.ADMINISTRATOR,), ()),
        ("Sam Lee", (), (Role.ADVISER,)),
    ]
    assert [one.email for one in list_keepers(session, 1).people] == ["amina@example.org"]
    assert [one.email for one in find_people(session, "SAM l")] == [NEW.email]
    assert [one.email for one in find_people(session, "boss@")] == ["boss@example.org"]
    assert find_people(session, "%") == ()
    assert find_people(session, "") == ()


def at_once(engine: Engine, *acts: Callable[[Session], object]) -> list[object]:
    """Each in a thread and transaction of its own, begun together; what each gives, or raises."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> object:
        start.wait()
        try:
            with writing(engine) as session:
                return act(session)
        except NotFound as error:
            return type(error)

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result() for one in [pool.submit(copy_context().run, run, act) for act in acts]]  # with the clock of the test


@pytest.fixture
def racing(database: Engine) -> tuple[Engine, uuid.UUID, Member]:
    """A database of its own, an organization, and who keeps its listings."""
    with writing(database) as session:
        club = an_organization(session, "Lunch Club")
        return database, club, an_editor(session, club)


@pytest.mark.parametrize("_round", range(5))
def test_a_yes_and_a_no_at_once_end_in_one_of_them(racing: tuple[Engine, uuid.UUID, Member], _round: int) -> None:
    engine, club, amina = racing
    with writing(engine) as session:
        keeping.invite_keeper(session, SENDER, amina, club, NEW)
        sam = find_person(session, NEW.email)
        assert sam is not None
        them = member(session, sam.id)
    offer = Offer(organization_id=club)
    said = at_once(
        engine,
        lambda session: operations.accept(session, SENDER, them, offer),
        lambda session: operations.decline(session, them, offer),
        lambda session: keeping.take_back_invitation(session, amina, club, them.id),
    )
    assert sum(one is True for one in said) == 1
    with reading(engine) as session:
        assert member(session, them.id).edits(club) is (said[0] is True)
        assert get_keepers(session, club).asked == ()


@pytest.mark.parametrize("_round", range(5))
def test_two_who_remove_each_other_at_once_leave_one(racing: tuple[Engine, uuid.UUID, Member], _round: int) -> None:
    engine, club, amina = racing
    with writing(engine) as session:
        ben = an_editor(session, club, "ben@example.org")
    said = at_once(
        engine,
        lambda session: keeping.remove_keeper(session, SENDER, amina, club, ben.id),
        lambda session: keeping.remove_keeper(session, SENDER, ben, club, amina.id),
    )
    assert sorted(map(str, said)) == sorted(map(str, (True, NotFound)))
    with reading(engine) as session:
        assert len(list_editors(session, club)) == 1


@pytest.mark.parametrize("_round", range(5))
def test_two_administrators_who_take_each_other_away_at_once_leave_one(database: Engine, _round: int) -> None:
    with writing(database) as session:
        one, two = an_administrator(session), an_administrator(session, "two@example.org")
    at_once(
        database,
        lambda session: council.take_role(session, one, two.id, Role.ADMINISTRATOR),
        lambda session: council.let_go(session, two, one.id),
    )
    with reading(database) as session:
        assert len(session.scalars(select(Grant).where(Grant.role == Role.ADMINISTRATOR)).all()) == 1


def test_asked_by_many_at_once_somebody_new_is_one_person(racing: tuple[Engine, uuid.UUID, Member]) -> None:
    engine, club, amina = racing
    said = at_once(engine, *[lambda session: keeping.invite_keeper(session, SENDER, amina, club, NEW)] * 6)
    assert said == [True] * 6
    with reading(engine) as session:
        assert len(session.scalars(select(Person).where(Person.email == NEW.email)).all()) == 1
        assert len(get_keepers(session, club).asked) == 1
