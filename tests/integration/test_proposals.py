"""Propose, review, publish: what is approved is live, what is not stays with the editor, and nobody decides alone what nobody may."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from proposing import CLUB, HALL, OTHERS, OURS, Stage, drafted, member, set_up, waiting
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Level, Member, Role
from portal.directory.cursors import BEGINNING, count_unread
from portal.directory.models import Service
from portal.directory.publishing import Target, publish
from portal.directory.queries import list_service_ids
from portal.directory.record import PhoneEntry, ServiceRecord
from portal.directory.records import get_record
from portal.directory.versions import list_versions
from portal.editing.proposals.draft import Decision, Draft, DraftedService, ServiceDecision
from portal.editing.proposals.merging import Fate
from portal.editing.proposals.models import Kind, Proposal, State
from portal.editing.proposals.operations import (
    approve,
    confirm_contacts,
    discard_draft,
    look_at,
    propose,
    restore_version,
    return_to_editor,
    save_draft,
    set_trusted,
    withdraw_proposal,
)
from portal.editing.proposals.queries import (
    count_waiting,
    find_draft,
    get_proposal,
    history_of_service,
    is_trusted,
    list_of_organization,
    list_to_look_at,
    list_waiting,
    turnaround,
)
from portal.errors import Conflict, NotFound, Refused
from portal.history import Act, HistoryLine

MOMENT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
NEW_PHONE = (PhoneEntry("01632 960777"),)


@pytest.fixture
def stage(session: Session) -> Iterator[Stage]:
    with clock.stopped_at(MOMENT):
        yield set_up(session)


def live(session: Session, stage: Stage) -> ServiceRecord:
    session.flush()
    session.expire_all()
    return get_record(session, stage.service_id).record


def lock(session: Session, proposal_id: uuid.UUID) -> int:
    return get_proposal(session, proposal_id).lock


def decide(session: Session, proposal_id: uuid.UUID, *fields: str, reason: str = "", edited: ServiceRecord | None = None) -> Decision:
    """Approve these fields of the one service, as it is seen now."""
    [service] = get_proposal(session, proposal_id).services
    return Decision((ServiceDecision(service.id, fields, service.live_version, edited),), reason)


def test_nothing_public_changes_until_a_reviewer_says_yes(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="Three pounds", alert="New cook")
    assert live(session, stage) == get_record(session, stage.service_id).record
    assert live(session, stage).fees == "Two pounds"
    before = count_unread(session, BEGINNING)
    done = approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
    assert (done.state, done.published, done.held) == ("approved", ("alert", "fees"), ())
    assert (live(session, stage).fees, live(session, stage).alert) == ("Three pounds", "New cook")
    service = session.get_one(Service, stage.service_id)
    assert (service.assured_by, service.assured_date) == ("Friends", MOMENT.date())
    assert count_unread(session, BEGINNING) == before + 1
    newest = history_of_service(session, stage.service_id)[0]
    assert (newest.acted_by, newest.action, newest.number, set(newest.changes)) == (
        stage.reviewer.acted_by,
        "approved",
        2,
        {"alert", "fees", "assured_date", "assured_by"},
    )


def test_a_draft_is_resumed_not_doubled_and_only_its_writers(session: Session, stage: Stage) -> None:
    first, _ = drafted(session, stage.editor, stage, fees="3")
    again, _ = drafted(session, stage.editor, stage, fees="4")
    other, _ = drafted(session, stage.second_editor, stage, fees="5")
    assert first == again != other
    found = find_draft(session, stage.editor, Kind.CHANGE, stage.service_id)
    assert found is not None
    assert found.services[0].record.fees == "4"
    with pytest.raises(NotFound):
        propose(session, stage.second_editor, first)
    with pytest.raises(NotFound):
        discard_draft(session, stage.second_editor, first)
    discard_draft(session, stage.editor, first)
    assert find_draft(session, stage.editor, Kind.CHANGE, stage.service_id) is None


def test_half_a_sentence_is_kept_but_not_sent(session: Session, stage: Stage) -> None:
    new = Draft(OURS, Kind.NEW, (DraftedService(None, ServiceRecord(name="")),))
    saved = save_draft(session, stage.editor, new)
    with pytest.raises(Refused):
        propose(session, stage.editor, saved.id)
    unchanged, _ = drafted(session, stage.editor, stage)
    with pytest.raises(Refused):
        propose(session, stage.editor, unchanged)
    wrong, _ = drafted(session, stage.editor, stage, minimum_age=-4.0)
    with pytest.raises(Refused):
        propose(session, stage.editor, wrong)


def test_a_draft_saved_from_an_older_page_is_not_written_over(session: Session, stage: Stage) -> None:
    _, first = drafted(session, stage.editor, stage, fees="3")
    drafted(session, stage.editor, stage, fees="4")
    with pytest.raises(Conflict):
        save_draft(session, stage.editor, Draft(OURS, Kind.CHANGE, (DraftedService(stage.service_id, CLUB),), lock=first))


def test_others_listings_and_proposals_are_not_there(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="3")
    theirs = publish(session, Target(OTHERS), replace(CLUB, name="Choir"), Act("loaded", "tests"))
    half = Member(stage.editor.id, "", "", "en", frozenset(), frozenset({OURS}), Level.LINK, "x")
    for who, organization, service_id in (
        (stage.stranger, OURS, stage.service_id),
        (stage.editor, OURS, theirs),
        (stage.editor, OTHERS, theirs),
        (stage.editor, OURS, uuid.uuid4()),
        (half, OURS, stage.service_id),
    ):
        with pytest.raises(NotFound):
            save_draft(session, who, Draft(organization, Kind.CHANGE, (DraftedService(service_id, CLUB),)))
    for act in (
        lambda who: withdraw_proposal(session, who, proposal_id, lock(session, proposal_id)),
        lambda who: propose(session, who, proposal_id),
        lambda who: approve(session, who, proposal_id, lock(session, proposal_id), Decision()),
        lambda who: return_to_editor(session, who, proposal_id, lock(session, proposal_id), "x"),
        lambda who: confirm_contacts(session, who, proposal_id, lock(session, proposal_id)),
        lambda who: look_at(session, who, proposal_id, lock(session, proposal_id)),
        lambda who: restore_version(session, who, stage.service_id, 1, "x"),
        lambda who: set_trusted(session, who, OURS, True, "x"),  # noqa: FBT003
    ):
        with pytest.raises(NotFound):
            act(stage.stranger)
    with pytest.raises(NotFound):
        approve(session, stage.reviewer, uuid.uuid4(), 1, Decision())


def test_some_is_approved_and_the_rest_comes_back_with_the_reason(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="Three pounds", alert="BEST CLUB")
    with pytest.raises(Refused):
        approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), decide(session, proposal_id, "fees"))
    said = decide(session, proposal_id, "fees", reason="Notices are for news.")
    done = approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), said)
    assert (done.state, done.published) == ("partly-approved", ("fees",))
    assert (live(session, stage).fees, live(session, stage).alert) == ("Three pounds", "")
    back = find_draft(session, stage.editor, Kind.CHANGE, stage.service_id)
    assert back is not None
    assert (back.state, back.reason, back.follows) == ("returned", "Notices are for news.", proposal_id)
    assert [each.field for each in back.services[0].differences] == ["alert"]
    propose(session, stage.editor, back.id)
    assert count_waiting(session) == 1


def test_what_is_returned_is_mended_and_sent_again(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="Three pound")
    with pytest.raises(Refused):
        return_to_editor(session, stage.reviewer, proposal_id, lock(session, proposal_id), "")
    return_to_editor(session, stage.reviewer, proposal_id, lock(session, proposal_id), "Pounds?")
    mended, _ = drafted(session, stage.editor, stage, fees="Three pounds")
    assert mended == proposal_id
    propose(session, stage.editor, mended)
    approve(session, stage.reviewer, mended, lock(session, mended), Decision())
    assert live(session, stage).fees == "Three pounds"


def test_approving_nothing_is_giving_it_back(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="Three pounds")
    done = approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), decide(session, proposal_id, reason="No."))
    assert (done.state, done.published, live(session, stage).fees) == ("returned", (), "Two pounds")


def test_a_reviewer_edits_and_approves(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="3 pound")
    [seen] = get_proposal(session, proposal_id).services
    edited = replace(seen.merged, fees="£3", description="A warm meal at noon.")
    said = decide(session, proposal_id, "fees", "description", edited=edited)
    approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), said)
    assert (live(session, stage).fees, live(session, stage).description) == ("£3", "A warm meal at noon.")


def test_a_new_service_is_there_when_approved_and_its_contacts_need_one_reviewer(session: Session, stage: Stage) -> None:
    record = replace(CLUB, name="Choir")
    saved = save_draft(session, stage.editor, Draft(OURS, Kind.NEW, (DraftedService(None, record),)))
    propose(session, stage.editor, saved.id)
    done = approve(session, stage.reviewer, saved.id, lock(session, saved.id), Decision())
    assert (done.state, done.held) == ("approved", ())
    [seen] = get_proposal(session, saved.id).services
    assert seen.service_id is not None
    assert get_record(session, seen.service_id).record.phones[0].number == "01632 960001"


def test_a_service_that_ends_is_no_longer_public_once_approved(session: Session, stage: Stage) -> None:
    ended = Draft(OURS, Kind.WITHDRAWAL, (DraftedService(stage.service_id, replace(live(session, stage), status="defunct")),))
    saved = save_draft(session, stage.editor, ended)
    propose(session, stage.editor, saved.id, "Nobody comes any more")
    approve(session, stage.reviewer, saved.id, lock(session, saved.id), Decision())
    assert live(session, stage).status == "defunct"
    assert session.get_one(Service, stage.service_id).assured_date is None, "that it ended says nothing of the rest"


def test_nobody_decides_what_they_proposed_themselves(session: Session, stage: Stage) -> None:
    both = member(session, "both@example.org", OURS, roles=(Role.REVIEWER,))
    proposal_id = waiting(session, both, stage, fees="Free for my friends")
    for act in (
        lambda: approve(session, both, proposal_id, lock(session, proposal_id), Decision()),
        lambda: return_to_editor(session, both, proposal_id, lock(session, proposal_id), "x"),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(Refused):
        set_trusted(session, both, OURS, True, "I know us")  # noqa: FBT003
    assert live(session, stage).fees == "Two pounds"


def test_a_decision_on_an_older_page_decides_nothing(session: Session, stage: Stage) -> None:
    proposal_id = waiting(session, stage.editor, stage, fees="Three pounds")
    old = lock(session, proposal_id)
    withdraw_proposal(session, stage.second_editor, proposal_id, old)
    with pytest.raises(Conflict):
        approve(session, stage.reviewer, proposal_id, old, Decision())
    with pytest.raises(Conflict):
        return_to_editor(session, stage.reviewer, proposal_id, lock(session, proposal_id), "x")
    assert live(session, stage).fees == "Two pounds"


class TestHeldContacts:
    """Who changes how people are reached could lead them elsewhere: two reviewers look, neither of them the proposer."""

    def held(self, session: Session, stage: Stage) -> uuid.UUID:
        proposal_id = waiting(session, stage.editor, stage, phones=NEW_PHONE, fees="Three pounds")
        done = approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
        assert (done.state, done.published, done.held) == ("waiting", ("fees",), ("phones",))
        return proposal_id

    def test_the_rest_is_live_and_the_number_waits_for_a_second_person(self, session: Session, stage: Stage) -> None:
        proposal_id = self.held(session, stage)
        assert (live(session, stage).fees, live(session, stage).phones[0].number) == ("Three pounds", "01632 960001")
        with pytest.raises(Refused):
            confirm_contacts(session, stage.reviewer, proposal_id, lock(session, proposal_id))
        with pytest.raises(Conflict):
            approve(session, stage.second_reviewer, proposal_id, lock(session, proposal_id), Decision())
        done = confirm_contacts(session, stage.second_reviewer, proposal_id, lock(session, proposal_id))
        assert (done.state, done.held) == ("approved", ())
        assert [phone.number for phone in live(session, stage).phones] == ["01632 960777"]
        assert get_proposal(session, proposal_id).second_by == stage.second_reviewer.id

    def test_the_proposer_is_no_second_person(self, session: Session, stage: Stage) -> None:
        both = member(session, "both@example.org", OURS, roles=(Role.REVIEWER,))
        proposal_id = waiting(session, both, stage, url="https://elsewhere.example.com")
        approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
        with pytest.raises(Refused):
            confirm_contacts(session, both, proposal_id, lock(session, proposal_id))

    def test_the_second_person_says_no(self, session: Session, stage: Stage) -> None:
        proposal_id = self.held(session, stage)
        return_to_editor(session, stage.second_reviewer, proposal_id, lock(session, proposal_id), "Nobody answers there.")
        assert get_proposal(session, proposal_id).state == "partly-approved"
        back = find_draft(session, stage.editor, Kind.CHANGE, stage.service_id)
        assert back is not None
        assert [each.field for each in back.services[0].differences] == ["phones"]
        assert live(session, stage).phones[0].number == "01632 960001"

    def test_what_was_changed_meanwhile_is_not_written_over(self, session: Session, stage: Stage) -> None:
        proposal_id = self.held(session, stage)
        other = replace(live(session, stage), phones=(PhoneEntry("01632 960555"),))
        publish(session, Target(OURS, stage.service_id), other, Act("published", "tests"))
        with pytest.raises(Conflict):
            confirm_contacts(session, stage.second_reviewer, proposal_id, lock(session, proposal_id))

    def test_another_space_or_word_is_no_other_number(self, session: Session, stage: Stage) -> None:
        same = (PhoneEntry("+44 1632 960 001", "Ask for the kitchen"),)
        proposal_id = waiting(session, stage.editor, stage, phones=same, url="http://www.club.example.org/", email="Club@Example.org")
        done = approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
        assert (done.state, done.held) == ("approved", ())

    @pytest.mark.parametrize("field", ["phones", "url", "email"])
    def test_a_reviewer_who_edits_a_contact_is_held_too(self, session: Session, stage: Stage, field: str) -> None:
        proposal_id = waiting(session, stage.editor, stage, fees="3")
        [seen] = get_proposal(session, proposal_id).services
        new = {"phones": NEW_PHONE, "url": "https://other.example.com", "email": "other@example.com"}[field]
        said = decide(session, proposal_id, "fees", field, edited=replace(seen.merged, **{field: new}))
        assert approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), said).held == (field,)

    def test_it_can_be_taken_back_while_it_is_held(self, session: Session, stage: Stage) -> None:
        proposal_id = self.held(session, stage)
        withdraw_proposal(session, stage.editor, proposal_id, lock(session, proposal_id))
        assert get_proposal(session, proposal_id).state == "partly-approved"
        with pytest.raises(Conflict):
            confirm_contacts(session, stage.second_reviewer, proposal_id, lock(session, proposal_id))


class TestTrusted:
    """Organizations that the council trusts publish at once; a reviewer looks afterwards."""

    @pytest.fixture(autouse=True)
    def _trusted(self, session: Session, stage: Stage) -> None:
        set_trusted(session, stage.reviewer, OURS, True, "They have kept it well for years")  # noqa: FBT003
        assert is_trusted(session, OURS)

    def test_it_is_live_at_once_and_looked_at_afterwards(self, session: Session, stage: Stage) -> None:
        proposal_id, _ = drafted(session, stage.editor, stage, fees="Three pounds")
        done = propose(session, stage.editor, proposal_id)
        assert (done.state, done.published) == ("approved", ("fees",))
        assert live(session, stage).fees == "Three pounds"
        [line] = list_to_look_at(session)
        look_at(session, stage.reviewer, line.id, line.lock)
        assert list_to_look_at(session) == []

    def test_contacts_are_held_all_the_same(self, session: Session, stage: Stage) -> None:
        proposal_id, _ = drafted(session, stage.editor, stage, phones=NEW_PHONE, fees="Three pounds")
        done = propose(session, stage.editor, proposal_id)
        assert (done.state, done.published, done.held) == ("waiting", ("fees",), ("phones",))
        confirm_contacts(session, stage.reviewer, proposal_id, lock(session, proposal_id))
        assert live(session, stage).phones[0].number == "01632 960777"

    @pytest.mark.parametrize(
        "changes",
        [
            {"description": "Ring 0871 234 5678 now."},
            {"description": "Mail \u202emoc.elpmaxe\u202c us."},
            {"application_process": "Go to http://10.0.0.1/form"},
            {"eligibility": "Jo, QQ123456C? AB123456C"},
        ],
    )
    def test_what_is_flagged_waits_for_a_reviewer(self, session: Session, stage: Stage, changes: dict[str, str]) -> None:
        proposal_id, _ = drafted(session, stage.editor, stage, **changes)
        assert propose(session, stage.editor, proposal_id).state == "waiting"
        assert count_waiting(session) == 1

    def test_so_does_a_place_that_others_use(self, session: Session, stage: Stage) -> None:
        hall = live(session, stage).venues[0]
        publish(session, Target(OTHERS), replace(CLUB, name="Choir", venues=(replace(hall, id=None),)), Act("loaded", "tests"))
        proposal_id, _ = drafted(session, stage.editor, stage, venues=(replace(hall, address="2 Oak Street"),))
        assert propose(session, stage.editor, proposal_id).state == "waiting"
        assert get_proposal(session, proposal_id).services[0].shared_with == ("Choir",)

    def test_no_longer_trusted_is_no_longer_at_once(self, session: Session, stage: Stage) -> None:
        set_trusted(session, stage.reviewer, OURS, False, "Wrong too often")  # noqa: FBT003
        proposal_id, _ = drafted(session, stage.editor, stage, fees="Three pounds")
        assert propose(session, stage.editor, proposal_id).state == "waiting"
        lines = session.scalars(select(HistoryLine).where(HistoryLine.resource_type == "organization").order_by(HistoryLine.id)).all()
        assert [(line.action, line.changes, line.reason) for line in lines][-1] == (
            "no longer trusted",
            {"is_trusted": [True, False]},
            "Wrong too often",
        )


class TestOverlaps:
    """Two who write about one service: both are listed, each sees the other, nothing is lost."""

    def test_both_wait_and_each_shows_the_other(self, session: Session, stage: Stage) -> None:
        first = waiting(session, stage.editor, stage, fees="3", alert="A")
        second = waiting(session, stage.second_editor, stage, fees="4", wait_time="A week")
        assert [(line.id, line.overlaps) for line in list_waiting(session)] in (
            [(first, True), (second, True)],
            [(second, True), (first, True)],
        )
        [seen] = get_proposal(session, first).services
        [overlap] = seen.overlaps
        assert (overlap.proposal_id, overlap.proposed_by, overlap.fields) == (second, stage.second_editor.id, ("fees",))

    def test_fields_that_nobody_else_touched_go_onto_what_is_live_by_themselves(self, session: Session, stage: Stage) -> None:
        first, second = (waiting(session, who, stage, **said) for who, said in (
            (stage.editor, {"fees": "3"}), (stage.second_editor, {"wait_time": "A week"})
        ))  # fmt: skip
        approve(session, stage.reviewer, first, lock(session, first), Decision())
        [seen] = get_proposal(session, second).services
        assert (seen.is_rebased, seen.conflicts, seen.merged.fees, seen.merged.wait_time) == (True, (), "3", "A week")
        approve(session, stage.reviewer, second, lock(session, second), Decision())
        assert (live(session, stage).fees, live(session, stage).wait_time) == ("3", "A week")

    def test_a_conflict_is_shown_and_somebody_has_to_choose(self, session: Session, stage: Stage) -> None:
        first, second = (waiting(session, who, stage, fees=fees) for who, fees in ((stage.editor, "3"), (stage.second_editor, "4")))
        approve(session, stage.reviewer, first, lock(session, first), Decision())
        [seen] = get_proposal(session, second).services
        [difference] = seen.differences
        assert (difference.fate, difference.base, difference.live, difference.proposed) == (Fate.CONFLICT, "Two pounds", "3", "4")
        with pytest.raises(Conflict):
            approve(session, stage.reviewer, second, lock(session, second), Decision())
        assert live(session, stage).fees == "3"
        approve(session, stage.reviewer, second, lock(session, second), decide(session, second, "fees"))
        assert live(session, stage).fees == "4"

    def test_a_choice_made_on_what_is_no_longer_live_is_not_taken(self, session: Session, stage: Stage) -> None:
        first, second = (waiting(session, who, stage, fees=fees) for who, fees in ((stage.editor, "3"), (stage.second_editor, "4")))
        said = decide(session, second, "fees")
        approve(session, stage.reviewer, first, lock(session, first), Decision())
        with pytest.raises(Conflict):
            approve(session, stage.reviewer, second, lock(session, second), said)

    def test_who_says_the_same_has_nothing_left_to_say(self, session: Session, stage: Stage) -> None:
        first, second = (waiting(session, who, stage, fees="3") for who in (stage.editor, stage.second_editor))
        approve(session, stage.reviewer, first, lock(session, first), Decision())
        [seen] = get_proposal(session, second).services
        assert seen.differences == ()


def test_many_at_once_are_one_proposal_all_or_nothing(session: Session, stage: Stage) -> None:
    others = [publish(session, Target(OURS), replace(CLUB, name=f"Club {number}"), Act("loaded", "tests")) for number in range(3)]
    services = tuple(DraftedService(each, replace(get_record(session, each).record, fees="New")) for each in others)
    new = DraftedService(None, replace(CLUB, name="Brand new"))
    saved = save_draft(session, stage.editor, Draft(OURS, Kind.IMPORT, (*services, new)))
    propose(session, stage.editor, saved.id)
    [line] = list_waiting(session)
    assert (line.services, line.kind, line.fields[0]) == (4, "import", "fees")
    [first, *_] = get_proposal(session, saved.id).services
    said = Decision((ServiceDecision(first.id, (), first.live_version),), "Not this one")
    done = approve(session, stage.reviewer, saved.id, lock(session, saved.id), said)
    assert done.state == "partly-approved"
    assert [get_record(session, each).record.fees for each in others] == ["Two pounds", "New", "New"]
    [back] = [line for line in list_of_organization(session, OURS) if line.state == State.RETURNED]
    assert (back.services, back.kind) == (1, "import")


def test_a_new_service_of_which_nothing_is_approved_is_not_published(session: Session, stage: Stage) -> None:
    changed = DraftedService(stage.service_id, replace(live(session, stage), fees="New"))
    saved = save_draft(session, stage.editor, Draft(OURS, Kind.IMPORT, (changed, DraftedService(None, replace(CLUB, name="Brand new")))))
    propose(session, stage.editor, saved.id)
    [_, new] = get_proposal(session, saved.id).services
    before = list_service_ids(session)
    said = Decision((ServiceDecision(new.id, (), None),), "We have this already")
    assert approve(session, stage.reviewer, saved.id, lock(session, saved.id), said).state == "partly-approved"
    assert (live(session, stage).fees, list_service_ids(session)) == ("New", before)
    [back] = [line for line in list_of_organization(session, OURS) if line.state == State.RETURNED]
    [given_back] = get_proposal(session, back.id).services
    assert (given_back.service_id, given_back.record.name) == (None, "Brand new")


def test_many_at_once_may_share_a_place_that_changes(session: Session, stage: Stage) -> None:
    hall = live(session, stage).venues[0]
    other = publish(session, Target(OURS), replace(CLUB, name="Choir", venues=(replace(hall, id=None),)), Act("loaded", "tests"))
    records = {each: get_record(session, each).record for each in (stage.service_id, other)}
    moved = {each: replace(it, venues=(replace(it.venues[0], address="2 Oak Street"),), fees="New") for each, it in records.items()}
    drafts = tuple(DraftedService(each, it) for each, it in moved.items())
    saved = save_draft(session, stage.editor, Draft(OURS, Kind.IMPORT, drafts))
    propose(session, stage.editor, saved.id)
    assert approve(session, stage.reviewer, saved.id, lock(session, saved.id), Decision()).state == "approved"
    session.expire_all()
    found = [get_record(session, each).record for each in moved]
    assert [(it.fees, it.venues[0].address) for it in found] == [("New", "2 Oak Street")] * 2


def test_any_version_comes_back_and_its_contacts_need_a_second_person(session: Session, stage: Stage) -> None:
    publish(session, Target(OURS, stage.service_id), replace(live(session, stage), fees="9", phones=NEW_PHONE), Act("published", "tests"))
    done = restore_version(session, stage.reviewer, stage.service_id, 1, "A mistake")
    assert (done.state, done.published, done.held) == ("waiting", ("fees",), ("phones",))
    assert (live(session, stage).fees, live(session, stage).phones[0].number) == ("Two pounds", "01632 960777")
    with pytest.raises(Refused):
        confirm_contacts(session, stage.reviewer, done.proposal_id, lock(session, done.proposal_id))
    confirm_contacts(session, stage.second_reviewer, done.proposal_id, lock(session, done.proposal_id))
    assert live(session, stage).phones[0].number == "01632 960001"
    assert [version.number for version in list_versions(session, stage.service_id)] == [4, 3, 2, 1]
    with pytest.raises(Refused):
        restore_version(session, stage.reviewer, stage.service_id, 1, "Again")


def test_usually_so_many_working_days_once_there_are_enough(session: Session, stage: Stage) -> None:
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    for number in range(10):
        assert turnaround(session).days is None
        with clock.stopped_at(friday):
            proposal_id = waiting(session, stage.editor, stage, fees=f"{number}")
        with clock.stopped_at(friday + timedelta(days=4)):
            approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
    found = turnaround(session)
    assert (found.days, found.decisions) == (2, 10)


def test_an_approved_venue_is_live_with_its_times(session: Session, stage: Stage) -> None:
    moved = replace(HALL, name="Oak Hall", address="9 Oak Road")
    proposal_id = waiting(session, stage.editor, stage, venues=(moved,))
    approve(session, stage.reviewer, proposal_id, lock(session, proposal_id), Decision())
    assert [venue.name for venue in live(session, stage).venues] == ["Oak Hall"]
    assert live(session, stage).venues[0].sessions[0].byday == "TU"


def test_lists_ask_as_few_questions_for_many_as_for_one(session: Session, stage: Stage) -> None:
    from sqlalchemy import event

    def asked() -> int:
        counted: list[str] = []

        def note(*arguments: object) -> None:
            counted.append(str(arguments[2]))

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        list_waiting(session)
        list_of_organization(session, OURS)
        event.remove(engine, "before_cursor_execute", note)
        return len(counted)

    waiting(session, stage.editor, stage, fees="1")
    session.flush()
    first = asked()
    for number in range(20):
        service_id = publish(session, Target(OURS), replace(CLUB, name=f"Club {number}"), Act("loaded", "tests"))
        waiting(session, stage.editor, Stage(service_id, *[stage.editor] * 5), fees="2")
    assert asked() == first
    assert len(session.scalars(select(Proposal.id)).all()) == 21
