"""Letters about proposals: to whoever proposed, in their language; to the old contact before anything changes; to reviewers once a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from proposing import Stage, member, set_up, waiting
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Role
from portal.accounts.models import Person
from portal.directory.record import PhoneEntry
from portal.editing.proposals import sending
from portal.editing.proposals.draft import Decision, ServiceDecision
from portal.editing.proposals.models import Notice
from portal.editing.proposals.operations import approve, confirm_contacts, return_to_editor
from portal.editing.proposals.queries import get_proposal
from portal.mail import Message, Outgoing
from portal.pack import Line, Pack
from portal.sealing import key_of_site
from portal.sharing.asking.room import Sender

MOMENT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)  # a Tuesday
LINE = Line("front_door", "Care Line", "01632 960999", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en", "ur"), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", "a site's own secret, long enough for it")


@pytest.fixture
def stage(session: Session) -> Iterator[Stage]:
    with clock.stopped_at(MOMENT):
        yield set_up(session)


def letters(session: Session) -> list[Message]:
    """What is posted since the last time, in order."""
    sending.write_letters(session, SENDER)
    session.flush()
    key = key_of_site(SENDER.secret, "mail")
    rows = sorted(session.scalars(select(Outgoing)), key=lambda row: row.posted_at)
    found = [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows]
    for row in rows:
        session.delete(row)
    session.flush()
    assert session.scalar(select(func.count()).select_from(Notice)) == 0
    return found


def lock(session: Session, proposal_id: uuid.UUID) -> int:
    return get_proposal(session, proposal_id).lock


def test_whoever_proposed_is_told_what_was_decided_and_why(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="Three pounds", alert="NEWS")
    assert letters(session) == [], "nobody is told of what they did themselves"
    [seen] = get_proposal(session, proposal_id).services
    said = Decision((ServiceDecision(seen.id, ("fees",), seen.live_version),), "Notices are for news.")
    approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), said)
    [letter] = letters(session)
    assert letter.to == stage.editor.email
    assert letter.subject == "Some of your changes are live"
    for words in (
        "Lunch club",
        "Live now: Cost",
        "Not live yet: Notice",
        "Notices are for news.",
        "https://doorstep.example/en/my-listings",
    ):
        assert words in letter.body
    assert stage.reviewer.email not in f"{letter}"


def test_a_return_says_why(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="x")
    return_to_editor(session, stage.reviewer, proposal_id, lock(session, proposal_id), "How much is it?")
    [letter] = letters(session)
    assert "How much is it?" in letter.body


def test_the_old_contact_is_told_before_anything_changes_and_how_to_object(session: Session, stage: Stage) -> None:
    changes = {"phones": (PhoneEntry("01632 960777"),), "email": "new@example.com"}
    proposal_id = waiting(session, stage.editor, stage, **changes)
    approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
    posted = letters(session)
    told = [letter for letter in posted if "about to change" in letter.subject]
    assert {letter.to for letter in told} == {"club@example.org", "friends@example.org"}, "the old ones, never the new one"
    for words in ("01632 960001", "01632 960777", "new@example.com", "Care Line", "01632 960999", "care@example.org"):
        assert words in told[0].body
    [own] = [letter for letter in posted if letter not in told]
    assert own.to == stage.editor.email
    confirm_contacts(session, stage.second_reviewer, proposal_id, lock(session, proposal_id))
    assert [letter.subject for letter in letters(session)] == ["Your new contact details are live"]


def test_the_old_contact_is_told_even_when_the_second_person_is_quicker_than_the_mail(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, url="https://other.example.com")
    approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
    confirm_contacts(session, stage.second_reviewer, proposal_id, lock(session, proposal_id))
    told = [letter for letter in letters(session) if letter.to == "club@example.org"]
    assert len(told) == 1
    assert "https://other.example.com" in told[0].body


def test_letters_are_in_the_language_of_whoever_gets_them(session: Session, stage: Stage) -> None:
    session.get_one(Person, stage.editor.id).language = "ur"
    proposal_id = waiting(session, stage.editor, stage, fees="x")
    approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
    [letter] = letters(session)
    assert letter.language == "ur"
    assert "/ur/my-listings" in letter.body


def test_somebody_who_has_left_is_not_written_to(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="x")
    approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
    person = session.get_one(Person, stage.editor.id)
    person.email, person.left_at = None, MOMENT
    assert letters(session) == []


def test_names_that_look_like_markup_stay_words(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, name="<script>alert(1)</script>%(x)s\r\nBcc: a@b.example")
    approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
    [letter] = letters(session)
    assert "<script>" not in (letter.html or "")
    assert "\n" not in letter.subject


class TestReviewers:
    """Reviewers hear of what waits, once a day at most."""

    def told(self, session: Session, moment: datetime) -> int:
        with clock.stopped_at(moment):
            return sending.tell_reviewers(session, SENDER)

    def test_once_a_day_on_working_days_while_something_waits(self, session: Session, stage: Stage) -> None:
        assert self.told(session, MOMENT) == 0
        waiting(session, stage.editor, stage, fees="x")
        assert self.told(session, MOMENT) == 2
        assert self.told(session, MOMENT + timedelta(hours=3)) == 0
        assert self.told(session, MOMENT + timedelta(days=1)) == 2
        assert self.told(session, datetime(2026, 11, 28, 10, 30, tzinfo=UTC)) == 0, "a Saturday"
        assert self.told(session, datetime(2026, 12, 25, 10, 30, tzinfo=UTC)) == 0
        assert self.told(session, datetime(2026, 11, 30, 3, 0, tzinfo=UTC)) == 0
        assert [letter.subject for letter in letters(session)] == ["Changes wait for you"] * 4

    def test_only_those_who_review(self, session: Session, stage: Stage) -> None:
        member(session, "ed@example.org", roles=(Role.COUNCIL_EDITOR,))
        waiting(session, stage.editor, stage, fees="x")
        self.told(session, MOMENT)
        assert {letter.to for letter in letters(session)} == {stage.reviewer.email, stage.second_reviewer.email}
