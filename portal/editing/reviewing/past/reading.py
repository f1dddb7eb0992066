"""A listing's versions in words: a session in, what each version changed, by whom and why, the newest first. Reads only."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.audiences import person_of
from portal.accounts.queries import names_of
from portal.directory.record import changed_fields
from portal.directory.records import Recorded, get_record
from portal.directory.versions import Version, get_version, list_versions
from portal.editing.differences import Marked, compare
from portal.editing.proposals.queries import proposers_of
from portal.editing.saying import LABELS, Speech, say_field


@dataclass(frozen=True)
class Past:
    """One version. `fields`: what it changed; `by` is a name, or empty where nobody here wrote it or they have left.

    `proposed_by`: the name of who proposed it, where somebody else published it.
    """

    version: Version
    fields: tuple[Any, ...]
    by: str
    is_live: bool
    proposed_by: str = ""


@dataclass(frozen=True)
class Compared:
    """A field in two versions."""

    label: Any
    lines: tuple[Marked, ...]


def list_past(session: Session, live: Recorded) -> tuple[Past, ...]:
    """Every version of a service."""
    versions, proposers = list_versions(session, live.service_id), proposers_of(session, live.service_id)
    publishers = [person for it in versions if (person := person_of(it.acted_by))]
    names = names_of(session, {*publishers, *proposers.values()})
    changed = {new.number: changed_fields(old.record, new.record) for new, old in pairwise(versions)}

    def past(it: Version) -> Past:
        by, proposer = person_of(it.acted_by), proposers.get(it.number)
        proposed_by = names.get(proposer, "") if proposer and proposer != by else ""
        fields = tuple(LABELS[name] for name in changed.get(it.number, ()))
        return Past(it, fields, names.get(by, "") if by else "", it.record == live.record, proposed_by)

    return tuple(past(it) for it in versions)


def compare_versions(
    session: Session, service_id: uuid.UUID, number: int, speech: Speech
) -> tuple[Version, Recorded, tuple[Compared, ...]]:
    """What bringing a version back would change in what is live. Raises `NotFound`."""
    live, version = get_record(session, service_id), get_version(session, service_id, number)
    fields = changed_fields(live.record, version.record)
    rows = (Compared(LABELS[it], compare(say_field(live.record, it, speech), say_field(version.record, it, speech))) for it in fields)
    return version, live, tuple(rows)
