"""Which localities have what every locality should have: one service has to be all that is asked, and a locality is short of the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from portal.insight.facts import Facts
from portal.insight.offer.models import pack, unpack
from portal.insight.offer.promises import Condition, Kept, Promise, kept

# Four services for carers, in three localities: each is what its letters say, where its row says that it can be used.
COVERS = [[1, 1, 1], [1, 0, 0], [1, 1, 0], [0, 1, 0]]
LOCAL = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]]
EVENING = [[0, 0, 0], [1, 0, 0], [1, 0, 0], [0, 0, 0]]
FREE = [1, 1, 0, 1]
STEP_FREE = [0, 1, 1, 0]


def facts() -> Facts:
    def table(rows: list[Any]) -> Any:
        return np.array(rows, dtype=bool)

    nothing = np.zeros((4, 3), dtype=np.int64)
    none = np.zeros(4, dtype=bool)
    meets = table([[0, 1], [0, 1], [0, 1], [0, 1]])
    meets[0, 0] = True  # the first is for falls too
    return Facts(
        day=date(2026, 11, 24),
        localities=("hill", "dale", "shore"),
        needs=("falls", "carer-support"),
        languages=(),
        ids=np.zeros((4, 16), dtype=np.uint8),
        meets=meets,
        covers=table(COVERS),
        local=table(LOCAL),
        based=table(LOCAL),
        places=nothing,
        hours=nothing.astype(float),
        evening=table(EVENING),
        weekend=table(EVENING),
        free=table(FREE),
        step_free=table(STEP_FREE),
        remote=none,
        foreign=none,
        speaks=np.zeros((4, 0), dtype=bool),
        too_old=0,
        closed=0,
    )


@pytest.mark.parametrize(
    ("need", "conditions", "found"),
    [
        ("carer-support", [], [3, 3, 1]),
        ("carer-support", [Condition.FREE], [2, 2, 1]),
        ("carer-support", [Condition.STEP_FREE], [2, 1, 0]),
        ("carer-support", [Condition.LOCAL], [1, 2, 0]),
        ("carer-support", [Condition.EVENING], [2, 0, 0]),  # a service may be on in the evening in one locality and not in another
        ("carer-support", [Condition.FREE, Condition.STEP_FREE], [1, 0, 0]),  # the same service is both
        ("carer-support", list(Condition), [1, 0, 0]),
        ("falls", [], [1, 1, 1]),
        ("no-longer-a-need", [], [0, 0, 0]),
    ],
)
def test_services_that_are_all_that_is_promised_are_counted(need: str, conditions: list[Condition], found: list[int]) -> None:
    assert list(kept(Promise(need, 1, frozenset(conditions)), facts()).found.values()) == found


def test_localities_with_fewer_than_promised_are_short_of_it_the_emptiest_first() -> None:
    asked = Promise("carer-support", 2, frozenset([Condition.STEP_FREE]))
    assert kept(asked, facts()).short == ("shore", "dale")
    assert kept(Promise("falls"), facts()).short == ()
    assert Kept(Promise("x", 2), {"a": 1, "b": 1, "c": 2}).short == ("a", "b")  # alike: the pack's order


@pytest.mark.parametrize("conditions", [[], [Condition.FREE], list(Condition)])
def test_a_promise_reads_back_from_its_columns(conditions: list[Condition]) -> None:
    promise = Promise("falls", 3, frozenset(conditions))
    assert unpack(**pack(promise)) == promise  # type: ignore[arg-type]


def test_a_condition_that_nobody_knows_any_more_is_left_out() -> None:
    assert unpack("falls", 1, "free,on-the-moon") == Promise("falls", 1, frozenset([Condition.FREE]))
