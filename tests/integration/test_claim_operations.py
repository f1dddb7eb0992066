"""Claims: by the organization's own domain at once, by a person otherwise; once each; told to those who keep it; deleted in time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from proposing import OTHERS, OURS, Stage, member, set_up
from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.orm import Session
from test_people import SENDER, at_once, letters
from test_people import member as as_member

from portal import clock
from portal.accounts.audiences import Member, Role
from portal.accounts.models import Membership, Person
from portal.accounts.people.keeping.queries import get_keepers
from portal.accounts.people.operations import accept as say_yes
from portal.accounts.people.queries import list_offers
from portal.accounts.queries import find_person, list_editors
from portal.db import reading, writing
from portal.directory.models import Organization
from portal.editing.claiming import operations, tending
from portal.editing.claiming.deciding import operations as deciding
from portal.editing.claiming.models import Claim, State
from portal.editing.claiming.operations import Answer
from portal.editing.claiming.queries import find_told, get_claim, list_alike, list_asked, list_own_domains, list_waiting
from portal.editing.claiming.told import Founding, Told
from portal.errors import Conflict, NotFound, Refused
from portal.history import HistoryLine

pytestmark = pytest.mark.usefixtures("stopped_clock")
WHO = Told(email="jo@example.org", name="Jo Day", role="Secretary", phone="01632 960777", proof="Ring Mrs Vale")
ELSEWHERE = Told(email="jo@gmail.com", name="Jo Day", role="Secretary", phone="01632 960777", proof="Ring Mrs Vale", language="ur")
MISSING = Told(
    email="kim@gmail.com",
    name="Kim Oak",
    role="Chair",
    founding=Founding(
        name="Oak Street Singers", about="We sing.", website="https://oaksingers.example", phone="01632 960888", where="Oak Street"
    ),
)


@pytest.fixture
def stage(session: Session) -> Stage:
    """Friends (example.org) with their lunch club, kept by nobody."""
    made = set_up(session)
    session.execute(delete(Membership).where(Membership.organization_id == OURS))
    session.expire_all()
    return made


def claims(session: Session) -> list[Claim]:
    session.flush()
    session.expire_all()
    return list(session.scalars(select(Claim).order_by(Claim.claimed_at, Claim.id)))


def kept(session: Session) -> Member:
    return member(session, "vera@example.org", OURS)


def the_claim(session: Session) -> uuid.UUID:
    (claim,) = claims(session)
    return claim.id


def past(session: Session, claim_id: uuid.UUID) -> list[tuple[str, str]]:
    session.flush()
    lines = session.scalars(select(HistoryLine).where(HistoryLine.resource_id == claim_id).order_by(HistoryLine.id))
    return [(line.action, line.acted_by) for line in lines]


def later(**span: float) -> object:
    return clock.stopped_at(clock.now() + timedelta(**span))


def test_an_address_on_their_own_domain_is_invited_at_once(session: Session, stage: Stage) -> None:
    assert operations.claim(session, SENDER, OURS, Told(email="jo@example.org")) is Answer.INVITED
    person = find_person(session, "jo@example.org")
    assert person
    (offered,) = list_offers(session, person.id)
    assert (offered.organization, offered.asked_by) == ("Friends", "")
    (letter,) = letters(session)
    assert letter.to == "jo@example.org"
    assert "You asked to keep the listings of" in letter.body
    assert list_editors(session, OURS) == [], "nobody keeps them before the address is proved"
    assert past(session, the_claim(session)) == [("claimed", "site")]


def test_asked_twice_on_one_day_they_have_one_letter_and_another_on_the_next(session: Session, stage: Stage) -> None:
    for _ in range(3):
        assert operations.claim(session, SENDER, OURS, Told(email="jo@example.org")) is Answer.INVITED
    assert len(letters(session)) == 1
    with later(days=1):
        operations.claim(session, SENDER, OURS, Told(email="jo@example.org"))
    assert len(letters(session)) == 2


@pytest.mark.parametrize("email", ["jo@gmail.com", "jo@evil-example.org", "jo@example.org.evil.com", "jo@xn--exmple-cua.org"])
def test_any_other_address_goes_to_a_person_who_needs_to_know_more(session: Session, stage: Stage, email: str) -> None:
    assert operations.claim(session, SENDER, OURS, Told(email=email)) is Answer.MORE
    assert claims(session) == []
    assert operations.claim(session, SENDER, OURS, Told(email=email, name="Jo", role="x", proof="y")) is Answer.SENT
    (claim,) = claims(session)
    assert (claim.state, claim.organization_id) == (State.WAITING, OURS)
    assert find_person(session, email) is None, "nobody has an account by asking for one"
    assert letters(session) == []


def test_a_kept_organization_always_goes_to_a_person_also_from_its_own_domain(session: Session, stage: Stage) -> None:
    kept(session)
    assert operations.claim(session, SENDER, OURS, Told(email="jo@example.org")) is Answer.MORE
    assert operations.claim(session, SENDER, OURS, WHO) is Answer.SENT
    (claim,) = claims(session)
    assert claim.state == State.ASKED
    assert find_person(session, "jo@example.org") is None


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(session: Session, stage: Stage) -> None:
    for email in ("rita@example.org", "nobody-yet@example.org"):
        assert operations.claim(session, SENDER, OURS, Told(email=email)) is Answer.INVITED
    kept(session)
    for email in ("vera@example.org", "rita@example.org", "never-seen@example.org"):
        assert operations.claim(session, SENDER, OURS, Told(email=email)) is Answer.MORE
        told = Told(email=email, name="A", role="B", proof="C")
        assert operations.claim(session, SENDER, OURS, told) is Answer.SENT


def test_who_keeps_them_already_is_told_to_sign_in_and_nobody_is_bothered(session: Session, stage: Stage) -> None:
    kept(session)
    for _ in range(2):
        operations.claim(session, SENDER, OURS, Told(email="vera@example.org", name="Vera", role="x", proof="y"))
        tending.tend(session, SENDER)
    (letter,) = letters(session)
    assert letter.to == "vera@example.org"
    assert "You only need to sign in" in letter.body
    assert [claim.state for claim in claims(session)] == [State.ACCEPTED] * 2
    assert list_asked(session, SENDER, OURS) == ()


def test_a_name_that_anybody_could_have_typed_is_not_given_to_the_address(session: Session, stage: Stage) -> None:
    operations.claim(session, SENDER, OURS, Told(email="jo@example.org", name="The Council", role="x", proof="y"))
    person = find_person(session, "jo@example.org")
    assert person
    assert person.name == ""


def test_a_domain_with_many_addresses_is_not_opened_to_all_of_them(session: Session, stage: Stage) -> None:
    answers = [
        operations.claim(session, SENDER, OURS, Told(email=f"n{number}@example.org")) for number in range(operations.MOST_INVITED + 1)
    ]
    assert answers == [Answer.INVITED] * operations.MOST_INVITED + [Answer.MORE]


def test_a_domain_that_another_organization_lists_is_nobodys_own(session: Session, stage: Stage) -> None:
    ours = session.get_one(Organization, OURS)
    assert list_own_domains(session, ours) == {"example.org"}
    session.get_one(Organization, OTHERS).website = "https://others.example.org"
    session.flush()
    assert list_own_domains(session, ours) == frozenset()
    assert operations.claim(session, SENDER, OURS, Told(email="jo@example.org")) is Answer.MORE


def test_an_organization_that_nobody_can_see_cannot_be_claimed(session: Session, stage: Stage) -> None:
    for organization_id in (OTHERS, uuid.uuid4()):
        with pytest.raises(NotFound):
            operations.claim(session, SENDER, organization_id, ELSEWHERE)


def test_what_was_typed_is_nowhere_to_be_read(session: Session, stage: Stage) -> None:
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    operations.add(session, SENDER, MISSING)
    session.flush()
    for table in ("claim", "history", "person", "outgoing"):
        rows = str(session.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 - names are those above
        for canary in ("Jo Day", "jo@gmail.com", "960777", "Mrs Vale", "kim@", "Kim Oak", "Oak Street", "960888"):
            assert canary not in rows, (table, canary)
    assert find_told(SENDER, claims(session)[0]) in (ELSEWHERE, MISSING)


def test_those_who_keep_it_are_told_once_a_day_and_their_yes_invites(session: Session, stage: Stage) -> None:
    vera = kept(session)
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    for _ in range(2):
        tending.tend(session, SENDER)
    (letter,) = letters(session)
    assert letter.to == "vera@example.org"
    assert f"/en/organizations/{OURS}/claims" in letter.body
    assert "jo@gmail.com" not in letter.body
    ((claim, told),) = list_asked(session, SENDER, OURS)
    assert told == ELSEWHERE
    deciding.answer_as_keeper(session, SENDER, vera, claim.id, is_yes=True)
    person = find_person(session, "jo@gmail.com")
    assert person
    assert person.language == "ur"
    assert list_offers(session, person.id)
    assert [act for act, _ in past(session, claim.id)] == ["claimed", "claim accepted"]
    with pytest.raises(Conflict):
        deciding.answer_as_keeper(session, SENDER, vera, claim.id, is_yes=False)


def test_their_no_leaves_it_to_the_council_which_sees_who_said_so(session: Session, stage: Stage) -> None:
    vera = kept(session)
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    deciding.answer_as_keeper(session, SENDER, vera, the_claim(session), is_yes=False)
    view = get_claim(session, SENDER, the_claim(session))
    assert (view.state, view.refused_by, view.keepers) == (State.WAITING, "Vera", ("Vera",))
    with pytest.raises(Conflict):
        deciding.answer_as_keeper(session, SENDER, vera, view.id, is_yes=True)


def test_those_who_keep_another_organization_have_no_say(session: Session, stage: Stage) -> None:
    kept(session)
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    with pytest.raises(NotFound):
        deciding.answer_as_keeper(session, SENDER, stage.stranger, the_claim(session), is_yes=True)
    for nobody in (stage.stranger, kept_reviewer_without_role(session)):
        with pytest.raises(NotFound):
            deciding.accept(session, SENDER, nobody, the_claim(session))
        with pytest.raises(NotFound):
            deciding.decline(session, SENDER, nobody, the_claim(session), "no")


def kept_reviewer_without_role(session: Session) -> Member:
    return member(session, "ada@example.org", roles=(Role.ADMINISTRATOR, Role.COUNCIL_EDITOR))


def test_what_they_do_not_answer_in_five_working_days_goes_to_the_council(session: Session, stage: Stage) -> None:
    kept(session)
    operations.claim(session, SENDER, OURS, ELSEWHERE)  # on Tuesday 24 November
    with later(days=7, hours=13):
        assert tending.pass_on(session) == 0, "Tuesday 1 December is the fifth working day"
    with later(days=8):
        assert tending.pass_on(session) == 1
        assert tending.pass_on(session) == 0
    assert claims(session)[0].state == State.WAITING


def test_what_nobody_keeps_any_more_goes_to_the_council_at_once(session: Session, stage: Stage) -> None:
    vera = kept(session)
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    session.execute(update(Person).where(Person.id == vera.id).values(left_at=clock.now()))
    assert tending.pass_on(session) == 1


def test_a_reviewer_says_yes_once(session: Session, stage: Stage) -> None:
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    claim_id = the_claim(session)
    assert [it.name for it in list_waiting(session, SENDER, 1)[0]] == ["Friends"]
    deciding.accept(session, SENDER, stage.reviewer, claim_id)
    assert [letter.to for letter in letters(session)] == ["jo@gmail.com"]
    for act in (lambda: deciding.accept(session, SENDER, stage.second_reviewer, claim_id), lambda: declined(session, stage, claim_id)):
        with pytest.raises(Conflict):
            act()
    assert len(letters(session)) == 1
    assert list_waiting(session, SENDER, 1) == ((), 0)
    assert past(session, claim_id) == [("claimed", "claimant"), ("claim accepted", stage.reviewer.acted_by)]


def declined(session: Session, stage: Stage, claim_id: uuid.UUID) -> None:
    deciding.decline(session, SENDER, stage.second_reviewer, claim_id, "We could not reach Mrs Vale.")


def test_declined_they_are_told_why_and_may_ask_again(session: Session, stage: Stage) -> None:
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    first = the_claim(session)
    declined(session, stage, first)
    (letter,) = letters(session)
    assert letter.to == "jo@gmail.com"
    assert letter.language == "ur"
    assert "We could not reach Mrs Vale." in letter.body
    assert find_person(session, "jo@gmail.com") is None
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    assert {claim.state for claim in claims(session)} == {State.DECLINED, State.WAITING}


def test_those_who_keep_it_learn_that_the_council_asked_somebody_more(session: Session, stage: Stage) -> None:
    kept(session)
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    deciding.accept(session, SENDER, stage.reviewer, the_claim(session))
    assert sorted(letter.to for letter in letters(session)) == ["jo@gmail.com", "vera@example.org"]


def test_nobody_decides_on_a_claim_of_their_own(session: Session, stage: Stage) -> None:
    kept(session)
    operations.claim(session, SENDER, OURS, Told(email="rita@example.org", name="Rita", role="x", proof="y"))
    with pytest.raises(Refused):
        deciding.accept(session, SENDER, stage.reviewer, the_claim(session))
    assert claims(session)[0].state == State.ASKED


def test_reviewers_are_told_once_a_day_while_something_waits(session: Session, stage: Stage) -> None:
    tending.tend(session, SENDER)
    assert letters(session) == []
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    for _ in range(2):
        tending.tend(session, SENDER)
    assert sorted(letter.to for letter in letters(session)) == ["rita@example.org", "sam@example.org"]
    with later(days=1):
        tending.tend(session, SENDER)
    assert len(letters(session)) == 4


def test_a_missing_organization_is_written_down_and_kept_by_who_told_of_it(session: Session, stage: Stage) -> None:
    operations.add(session, SENDER, MISSING)
    operations.add(session, SENDER, MISSING)
    claim_id = the_claim(session)
    view = get_claim(session, SENDER, claim_id)
    assert (view.organization, view.organization_id, view.website) == ("Oak Street Singers", None, "https://oaksingers.example")
    deciding.accept(session, SENDER, stage.reviewer, claim_id)
    organization = session.scalars(select(Organization).where(Organization.name == "Oak Street Singers")).one()
    assert (organization.description, [phone.number for phone in organization.phones]) == ("We sing.", ["01632 960888"])
    assert organization.email is None, "the address of a person is not published"
    assert past(session, organization.id) == [("added", stage.reviewer.acted_by)]
    assert len(get_keepers(session, organization.id).asked) == 1
    with pytest.raises(Conflict):
        deciding.accept(session, SENDER, stage.reviewer, claim_id)
    assert session.scalar(select(func.count()).select_from(Organization).where(Organization.name == "Oak Street Singers")) == 1


def test_a_missing_organization_can_be_one_that_is_here(session: Session, stage: Stage) -> None:
    assert [(each.name, each.is_public) for each in list_alike(session, Founding(name="The Friends", phone="+44 1632 960001"))] == [
        ("Friends", True)
    ]
    operations.add(session, SENDER, MISSING)
    with pytest.raises(NotFound):
        deciding.accept(session, SENDER, stage.reviewer, the_claim(session), uuid.uuid4())


def test_chosen_by_the_reviewer_it_is_the_one_that_is_here(session: Session, stage: Stage) -> None:
    operations.add(session, SENDER, MISSING)
    before = session.scalar(select(func.count()).select_from(Organization))
    deciding.accept(session, SENDER, stage.reviewer, the_claim(session), OURS)
    assert session.scalar(select(func.count()).select_from(Organization)) == before
    assert len(get_keepers(session, OURS).asked) == 1


def test_the_reviewer_sees_what_speaks_for_and_against_it(session: Session, stage: Stage) -> None:
    kept(session)
    operations.claim(session, SENDER, OURS, WHO)
    view = get_claim(session, SENDER, the_claim(session))
    assert (view.is_on_own_domain, view.is_published_address) == (True, False)
    assert view.phones == ("01632 960001",)
    session.execute(delete(Claim))
    operations.claim(session, SENDER, OURS, Told(email="friends@examp1e.org", name="J", role="x", phone="0906 123 4567", proof="y"))
    view = get_claim(session, SENDER, the_claim(session))
    assert not view.is_on_own_domain
    assert len(view.oddities) == 2, "an address that looks like theirs, and a dear number"


def test_the_published_address_itself_speaks_for_them(session: Session, stage: Stage) -> None:
    session.get_one(Organization, OURS).email = "Friends.Of@gmail.com"
    operations.claim(session, SENDER, OURS, Told(email="friends.of@gmail.com", name="J", role="x", proof="y"))
    view = get_claim(session, SENDER, the_claim(session))
    assert (view.is_published_address, view.is_on_own_domain) == (True, False)


def test_ninety_days_after_the_decision_nothing_of_it_is_left_but_ids(session: Session, stage: Stage) -> None:
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    claim_id = the_claim(session)
    declined(session, stage, claim_id)
    with later(days=89):
        assert tending.erase(session) == 0
    with later(days=90):
        assert tending.erase(session) == 1
        assert claims(session) == []
    assert past(session, claim_id)[-1] == ("claim erased", "tending")


def test_what_nobody_decides_in_a_year_goes_too(session: Session, stage: Stage) -> None:
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    with later(days=364):
        assert tending.erase(session) == 0
    with later(days=366):
        assert tending.erase(session) == 1


def test_what_was_sealed_by_another_secret_can_be_declined_and_no_more(session: Session, stage: Stage) -> None:
    operations.claim(session, SENDER, OURS, ELSEWHERE)
    claim_id = the_claim(session)
    session.execute(update(Claim).values(sealed=b"broken"))
    session.expire_all()
    assert get_claim(session, SENDER, claim_id).told is None
    with pytest.raises(Refused):
        deciding.accept(session, SENDER, stage.reviewer, claim_id)
    declined(session, stage, claim_id)
    assert letters(session) == []


def test_two_claims_at_once_are_one_each_and_the_same_twice_is_one(database: Engine) -> None:
    with writing(database) as session:
        set_up(session)
        session.execute(delete(Membership).where(Membership.organization_id == OURS))
    run_claims(database)


def run_claims(engine: Engine) -> None:
    def asks(told: Told) -> Callable[[Session], Answer]:
        return lambda session: operations.claim(session, SENDER, OURS, told)

    other = Told(email="lee@gmail.com", name="Lee", role="x", proof="y")
    said = at_once(engine, asks(ELSEWHERE), asks(ELSEWHERE), asks(other), asks(other))
    assert said == [Answer.SENT] * 4
    said = at_once(engine, *[asks(Told(email=f"p{number}@example.org")) for number in (1, 1, 2, 3, 4, 5)])
    assert said.count(Answer.INVITED) <= operations.MOST_INVITED + 1
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Claim).where(Claim.state == State.WAITING)) == 2
        invited = session.scalar(select(func.count()).select_from(Membership).where(Membership.organization_id == OURS))
        assert invited == operations.MOST_INVITED


def test_two_who_decide_at_once_decide_once(database: Engine) -> None:
    with writing(database) as session:
        stage = set_up(session)
    run_decisions(database, stage)


def run_decisions(engine: Engine, stage: Stage) -> None:
    with writing(engine) as session:
        operations.add(session, SENDER, MISSING)
    with reading(engine) as session:
        claim_id = session.scalars(select(Claim.id).where(Claim.organization_id.is_(None))).one()

    def decides(act: Callable[[Session], None]) -> Callable[[Session], str]:
        def run(session: Session) -> str:
            try:
                act(session)
            except Conflict:
                session.rollback()
                return "late"
            return "done"

        return run

    said = at_once(
        engine,
        decides(lambda session: deciding.accept(session, SENDER, stage.reviewer, claim_id)),
        decides(lambda session: deciding.accept(session, SENDER, stage.second_reviewer, claim_id)),
        decides(lambda session: deciding.decline(session, SENDER, stage.second_reviewer, claim_id, "no")),
    )
    assert sorted(said) == ["done", "late", "late"]
    with reading(engine) as session:
        made = session.scalar(select(func.count()).select_from(Organization).where(Organization.name == "Oak Street Singers"))
        assert made == (0 if said[2] == "done" else 1)


def test_the_address_that_was_claimed_by_domain_keeps_the_listings_once_it_says_yes(session: Session, stage: Stage) -> None:
    operations.claim(session, SENDER, OURS, Told(email="jo@example.org"))
    person = find_person(session, "jo@example.org")
    assert person
    (offered,) = list_offers(session, person.id)
    assert say_yes(session, SENDER, as_member(session, person.id), offered.offer)
    assert [each.email for each in list_editors(session, OURS)] == ["jo@example.org"]
