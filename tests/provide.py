"""Sees to what the tests need of this machine: a Chromium, fonts for right-to-left screenshots, PostgreSQL's server, nginx.

Debian's packages are installed when this runs as root; else one line says how. Whatever cannot be had, the tests that need it
are skipped and say so; the rest run. Quick when everything is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SECONDS = 900


@dataclass(frozen=True)
class Wanted:
    """A Debian package, how to see that it is there, and what is left out without it."""

    package: str
    is_there: Callable[[], bool]
    without: str


def has_chromium() -> bool:
    """A browser that tests can drive."""
    return bool(shutil.which("chromium"))


def has_fonts() -> bool:
    """Fonts for Urdu, Arabic, Bengali and Panjabi."""
    return any(Path("/usr/share/fonts").glob("**/NotoNastaliqUrdu*"))


def has_postgresql() -> bool:
    """PostgreSQL's server programs, wherever Debian keeps this version's."""
    return bool(shutil.which("initdb")) or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def has_nginx() -> bool:
    """The proxy that stands in front of a council's portal."""
    return bool(shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"))


WANTED = (
    Wanted("chromium", has_chromium, "the browser tests are skipped"),
    Wanted("fonts-noto-core", has_fonts, "screenshots of Urdu pages show other letters than phones do"),
    Wanted("postgresql", has_postgresql, "the tests on PostgreSQL are skipped"),
    Wanted("nginx-light", has_nginx, "the tests of nginx in front of the portal are skipped"),
)


def main() -> None:
    """Install what is missing, or say how. Never fails: a test that cannot run says why it is skipped."""
    missing = [wanted for wanted in WANTED if not wanted.is_there()]
    if missing and _may_install():
        _install([wanted.package for wanted in missing])
    for wanted in missing:
        if not wanted.is_there():
            say(f"{wanted.package} is not here: {wanted.without}. As root: apt-get install {wanted.package}")


def _may_install() -> bool:
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def _install(packages: list[str]) -> None:
    say(f"Installing {', '.join(packages)} from Debian …")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], *(["install", "--no-install-recommends", package] for package in packages)):
        try:
            done = subprocess.run(
                ["apt-get", "-qq", "-y", *command], env=environ, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            say(f"apt-get {' '.join(command)} took more than {SECONDS} seconds and was given up")
            continue
        if done.returncode:
            say(f"apt-get {' '.join(command)}: {(done.stderr.strip().splitlines() or ['failed without a word'])[-1]}")


def say(line: str) -> None:
    """One line on the terminal."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
