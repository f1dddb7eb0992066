"""An act killed, or refused by the disk, at as many of its system calls as there is time for, and what is left looked at after each."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count

from faults.acts import TOLD, Stage
from faults.killing import Act, Call, Ended, calls_of, killed_at, refused_at
from faults.trial import Trial

POINTS = 300
SOUND = "database sound, history whole, what was told is done, nothing is done by half, the next follow heals the index"
BEFORE, AFTER, BY_ITSELF = "killed before anybody was told", "killed after somebody was told", "gone on or broken off by itself"
SAID = 12  # problems that are told one by one
ERRORS = ("ENOSPC", "EIO", "EROFS")
DISK = {"write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "mkdir", "link", "linkat"}


def kill_everywhere(trial: Trial, act: str) -> None:
    """Kill `act` of a stage at its calls, spread from first to last, and look what is left after each."""
    stage = Stage.of(trial.small())
    doing = getattr(stage, act)
    calls = calls_of(doing, trial.folder / "calls")
    trial.did(f"counted {len(calls)} system calls that write, from the first to an index that has followed")
    ends = _harm(trial, stage, act, calls, killed_at)
    trial.held(ends[BEFORE] + ends[AFTER] > 0, f"it was killed: {_in_words(ends)}")


def refuse_everywhere(trial: Trial, act: str) -> None:
    """Let the disk refuse from some call on, as it does when it is full, broken or read-only, and look what is left when it is well."""
    stage = Stage.of(trial.small())
    doing = getattr(stage, act)
    calls = [call for call in calls_of(doing, trial.folder / "calls") if call.name in DISK]
    trial.did(f"counted {len(calls)} system calls that a disk can refuse")
    turns = count()

    def refuse(doing: Act, call: Call) -> Ended:
        turn = next(turns)
        return refused_at(doing, call, ERRORS[turn % len(ERRORS)], onwards=turn % 2 == 0)

    ends = _harm(trial, stage, act, calls, refuse)
    trial.held(ends[BY_ITSELF] > 0, f"refused with {', '.join(ERRORS)}, once or from then on: {_in_words(ends)}")
    trial.held(not ends[BEFORE] + ends[AFTER], "nobody was killed by it")


def _harm(trial: Trial, stage: Stage, act: str, calls: Sequence[Call], harm: Callable[[Act, Call], Ended]) -> Counter[str]:
    ends: Counter[str] = Counter()
    problems: list[str] = []
    trial.begin()
    for call in _spread(calls):
        if ends.total() >= POINTS or trial.is_over():
            break
        stage.put_back()
        ended = harm(getattr(stage, act), call)
        ends[_end(ended)] += 1
        problems += [f"{call.name} {call.number}: {problem}" for problem in stage.problems(act, ended)]
    trial.did(f"harmed it at {ends.total()} of them, and looked what was left after each")
    for problem in problems[:SAID]:
        trial.broke(problem)
    trial.held(not problems, SOUND)
    return ends


def _end(ended: Ended) -> str:
    if ended.code == -signal.SIGKILL:
        return AFTER if TOLD in ended.acknowledged else BEFORE
    return BY_ITSELF


def _spread(calls: Sequence[Call]) -> Sequence[Call]:
    """All of them, in an order that is even over the whole wherever it is broken off: every 64th, then those between, and so on."""
    order = sorted(range(len(calls)), key=lambda at: (-((at & -at) if at else len(calls)), at))
    return [calls[at] for at in order]


def _in_words(ends: Counter[str]) -> str:
    return ", ".join(f"{number} times {end}" for end, number in ends.items())
