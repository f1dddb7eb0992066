"""A proposal as editors and reviewers see it: whole, frozen, with everything that helps to decide. No I/O."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.directory.record import ServiceRecord
from portal.editing.proposals.flags import Flag
from portal.editing.proposals.merging import Fate


@dataclass(frozen=True)
class Difference:
    """One field that is proposed. `live` is what stands now, `proposed` what should; `base` what the editor started from."""

    field: str
    fate: Fate
    base: Any
    live: Any
    proposed: Any

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else changed it meanwhile, to something else."""
        return self.fate is Fate.CONFLICT


@dataclass(frozen=True)
class Overlap:
    """Another proposal that waits for the same service, and the fields that both want to change."""

    proposal_id: uuid.UUID
    proposed_by: uuid.UUID
    proposed_at: datetime | None
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ProposedView:
    """One service of a proposal. `live` and its version are None for a new one; `merged` is what is live with the proposal on it.

    `is_rebased`: others published since the editor started, and nothing that they changed stands against this. `shared_with` are names of
    services of other organizations that a changed place would change too.
    """

    id: uuid.UUID
    service_id: uuid.UUID | None
    name: str
    base_version: int | None
    live_version: int | None
    base: ServiceRecord | None
    record: ServiceRecord
    edited: ServiceRecord | None
    live: ServiceRecord | None
    merged: ServiceRecord
    differences: tuple[Difference, ...]
    flags: tuple[Flag, ...]
    overlaps: tuple[Overlap, ...]
    shared_with: tuple[str, ...]
    approved: tuple[str, ...]
    held: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Fields for which a reviewer has to choose."""
        return tuple(each.field for each in self.differences if each.is_conflict)

    @property
    def is_rebased(self) -> bool:
        """Whether it was put on what others published meanwhile, without a conflict."""
        return self.live_version != self.base_version and not self.conflicts


@dataclass(frozen=True)
class ProposalView:
    """A proposal with its services. People are ids (`accounts.queries.names_of` has their names). `name` is the first service's.

    Where only some of a large one are looked at, `services` are these; `others` are ids of the rest, each with its live version.
    """

    id: uuid.UUID
    organization_id: uuid.UUID
    organization: str
    kind: str
    state: str
    lock: int
    language: str
    note: str
    proposed_by: uuid.UUID
    saved_at: datetime
    proposed_at: datetime | None
    decided_by: uuid.UUID | None
    decided_at: datetime | None
    reason: str
    is_held: bool
    second_by: uuid.UUID | None
    second_at: datetime | None
    to_look_at: bool
    follows: uuid.UUID | None
    services: tuple[ProposedView, ...]
    name: str = ""
    others: tuple[tuple[uuid.UUID, int | None], ...] = ()


@dataclass(frozen=True)
class Waiting:
    """One line of a list of proposals. `name` is the first service's; `fields` what it wants to change, over all its services.

    `overlaps`: another that waits is about one of the same services.
    """

    id: uuid.UUID
    organization_id: uuid.UUID
    organization: str
    kind: str
    state: str
    name: str
    services: int
    service_ids: tuple[uuid.UUID, ...]
    fields: tuple[str, ...]
    proposed_by: uuid.UUID
    saved_at: datetime
    proposed_at: datetime | None
    decided_by: uuid.UUID | None
    decided_at: datetime | None
    reason: str
    is_held: bool
    to_look_at: bool
    overlaps: bool
    lock: int


@dataclass(frozen=True)
class Turnaround:
    """How long decisions take: the median in working days (0: the same day), None while there are too few to say."""

    days: int | None
    decisions: int


@dataclass(frozen=True)
class HistoryEntry:
    """One act on a service, as the trail has it. `number` is the version that it made, if it made one that can be restored."""

    action: str
    acted_by: str
    acted_at: datetime
    reason: str
    changes: dict[str, Any]
    number: int | None
