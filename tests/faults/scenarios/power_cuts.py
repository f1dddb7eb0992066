"""The power fails while a reviewer approves, an editor publishes and a file is loaded: a disk image as it is at that moment is kept.

The state lies in an image of its own, mounted by a loop. While the writer stands still (SIGSTOP) the image is copied without what the
kernel has not written to it yet: that is what a disk holds after a power cut. Must hold on each copy, mounted anew: the database is sound
and its history proves whole, what somebody was told is done is done, nothing is done by half, and the next follow heals the index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from faults.acts import TOLD, Stage
from faults.killing import forked, stopped_after
from faults.trial import NotShown, Trial, program

MEGABYTES = 64
ACTS = ("approve", "publish", "load")
GOLDEN = 0.618  # of an act: moments that lie evenly over it, however many there are
BEYOND = 1.2  # of the time that it takes undisturbed
SAID = 10


def run(trial: Trial) -> None:
    """Cut at other moments of each act in turn, for as long as there is time."""
    if os.geteuid() != 0:
        raise NotShown("only root can mount a disk image")
    image, cut, disk = trial.folder / "image", trial.folder / "cut", trial.folder / "disk"
    _make(image)
    disk.mkdir()
    with _mounted(image, disk):
        stage = Stage.of(trial.small("disk/state"))
        lasting = {act: _seconds(stage, act) for act in ACTS}
    trial.begin()
    told, problems = Counter[str](), list[str]()
    for turn in count():
        if trial.is_over():
            break
        act = ACTS[turn % len(ACTS)]
        with _mounted(image, disk):
            stage.put_back()
            subprocess.run(["sync", "-f", disk], check=True)
            moment = lasting[act] * BEYOND * (turn // len(ACTS) * GOLDEN % 1)
            ended = stopped_after(getattr(stage, act), moment, lambda: shutil.copyfile(image, cut))
        told["told" if TOLD in ended.acknowledged else "not told"] += 1
        with _mounted(cut, disk):
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


def _make(image: Path) -> None:
    with image.open("wb") as made:
        made.truncate(MEGABYTES * 1024 * 1024)
    subprocess.run([program("mkfs.ext4", "e2fsprogs"), "-q", "-F", image], check=True)


@contextmanager
def _mounted(image: Path, place: Path) -> Iterator[None]:
    """An image at a place while the context lasts; the kernel writes to it only what it is told to. Raises `NotShown`."""
    done = subprocess.run([program("mount", "mount"), "-o", "loop,commit=600", image, place], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotShown(f"a disk image cannot be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run([program("umount", "mount"), place], check=True)
