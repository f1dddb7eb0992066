"""What an editor hands in, and what comes of it: a draft of one or several services in, an outcome out. No I/O."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from portal.directory.record import ServiceRecord
from portal.editing.proposals.models import Kind


@dataclass(frozen=True)
class DraftedService:
    """One service as it should be; `service_id` is None for a new one."""

    service_id: uuid.UUID | None
    record: ServiceRecord


@dataclass(frozen=True)
class Draft:
    """What somebody wants to change. `lock` is the draft's as it was read; None saves whatever it is by now.

    A change, a new service and a withdrawal have one service each. A person has one living draft of each kind for a service, and one of
    a new service for an organization: saving another is saving the same again.
    """

    organization_id: uuid.UUID
    kind: Kind
    services: tuple[DraftedService, ...]
    lock: int | None = None
    language: str = "en"


@dataclass(frozen=True)
class Outcome:
    """What came of a proposal that was sent: its state, the fields that are live now, and those held for a second person."""

    proposal_id: uuid.UUID
    state: str
    published: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServiceDecision:
    """What a reviewer decides of one proposed service (`proposed_id`).

    `fields` are approved, all other proposed ones are left out; `live_version` is the version they looked at. `edited` is the record as
    they changed it, of which the approved fields are taken, and which may differ from the live one in fields that nobody proposed.
    """

    proposed_id: uuid.UUID
    fields: tuple[str, ...]
    live_version: int | None
    edited: ServiceRecord | None = None


@dataclass(frozen=True)
class Decision:
    """What a reviewer decides of a whole proposal. A service that is not named is approved as proposed, unless it has conflicts.

    `reason` is for the editor, and has to be there when something is left out.
    """

    services: tuple[ServiceDecision, ...] = ()
    reason: str = ""
