"""Disks to be harmed: an image with a file system of its own, and a small one in memory, mounted while a context lasts. They take root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from faults.trial import NotShown, program

MEGABYTES = 64


def make_image(image: Path) -> None:
    """A file that holds an empty file system."""
    with image.open("wb") as made:
        made.truncate(MEGABYTES * 1024 * 1024)
    subprocess.run([program("mkfs.ext4", "e2fsprogs"), "-q", "-F", str(image)], check=True)


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[None]:
    """An image at a place; what nobody asked to be written is written late, and on an error the kernel makes it read-only."""
    with _at(place, ["-o", "loop,commit=600,errors=remount-ro", str(image)]):
        yield


@contextmanager
def in_memory(place: Path) -> Iterator[None]:
    """A small disk that can be filled."""
    with _at(place, ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "portal-faults"]):
        yield


@contextmanager
def _at(place: Path, what: Sequence[str]) -> Iterator[None]:
    """Raises `NotShown` where nothing can be mounted."""
    if os.geteuid() != 0:
        raise NotShown("only root can mount a disk")
    place.mkdir(exist_ok=True)
    done = subprocess.run([program("mount", "mount"), *what, str(place)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotShown(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run([program("umount", "mount"), str(place)], check=True)


def break_down(place: Path) -> None:
    """Let the kernel find an error in the file system at a place, which it then makes read-only. Raises `NotShown`."""
    device = subprocess.run(["findmnt", "-no", "SOURCE", str(place)], capture_output=True, text=True, check=False).stdout.strip()
    trigger = Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error")
    if not device or not trigger.exists():
        raise NotShown("this kernel cannot be told to find an error in a file system")
    trigger.write_text("a scenario of make faults\n")
