"""What the reviewer's pages show: proposals in, rows in words out, with differences marked, flags and names. Reads only."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership
from portal.accounts.queries import names_of
from portal.clock import day_of
from portal.directory.days import working_days
from portal.directory.record import ServiceRecord
from portal.editing.checks.twins import Neighbour, twins
from portal.editing.desk.queries import list_neighbours
from portal.editing.differences import Marked, compare
from portal.editing.proposals.flags import Flag
from portal.editing.proposals.seen import Difference, ProposalView, ProposedView, Waiting
from portal.editing.reviewing.deciding import TEXTS, key
from portal.editing.saying import LABELS, Line, Speech, filled_fields, say_field

PROMISED: Final = 2  # working days in which people are told to expect an answer
_EMPTY: Final = ServiceRecord(name="")


@dataclass(frozen=True)
class Field:
    """One field of a proposal: what stands, what would stand, what speaks against it. `text` is what a reviewer may rewrite."""

    key: str
    label: Any
    lines: tuple[Marked, ...]
    flags: tuple[Flag, ...]
    is_conflict: bool
    base: tuple[Line, ...]
    text: str | None


@dataclass(frozen=True)
class Whole:
    """One service of a proposal. `preview` is all that it would say; `twins` may be the same."""

    proposed: ProposedView
    fields: tuple[Field, ...]
    preview: tuple[tuple[Any, tuple[Line, ...]], ...]
    twins: tuple[Neighbour, ...]


@dataclass(frozen=True)
class Proposer:
    """Who proposed it, and since when they keep these listings; no day for who does not keep them."""

    name: str
    since: date | None


@dataclass(frozen=True)
class QueueLine:
    """A line of the queue. `days` are working days it has waited; `is_late`: more than was promised."""

    waiting: Waiting
    fields: tuple[Any, ...]
    days: int

    @property
    def is_late(self) -> bool:
        """Whether it has waited for longer than people are told."""
        return self.days > PROMISED


def queue(lines: Iterable[Waiting], now: datetime) -> tuple[QueueLine, ...]:
    """Lines with how long each has waited."""
    today = day_of(now)
    return tuple(QueueLine(it, tuple(LABELS[name] for name in it.fields if name in LABELS), _waited(it, today)) for it in lines)


def count_late(since: Iterable[datetime], now: datetime) -> int:
    """How many of what has waited since these moments have waited for longer than people are told."""
    today = day_of(now)
    days = Counter(map(day_of, since))
    return sum(number for day, number in days.items() if working_days(day, today) > PROMISED)


def _waited(it: Waiting, today: date) -> int:
    return working_days(day_of(it.proposed_at), today) if it.proposed_at else 0


def wholes(session: Session, view: ProposalView, services: Sequence[ProposedView], speech: Speech) -> tuple[Whole, ...]:
    """These services of a proposal."""
    return tuple(_whole(session, view, it, speech) for it in services)


def _whole(session: Session, view: ProposalView, it: ProposedView, speech: Speech) -> Whole:
    same = twins(it.record, list_neighbours(session, view.organization_id, it.service_id, it.record)) if it.live is None else ()
    said = tuple((LABELS[name], say_field(it.merged, name, speech)) for name in filled_fields([it.merged]))
    return Whole(it, tuple(_field(it, each, speech) for each in it.differences), said, same)


def _field(it: ProposedView, each: Difference, speech: Speech) -> Field:
    live, base = it.live or _EMPTY, it.base or _EMPTY
    after = say_field(it.edited or it.record, each.field, speech)
    return Field(
        key=key(it, each.field),
        label=LABELS[each.field],
        lines=compare(say_field(live, each.field, speech), after),
        flags=tuple(flag for flag in it.flags if flag.field == each.field),
        is_conflict=each.is_conflict,
        base=say_field(base, each.field, speech),
        text=getattr(it.record, each.field) if each.field in TEXTS else None,
    )


def proposer_of(session: Session, view: ProposalView) -> Proposer:
    """Who proposed it."""
    of_person = (Membership.person_id == view.proposed_by, Membership.organization_id == view.organization_id)
    since = session.scalar(select(Membership.accepted_at).where(*of_person))
    return Proposer(names_of(session, [view.proposed_by]).get(view.proposed_by, ""), day_of(since) if since else None)


def names_in(session: Session, view: ProposalView) -> Mapping[uuid.UUID, str]:
    """Names of everybody whom a proposal speaks of."""
    people: Sequence[uuid.UUID | None] = (
        view.proposed_by,
        view.decided_by,
        view.second_by,
        *(overlap.proposed_by for it in view.services for overlap in it.overlaps),
    )
    return names_of(session, [person for person in people if person])
