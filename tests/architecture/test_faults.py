"""Scenarios of `make faults`, which the ordinary tests do not run: each can be imported, and says what must hold."""

from __future__ import annotations

import importlib
import inspect

import pytest
from faults.run import names
from faults.trial import Trial


def test_there_are_scenarios_of_lasting_and_of_abuse() -> None:
    assert {"killed_approving", "processes_killed", "index_harmed", "power_cuts", "killer_queries", "junk"} <= {*names()}


@pytest.mark.parametrize("name", names())
def test_each_scenario_says_what_is_done_and_what_must_hold(name: str) -> None:
    scenario = importlib.import_module(f"faults.scenarios.{name}")
    done, _, must_hold = (scenario.__doc__ or "").partition("Must hold")
    assert len(done.split()) > 8, "what is done"
    assert len(must_hold.split()) > 12, "what must hold"
    assert [each.annotation for each in inspect.signature(scenario.run).parameters.values()] == [Trial.__name__]
