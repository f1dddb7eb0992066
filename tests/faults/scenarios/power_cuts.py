"""The power fails while a reviewer approves, an editor publishes and a file is loaded: a disk image as it is at that moment is kept.

The state lies in an image of its own, mounted by a loop. While the writer stands still (SIGSTOP) the image is copied without what the
kernel has not written to it yet: that is what a disk holds after a power cut. Must hold on each copy, mounted anew: the database is sound
and its history proves whole, what somebody was told is done is done, nothing is done by half, and the next follow heals the index.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import Counter
from itertools import count

from faults.acts import TOLD, Stage
from faults.disks import make_image, mounted
from faults.killing import forked, stopped_after
from faults.trial import Trial

ACTS = ("approve", "publish", "load")
GOLDEN = 0.618  # of an act: moments that lie evenly over it, however many there are
BEYOND = 1.2  # of the time that it takes undisturbed
SAID = 10


def run(trial: Trial) -> None:
    """Cut at other moments of each act in turn, for as long as there is time."""
    image, cut, disk = trial.folder / "image", trial.folder / "cut", trial.folder / "disk"
    make_image(image)
    with mounted(image, disk):
        stage = Stage.of(trial.small("disk/state"))
        lasting = {act: _seconds(stage, act) for act in ACTS}
    trial.begin()
    told, problems = Counter[str](), list[str]()
    for turn in count():
        if trial.is_over():
            break
        act = ACTS[turn % len(ACTS)]
        with mounted(image, disk):
            stage.put_back()
            subprocess.run(["sync", "-f", disk], check=True)
            moment = lasting[act] * BEYOND * (turn // len(ACTS) * GOLDEN % 1)
            ended = stopped_after(getattr(stage, act), moment, lambda: shutil.copyfile(image, cut))
        told["told" if TOLD in ended.acknowledged else "not told"] += 1
        with mounted(cut, disk):
            problems += [f"{act}, cut {turn}: {problem}" for problem in stage.problems(act, ended)]
    trial.did(f"cut the power {told.total()} times; {told['told']} times the reviewer, editor or officer was told before that it is done")
    trial.held(told["told"] > 0, "some of the cuts came after somebody was told")
    for problem in problems[:SAID]:
        trial.broke(problem)
    trial.held(not problems, "database sound, history whole, what was told is done, nothing by half, index in line after the next follow")


def _seconds(stage: Stage, act: str) -> float:
    started = time.monotonic()
    forked(getattr(stage, act))
    return time.monotonic() - started
