"""A large proposal is decided page by page, and what was chosen on one page is there on the next."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from portal.directory.record import ServiceRecord
from portal.editing.proposals.merging import Fate
from portal.editing.proposals.seen import Difference, ProposalView, ProposedView
from portal.editing.reviewing.deciding import Posted, decision, elsewhere, first_look, key, read, to_see_again
from portal.editing.reviewing.paging import A_PAGE, part_of, places_of

WHEN = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
CLUB = ServiceRecord(name="Lunch club", description="A warm meal.", fees="Two pounds")


def proposed(number: int) -> ProposedView:
    record = replace(CLUB, name=f"Club {number}", description="Soup.")
    changed = Difference("description", Fate.MINE, CLUB.description, CLUB.description, record.description)
    return ProposedView(
        id=uuid.UUID(int=number + 1),
        service_id=uuid.UUID(int=number + 10_000),
        name=record.name,
        base_version=3,
        live_version=3,
        base=CLUB,
        record=record,
        edited=None,
        live=CLUB,
        merged=record,
        differences=(changed,),
        flags=(),
        overlaps=(),
        shared_with=(),
        approved=(),
        held=(),
        left_out=(),
    )


def proposal(services: int) -> ProposalView:
    nobody = dict.fromkeys(("decided_by", "decided_at", "second_by", "second_at", "follows"))
    return ProposalView(
        id=uuid.UUID(int=1),
        organization_id=uuid.UUID(int=2),
        organization="Friends",
        kind="import",
        state="waiting",
        lock=4,
        language="en",
        note="",
        proposed_by=uuid.UUID(int=3),
        saved_at=WHEN,
        proposed_at=WHEN,
        reason="",
        is_held=False,
        to_look_at=False,
        services=tuple(map(proposed, range(services))),
        **nobody,  # type: ignore[arg-type]
    )


def form_of(view: ProposalView, page: str, carried: str, without: frozenset[str] = frozenset()) -> MultiDict[str, str]:
    """What a browser sends from one page, on which all is ticked but `without`."""
    shown = part_of(view, page).services
    ticks = [("tick", key(it, "description")) for it in shown if key(it, "description") not in without]
    versions = [(f"version:{it.id}", str(it.live_version)) for it in shown]
    return MultiDict([("lock", "4"), ("elsewhere", carried), *ticks, *versions])


def test_what_was_left_out_on_one_page_stays_left_out_on_the_next() -> None:
    view = proposal(A_PAGE * 2 + 1)
    first = part_of(view, "1")
    left = key(first.services[0], "description")
    posted = read(view, form_of(view, "1", elsewhere(view, first_look(view), first.services), frozenset({left})))
    second = part_of(view, "2")
    again = read(view, form_of(view, "2", elsewhere(view, posted, second.services)))
    assert again.ticked == first_look(view).ticked - {left}


def test_all_pages_are_decided_at_once_with_the_versions_that_were_looked_at() -> None:
    view = proposal(A_PAGE + 5)
    posted = read(view, form_of(view, "1", elsewhere(view, first_look(view), part_of(view, "1").services)))
    decided = decision(view, posted).services
    assert len(decided) == A_PAGE + 5
    assert {(it.fields, it.live_version) for it in decided} == {(("description",), 3)}


def test_words_rewritten_on_one_page_are_published_from_another() -> None:
    view = proposal(A_PAGE + 1)
    form = form_of(view, "1", elsewhere(view, first_look(view), part_of(view, "1").services))
    form[f"text:{key(view.services[0], 'description')}"] = "Soup and bread."
    turned = read(view, form_of(view, "2", elsewhere(view, read(view, form), part_of(view, "2").services)))
    edited = decision(view, turned).services[0].edited
    assert edited is not None
    assert edited.description == "Soup and bread."


def test_a_service_that_was_changed_meanwhile_is_to_be_seen_again() -> None:
    view = proposal(A_PAGE + 1)
    carried = elsewhere(view, first_look(view), part_of(view, "1").services).replace('"3"', '"2"')
    posted = read(view, form_of(view, "1", carried))
    again = to_see_again(view, posted)
    assert again == {str(view.services[-1].id)}
    assert part_of(view, "1", again).page == 2


@pytest.mark.parametrize(
    "carried", ["", "{", "[]", '{"x":1}', "\x00", '{"a":' * 5_000, '{"00000000-0000-0000-0000-000000000017":["3",["venues"]]}']
)
def test_what_somebody_made_up_publishes_nothing(carried: str) -> None:
    view = proposal(A_PAGE + 2)
    posted = read(view, form_of(view, "1", carried))
    assert posted.ticked == frozenset(key(it, "description") for it in view.services[:A_PAGE])


@pytest.mark.parametrize(("page", "shown"), [("1", 1), ("2", 2), ("99", 2), ("0", 1), ("-1", 1), ("x", 1), ("9" * 20, 1), ("", 1)])
def test_the_nearest_page_is_shown(page: str, shown: int) -> None:
    assert part_of(proposal(A_PAGE + 1), page).page == shown


def test_a_small_proposal_carries_nothing() -> None:
    view = proposal(2)
    assert elsewhere(view, first_look(view), part_of(view, "").services) == ""


def test_what_nobody_has_looked_at_is_decided_as_it_would_be_shown_at_first() -> None:
    view = proposal(A_PAGE * 2 + 1)
    looked_at = dataclasses.replace(
        view, services=view.services[:A_PAGE], others=tuple((it.id, it.live_version) for it in view.services[A_PAGE:])
    )
    first = part_of(looked_at, "1")
    assert (first.page, first.pages, first.total) == (1, 3, A_PAGE * 2 + 1)
    posted = read(view, form_of(view, "1", elsewhere(looked_at, first_look(looked_at), first.services)))
    assert decision(view, posted) == decision(view, replace_versions(first_look(view), view))


@pytest.mark.parametrize(("page", "first", "last"), [("", 0, 19), ("2", 20, 39), ("3", 40, 40), ("99", 40, 40), ("-1", 0, 19)])
def test_a_page_has_its_services_and_one_that_is_not_there_the_nearest(page: str, first: int, last: int) -> None:
    total = range(A_PAGE * 2 + 1)
    shown = total[places_of(page)(len(total))]
    assert (shown[0], shown[-1]) == (first, last)


def replace_versions(posted: Posted, view: ProposalView) -> Posted:
    """What was posted by somebody who looked at all of it as it is."""
    return dataclasses.replace(posted, versions={str(it.id): str(it.live_version) for it in view.services})
