"""Writes of what the council says: saved, put up, taken down, put back. Each leaves a line in the history; none commits.

Whoever saves says which version they changed (`based_on`, 0 for something new). When somebody else was quicker nothing is written and
`Conflict` is raised, so that two editors at once lose nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.council.banners import Banner, Obstacle, State, obstacle
from portal.council.content import Content, pack, unpack
from portal.council.models import CouncilEntry, Kind
from portal.council.queries import Entry, get_banner, get_entry, list_entries, list_versions
from portal.db import inserting
from portal.errors import Conflict, NotFound, Refused
from portal.history import Act, record

TABLE: Final = CouncilEntry.__tablename__
ADD: Final = "add"
CHANGE: Final = "change"
PUT_UP: Final = "put up"
TAKE_DOWN: Final = "take down"
PUT_BACK: Final = "put back"


@dataclass(frozen=True)
class Based:
    """What a write starts from: the kind and name of an entry, the version that its writer saw (0: none), and who writes."""

    kind: Kind
    name: str
    version: int
    by: str


class NotUp(Refused):
    """A banner cannot be put up; `obstacle` says why."""

    def __init__(self, why: Obstacle) -> None:
        super().__init__(f"the banner cannot be put up: {why}")
        self.obstacle = why


def save(session: Session, based: Based, content: Content, act: str = "") -> uuid.UUID:
    """Write `content`; the entry's id. Nothing is written when it says the same already. Raises `Conflict`."""
    return _change(session, based, content, act or CHANGE) if based.version else _add(session, based, content, act or ADD)


def _add(session: Session, based: Based, content: Content, act: str) -> uuid.UUID:
    values = {"id": uuid.uuid4(), "kind": based.kind.value, "name": based.name, "version": 1, "content": pack(content)}
    put = inserting(session, CouncilEntry).values(**values, changed_by=based.by, changed_at=clock.now())
    added: uuid.UUID | None = session.scalar(put.on_conflict_do_nothing(index_elements=["kind", "name"]).returning(CouncilEntry.id))
    if added is None:
        raise Conflict(f"{based.kind} {based.name} was added meanwhile")
    record(session, (TABLE, added), Act(act, based.by), {name: [None, value] for name, value in pack(content).items()})
    return added


def _change(session: Session, based: Based, content: Content, act: str) -> uuid.UUID:
    row = session.scalar(select(CouncilEntry).where(CouncilEntry.kind == based.kind, CouncilEntry.name == based.name))
    if row is None or row.version != based.version:
        raise Conflict(f"{based.kind} {based.name} was changed meanwhile")
    before, after = pack(unpack(based.kind, row.content)), pack(content)
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if not changes:
        return row.id
    values = {"version": based.version + 1, "content": after, "changed_by": based.by, "changed_at": clock.now()}
    ours = update(CouncilEntry).where(CouncilEntry.id == row.id, CouncilEntry.version == based.version).values(**values)
    if session.scalar(ours.returning(CouncilEntry.id)) is None:
        raise Conflict(f"{based.kind} {based.name} was changed meanwhile")
    record(session, (TABLE, row.id), Act(act, based.by), changes)
    session.expire(row)
    return row.id


def draft(session: Session, banner: Banner, by: str) -> uuid.UUID:
    """A new banner, not shown yet; its id."""
    return save(session, Based(Kind.BANNER, str(uuid.uuid4()), 0, by), replace(banner, state=State.DRAFT))


def draft_instead(session: Session, entry_id: uuid.UUID, by: str) -> uuid.UUID:
    """A draft with the words of a banner that is up, which comes down when the draft goes up; its id. Raises `NotFound`, `Refused`."""
    _entry, banner = get_banner(session, entry_id)
    if banner.state is not State.UP:
        raise Refused("only a banner that is up needs a draft to take its place")
    return draft(session, replace(banner, takes_over=str(entry_id)), by)


def redraft(session: Session, entry: Entry, banner: Banner, based_on: int, by: str) -> None:
    """Change the words of a banner that is not up. Raises `Conflict`, also when it went up meanwhile."""
    now = entry.content
    if not isinstance(now, Banner) or now.state is State.UP:
        raise Conflict("the banner was put up meanwhile")
    save(session, Based(Kind.BANNER, entry.name, based_on, by), replace(banner, state=now.state, takes_over=now.takes_over))


def put_up(session: Session, entry_id: uuid.UUID, based_on: int, by: str) -> None:
    """Show a banner as it was looked at; one that it takes over comes down. Raises `NotFound`, `Conflict`, `NotUp`."""
    session.execute(select(CouncilEntry.id).where(CouncilEntry.kind == Kind.BANNER).order_by(CouncilEntry.id).with_for_update())
    entry, banner = get_banner(session, entry_id)
    others = {str(it.id): (it, it_banner) for it, it_banner in _standing(session, clock.today()) if it.id != entry_id}
    replaced = others.pop(banner.takes_over, None)
    if why := obstacle(banner, (other for _, other in others.values()), clock.today()):
        raise NotUp(why)
    if replaced:
        _set_state(session, replaced, State.DOWN, (TAKE_DOWN, by))
    _set_state(session, (replace(entry, version=based_on), replace(banner, takes_over="")), State.UP, (PUT_UP, by))


def take_down(session: Session, entry_id: uuid.UUID, by: str) -> None:
    """Show a banner no more. Nothing when it is not up. Raises `NotFound`, `Conflict`."""
    found = get_banner(session, entry_id)
    if found[1].state is State.UP:
        _set_state(session, found, State.DOWN, (TAKE_DOWN, by))


def put_back(session: Session, entry_id: uuid.UUID, line_id: int, based_on: int, by: str) -> None:
    """Make an entry say what it said after the act of `line_id`; a banner that is not up. Raises `NotFound`, `Conflict`, `Refused`."""
    entry = get_entry(session, entry_id)
    content = next((it.after for it in list_versions(session, entry) if it.line_id == line_id), None)
    if content is None:
        raise NotFound(f"no version {line_id} of {entry_id}")
    if isinstance(content, Banner) and isinstance(entry.content, Banner):
        if entry.content.state is State.UP:
            raise Refused("a banner that is up is taken down first")
        content = replace(content, state=entry.content.state, takes_over=entry.content.takes_over)
    save(session, Based(entry.kind, entry.name, based_on, by), content, PUT_BACK)


def _standing(session: Session, today: date) -> list[tuple[Entry, Banner]]:
    found = [(entry, entry.content) for entry in list_entries(session, Kind.BANNER)]
    return [(entry, it) for entry, it in found if isinstance(it, Banner) and it.state is State.UP and not it.is_over(today)]


def _set_state(session: Session, found: tuple[Entry, Banner], state: State, act: tuple[str, str]) -> None:
    entry, banner = found
    name, by = act
    save(session, Based(Kind.BANNER, entry.name, entry.version, by), replace(banner, state=state), name)
