"""What plans were made for and what came of them, as counts: one more today, in a locality; never who.

What somebody says of a plan is counted once for each answer. The marks of what was counted stay sealed with the sitting and the kept
plan, so that a second tap, and the same answer on another day, count nothing more. Whoever shows such counts hides the small ones:
see `insight.protection`.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from portal import clock, tally
from portal.localities.answer import Ambiguous, Place, Unknown
from portal.signposting.plan import Plan

KIND_NEED: Final = "plan need"
KIND_MADE: Final = "plan made"
KIND_WENT: Final = "plan went"  # its keys are those of `went_key`
KIND_FIRST: Final = "plan first"  # plans that led to the front door before anything was done; in the community: see `went_key`
KIND_WEEK: Final = "plan week"  # whether the good week that somebody described has come about: `WEEK`
DONE: Final = "done"
WENT: Final = (DONE, "no-help", "no-entry")
SERVICE: Final = "service"
STEP: Final = "step"
FRONT_DOOR: Final = "front-door"
WEEK: Final = ("reached", "partly", "not-yet")
GOOD_WEEK: Final = "good-week"  # what forms call it, beside ids of steps and services
_FIRST: Final = "first"  # the mark of a plan of which something has come


@dataclass(frozen=True)
class Said:
    """How an `item` of a plan went, one of `WENT`; or, of `GOOD_WEEK`, one of `WEEK`. `sort` is `SERVICE` or `STEP`."""

    item: str
    how: str
    sort: str = ""


def locality_of(here: Place | Ambiguous | Unknown | None) -> str:
    """Where the plan of somebody who lives `here` is counted; empty where they did not say, or no locality is known."""
    return here.locality or "" if isinstance(here, Place) else ""


def went_key(sort: str, how: str, *, is_first: bool = False) -> str:
    """Under what the answers about services, or small steps, are counted; `is_first`: `DONE`, and nothing came of the plan before.

    One answer has one key: were the first ones counted again among all, one number would say something of the other.
    """
    return f"{sort} {how} first" if is_first else f"{sort} {how}"


def count_plan(session: Session, plan: Plan) -> None:
    """Count a plan and each of its needs. Never commits."""
    needs = {(KIND_NEED, each.need) for each in plan.needs}
    _add(session, {(KIND_MADE, ""), *needs}, locality_of(plan.here))


def count_said(session: Session, said: Said, locality: str, marks: tuple[str, ...]) -> tuple[str, ...]:
    """Count what was not counted of this plan before; all its marks as they are now. Never commits."""
    mark = f"{said.item} {said.how}"
    if mark in marks:
        return marks
    if said.item == GOOD_WEEK:
        _add(session, {(KIND_WEEK, said.how)}, locality)
        return (*marks, mark)
    is_first = said.how == DONE and _FIRST not in marks
    _add(session, {(KIND_WENT, went_key(said.sort, said.how, is_first=is_first))}, locality)
    return (*marks, mark, _FIRST) if is_first else (*marks, mark)


def count_front_door(session: Session, locality: str, marks: tuple[str, ...]) -> tuple[str, ...]:
    """Count that a plan led to the front door, unless something came of it before; its marks as they are now. Never commits."""
    if _FIRST in marks:
        return marks
    _add(session, {(KIND_FIRST, FRONT_DOOR)}, locality)
    return (*marks, _FIRST)


def _add(session: Session, counted: Set[tuple[str, str]], locality: str) -> None:
    today = clock.today()
    tally.add(session, {tally.Subject(today, kind, key, locality): 1 for kind, key in counted})
