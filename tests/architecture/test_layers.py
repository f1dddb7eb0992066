"""Imports look down, rooms keep to themselves, and only those who must know Flask, Whoosh or the environment."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"
COMPOSERS = {"web/rooms.py", "web/desk_rooms.py", "web/holdings.py", "web/audiences.py"}  # where the rooms' views come together
KNOW_FLASK = {  # beside views and web: may only become fewer
    "i18n/request.py",  # takes the language out of a request
    "i18n/untranslated.py",  # marks English words in a finished answer
    "i18n/text.py",  # asks flask-babel for the catalogue
    "ui/caching.py",  # headers of a response
    "ui/posting.py",  # headers of a request
}
KNOW_ENVIRONMENT = {
    "config.py",  # reads every setting
    "web/counting.py",  # hands a library its folder, which it takes from nowhere else
}


def modules() -> Iterator[Path]:
    return (file for file in sorted(PORTAL.rglob("*.py")) if "node_modules" not in file.parts and "migrations" not in file.parts)


def name_of(file: Path) -> str:
    return file.relative_to(PORTAL).as_posix()


def imported(file: Path) -> set[str]:
    """Full names of everything that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_the_layers_hold() -> None:
    done = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_core_module_imports_views() -> None:
    for file in modules():
        is_view = file.name == "views.py" or name_of(file) in COMPOSERS | KNOW_FLASK
        views = [name for name in imported(file) if name.startswith("portal.") and "views" in name.split(".")]
        assert is_view or not views, f"{name_of(file)} imports {views}"


def test_views_know_flask_and_hardly_anybody_else_does() -> None:
    knowing = {
        name_of(file)
        for file in modules()
        if file.name != "views.py"
        and not name_of(file).startswith("web/")
        and any(name.split(".")[0] in ("flask", "flask_babel") for name in imported(file))
    }
    assert knowing == KNOW_FLASK


@pytest.mark.parametrize(
    ("library", "home"), [("whoosh", "search/"), ("shapely", "localities/"), ("segno", ""), ("gunicorn", "web/"), ("click", "")]
)
def test_a_library_stays_in_its_room(library: str, home: str) -> None:
    for file in modules():
        if any(name.split(".")[0] == library for name in imported(file)):
            assert name_of(file).startswith(home), f"{name_of(file)} imports {library}"


def test_only_one_module_reads_the_environment_and_one_asks_what_time_it_is() -> None:
    for file in modules():
        source = file.read_text("utf-8")
        assert name_of(file) in KNOW_ENVIRONMENT or "os.environ" not in source, f"{name_of(file)} reads the environment"
        now = [name for name in ("datetime.now(", "datetime.utcnow(", "date.today(") if name in source]
        assert name_of(file) == "clock.py" or not now, f"{name_of(file)} asks the machine what time it is: {now}"


def test_every_module_says_what_comes_in_and_what_goes_out() -> None:
    for file in modules():
        words = ast.get_docstring(ast.parse(file.read_text("utf-8")))
        assert words, f"{name_of(file)} has no docstring"
        assert words.split("\n")[0].endswith((".", ":", ";")) or words.count("\n"), f"{name_of(file)}: {words!r} is no sentence"


def test_no_room_is_called_by_a_name_that_says_nothing() -> None:
    empty = {"utils", "helpers", "common", "misc", "manager", "data"}
    for file in modules():
        assert not empty & {part.removesuffix(".py") for part in file.relative_to(PORTAL).parts}, name_of(file)
