"""What is done with a plan that is kept: kept, followed, opened, deleted. One function, one act; none commits.

The key of a code is worked out once, slowly; a sitting carries it while somebody is there.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from portal import clock
from portal.assessment.keeping import Sitting
from portal.sealing import key_of_code
from portal.sharing.plans.kept import LONGEST, Kept, delete_kept, find_kept, new_code, save_kept


def keep_plan(session: Session, sitting: Sitting, secret: str, lasts: timedelta = LONGEST) -> Sitting:
    """Keep what a sitting holds under a new code, or for another time under the one that it has."""
    if sitting.key is None:
        code = new_code()
        sitting = replace(sitting, code=code, key=key_of_code(code, secret))
    key = sitting.key
    assert key is not None  # noqa: S101 - made above where it was missing
    before = find_kept(session, key)
    requests = before.requests if before else ()
    kept = Kept(sitting.answers, clock.now() + min(lasts, LONGEST), sitting.steps, sitting.shown, requests, sitting.counted)
    save_kept(session, key, kept)
    return sitting


def follow(session: Session, sitting: Sitting) -> None:
    """Let the kept plan of a sitting have its answers and steps as they are now; nothing where none is kept."""
    if sitting.key is not None and (kept := find_kept(session, sitting.key)):
        counted = _both(kept, sitting)
        now = replace(kept, answers=sitting.answers, steps=sitting.steps, services=sitting.shown or kept.services, counted=counted)
        if now != kept:
            save_kept(session, sitting.key, now)


def open_plan(session: Session, code: str, secret: str) -> Sitting | None:
    """The sitting of a kept plan; nothing for a code that opens none."""
    key = key_of_code(code, secret)
    kept = find_kept(session, key)
    if kept is None:
        return None
    sitting = Sitting(kept.answers, kept.steps, code, key, shown=kept.services, before=kept.services)
    return replace(sitting, is_counted=True, counted=kept.counted, is_returned=True)


def delete_plan(session: Session, sitting: Sitting) -> None:
    """Delete the kept plan of a sitting at once."""
    if sitting.key is not None:
        delete_kept(session, sitting.key)


def list_requests(session: Session, sitting: Sitting) -> tuple[uuid.UUID, ...]:
    """Requests that were sent from the kept plan of a sitting, oldest first."""
    kept = find_kept(session, sitting.key) if sitting.key else None
    return kept.requests if kept else ()


def add_requests(session: Session, sitting: Sitting, requests: tuple[uuid.UUID, ...], secret: str) -> Sitting:
    """Remember requests with the plan, which is kept from now on for as long as any may be shared: the answers are found there."""
    sitting = sitting if list_requests(session, sitting) or _is_kept(session, sitting) else keep_plan(session, sitting, secret)
    kept = find_kept(session, sitting.key) if sitting.key else None
    if sitting.key and kept:
        every = tuple(dict.fromkeys((*kept.requests, *requests)))
        save_kept(session, sitting.key, replace(kept, ends_at=clock.now() + LONGEST, requests=every, counted=_both(kept, sitting)))
    return sitting


def _both(kept: Kept, sitting: Sitting) -> tuple[str, ...]:
    """Marks of what was counted, here or on another phone."""
    return tuple(dict.fromkeys((*kept.counted, *sitting.counted)))


def _is_kept(session: Session, sitting: Sitting) -> bool:
    return sitting.key is not None and find_kept(session, sitting.key) is not None
