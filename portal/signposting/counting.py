"""What plans were made for, as counts: a plan in, one more of each of its needs today and in its locality; never who.

How steps went is counted too, over all of them together. Whoever shows such counts hides the small ones: see `portal.tally`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from portal import tally
from portal.signposting.plan import Plan

KIND_NEED: Final = "plan need"
KIND_MADE: Final = "plan made"
KIND_WENT: Final = "plan went"
WENT: Final = ("done", "no-help", "no-entry")


def count_plan(session: Session, plan: Plan) -> None:
    """Count a plan and each of its needs. Never commits."""
    locality = plan.here.locality if plan.here and plan.here.locality else ""
    tally.count(session, KIND_MADE, "", locality)
    for need in dict.fromkeys(each.need for each in plan.needs):
        tally.count(session, KIND_NEED, need, locality)


def count_went(session: Session, how: str) -> None:
    """Count how something of a plan went, one of `WENT`. Never commits."""
    tally.count(session, KIND_WENT, how)
