"""Documents match the code: what the README names exists, and what somebody must know is in the README."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from portal.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def tracked() -> list[Path]:
    """Files of the repository; those of a copy without its history as they lie."""
    if not (ROOT / ".git").exists():
        pytest.skip("this copy has no history to list its files from")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [file for name in listed.split("\0") if name and (file := ROOT / name).is_file()]


def test_every_setting_is_in_the_readme() -> None:
    read = set(re.findall(r'"(PORTAL_[A-Z_]+|PORT)"', (ROOT / "portal" / "config.py").read_text("utf-8")))
    assert len(read) >= 9
    assert {name for name in read if not re.search(rf"\b{name}\b", README)} == set()


def test_every_setting_in_the_readme_is_read() -> None:
    source = (ROOT / "portal" / "config.py").read_text("utf-8")
    assert {name for name in re.findall(r"\bPORTAL_[A-Z_]+\b", README) if f'"{name}"' not in source} == set()


def test_every_command_in_the_readme_exists() -> None:
    assert {name for name in re.findall(r"\bmake ([a-z]+)\b", README) if not re.search(rf"(?m)^{name}:", MAKEFILE)} == set()
    assert {name for name in re.findall(r"`portal ([a-z]+)", README) if name not in main.commands} == set()


def test_every_file_and_picture_that_the_readme_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_folder_on_the_map_is_there() -> None:
    drawn = README.split("## The map of the house")[1].split("```")[1]
    rooms = re.findall(r"(?m)^(?:portal/)? +([a-z0-9]+(?:, [a-z]+)?)  ", drawn)
    assert len(rooms) >= 8
    for name in ",".join(rooms).replace(" ", "").split(","):
        assert (ROOT / "portal" / name).is_dir() or (ROOT / "portal" / f"{name}.py").is_file(), f"the map draws {name}"
    for folder in re.findall(r"(?m)^([a-z_]+)/ ", drawn):
        assert (ROOT / folder).is_dir(), f"the map draws {folder}/"


def test_every_room_is_on_the_map() -> None:
    drawn = README.split("## The map of the house")[1].split("```")[1]
    rooms = {entry.name for entry in (ROOT / "portal").iterdir() if (entry / "__init__.py").is_file()}
    assert {room for room in rooms if not re.search(rf"\b{room}\b", drawn)} == set()


def test_nothing_is_left_to_be_filled_in() -> None:
    assert re.findall(r"\b[A-Z]+_[A-Z_]+\b", re.sub(r"PORTAL_[A-Z_]+", "", README)) == []
    for file in tracked():
        if file.suffix in {".py", ".html", ".mjs", ".js", ".scss", ".yaml", ".toml"} and file != Path(__file__):
            assert not re.search(r"\b(TODO|FIXME|XXX)\b", file.read_text("utf-8")), file


def test_make_alone_lists_every_command() -> None:
    for name in ("run", "setup", "test", "check", "bench"):
        assert re.search(rf"(?m)^{name}:.*## \S", MAKEFILE), name


def test_no_path_of_somebodys_machine_is_in_the_repository() -> None:
    machine = re.compile(r"(?<![\w.-])/(work|root|home|Users)/\w")
    for file in tracked():
        if file.suffix in {".py", ".md", ".yaml", ".toml", ".txt", ".html", ".mjs", ".js", ".json", ".lock", ""}:
            found = machine.search(file.read_text("utf-8", errors="ignore"))
            assert not found, f"{file.relative_to(ROOT)} names {found and found.group()!r}"


def test_locks_hold_every_package_by_its_hash_and_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text("utf-8")
        packages = re.findall(r"(?m)^[a-z0-9][\w.\[\]-]*==\S+", lock)
        assert len(packages) > 20
        assert lock.count("--hash=sha256:") >= len(packages)
        assert "://" not in lock
    assert "resolved" not in (ROOT / "portal" / "ui" / "frontend" / "package-lock.json").read_text("utf-8")
