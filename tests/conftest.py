"""What tests share: the demo borough loaded once a run, applications on copies of it, a stopped clock, databases to spoil.

Every HTML page that a `client` fetches is held to the contract (`contract.py`). Applications never share state: each has its
own copy of database and index. Nothing below `unit/` can open a database.
"""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import structlog
import yaml
from contract import CheckedClient
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from serving import Served, serving
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.routing.rules import Rule

from portal import clock, schema, sealing
from portal.advice.pages import Library
from portal.config import Settings, from_environment
from portal.db import open_engine
from portal.localities.versions import load_versions
from portal.taxonomy.rules import load_rules
from portal.web import feeding, holdings
from portal.web.app import create_app
from portal.web.serving import first_listings, prepare_database

TESTS = Path(__file__).parent
UNIT = TESTS / "unit"
SHARED = TESTS.parent.parent / "shared"
SMALL = ("tests/architecture/", "tests/content/", "tests/relevance/", "tests/unit/")  # thousands that take less than telling of them
TOGETHER = (  # files that one worker has whole: both would make what their tests share, a browser's site or a borough that is loaded
    *SMALL,
    "tests/browser/",
    "tests/integration/test_areas_build.py",
    "tests/integration/test_areas_need.py",
    "tests/integration/test_deploy_nginx.py",
    "tests/integration/test_feeds_hostile.py",
    "tests/integration/test_insight_trafford.py",
    "tests/integration/test_my_list.py",
    "tests/integration/test_oruk_valid.py",
    "tests/integration/test_postgresql.py",
    "tests/integration/test_search_demo.py",
    "tests/integration/test_search_fallback.py",
)
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)  # a Tuesday

# Files are compiled once, whatever the machine says: every process that a test starts would compile the whole portal again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system: pytest makes folders of its own there, as it does in /tmp
ENOUGH = 4 * 2**30  # bytes, several times what the whole run has there at any moment

if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ENOUGH and not os.statvfs(IN_MEMORY).f_flag & os.ST_NOEXEC:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))  # thousands of databases wait for no disk

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # jsonschema would make its forty grammars: no schema here has a format "iri"
gc.disable()  # while tests are collected, which makes nothing that goes: see `pytest_collection_finish`

structlog.configure(  # plain and short: by itself structlog prints every local variable of a traceback
    processors=[structlog.processors.add_log_level, structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
)


def pytest_collection_finish() -> None:
    """The collector of garbage passes over what lasts as long as the run, and looks seldom: it took a fifth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Whatever runs below `unit/`, its fixtures too, runs without a database."""
    barred = mock.patch.object(Engine, "__init__", side_effect=AssertionError("a unit test opens no database: see tests/integration"))
    with barred if UNIT in item.path.parents else ExitStack():
        return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests of one file that share what takes long to make go to one worker; the rest wherever there is room.

    Files of small tests go whole as well, and last: told one by one, a worker would wait for each longer than it takes, and both come to
    the end together. Browser tests are in many files, so that no worker has them all and goes on alone when the rest is done.

    (The plugin's own `xdist_group` has no effect with this pytest: it writes the group into a node id that is not read any more.)
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.partition("::")[0] if nodeid.startswith(TOGETHER) else nodeid

        def _assign_work_unit(self, node: Any) -> None:
            done = [scope for scope, tests in self.assigned_work[node].items() if all(tests.values())]
            for scope in done:  # else each test that ends has all before it counted again
                del self.assigned_work[node][scope]
            super()._assign_work_unit(node)

    config.option.loadscopereorder = False  # as `pytest_collection_modifyitems` puts them
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long first: files that go whole, then the rest one by one, then the small ones."""
    items.sort(key=lambda item: (item.nodeid.startswith(SMALL), not item.nodeid.startswith(TOGETHER)))


@pytest.fixture(scope="session", autouse=True)
def _light_codes() -> Iterator[None]:
    """Keys of codes are made with little memory: hundreds of tests keep a plan. `test_codes_kept` makes one as the site does."""

    def light(**parameters: Any) -> Argon2id:
        return Argon2id(**{**parameters, "memory_cost": 64})

    with mock.patch.object(sealing, "Argon2id", light):
        yield


@pytest.fixture
def stopped_clock() -> Iterator[datetime]:
    """The clock stands at 10.30 on Tuesday 24 November 2026, in London."""
    with clock.stopped_at(NOW):
        yield NOW


@pytest.fixture
def shared() -> Path:
    """The folder `shared` beside the checkout; a test that needs it is skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: it is not part of the repository")
    return SHARED


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all workers of one run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def only_once(path: Path) -> Iterator[bool]:
    """Whether `path` is still to be made; others wait meanwhile. What fails half-way leaves nothing behind."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            yield False
            return
        try:
            yield True
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise


def settings_in(state: Path, **changes: Any) -> Settings:
    """Settings as a developer's, with everything that changes below `state`."""
    return replace(from_environment({"PORTAL_STATE": str(state)}), **changes)


@pytest.fixture(scope="session")
def demo_state(whole_run: Path) -> Path:
    """The demo borough, loaded and indexed once a run. Copy it; never write to it."""
    state = whole_run / "demo"
    with only_once(state) as to_make:
        if to_make:
            settings = settings_in(state)
            with clock.stopped_at(NOW):
                prepare_database(settings)
                first_listings(settings, lambda _line: None)
            close_log(settings)
    return state


def close_log(settings: Settings) -> None:
    """Put SQLite's write-ahead log back into its file, so that the file alone is the database."""
    path = settings.database_url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.fixture(scope="session")
def demo(demo_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the demo borough, migrated, loaded and indexed: this worker's own copy, to read from."""
    return settings_in(shutil.copytree(demo_state, tmp_path_factory.mktemp("reading") / "state"))


@pytest.fixture(scope="session")
def quick_start(whole_run: Path) -> Iterator[None]:
    """Applications start sooner: templates are compiled once a run, and the same books are read once a process."""
    compiled = whole_run / "templates"
    compiled.mkdir(exist_ok=True)
    options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(compiled))}
    with ExitStack() as patches:
        patches.enter_context(mock.patch.object(Flask, "jinja_options", options))
        for name in ("load_laywords", "load_questions", "load_urgent_words"):
            patches.enter_context(mock.patch.object(holdings, name, read_once(getattr(holdings, name))))
        patches.enter_context(mock.patch.object(holdings, "load_versions", read_once(load_versions, files_as_they_are)))
        patches.enter_context(mock.patch.object(feeding, "load_rules", read_once(load_rules, files_as_they_are)))
        patches.enter_context(mock.patch.object(yaml, "load", parsed_once(yaml.load)))
        patches.enter_context(mock.patch.object(holdings, "Library", read_once(Library, lambda settings, pack: (settings.content, pack))))
        patches.enter_context(mock.patch.object(Rule, "compile", compiled_once(Rule.compile)))
        yield


def compiled_once(compile_rule: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """Werkzeug's function that reads and compiles a rule: once for all applications that have this rule."""
    remembered: dict[object, tuple[dict[str, Any], Any, Any]] = {}

    def compiled(rule: Rule) -> None:
        assert rule.map is not None
        of_map = (rule.map.host_matching, *rule.map.converters.values())
        key = (rule.rule, repr(rule.defaults), rule.subdomain, rule.host, rule.merge_slashes, of_map)
        if key not in remembered:
            compile_rule(rule)
            of_rule = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            remembered[key] = of_rule, rule._build.__func__, rule._build_unknown.__func__  # type: ignore[attr-defined]  # they are bound
        of_rule, build, build_unknown = remembered[key]
        rule.__dict__.update(of_rule, _build=build.__get__(rule), _build_unknown=build_unknown.__get__(rule))

    return compiled


def parsed_once(parse: Callable[..., Any]) -> Callable[..., Any]:
    """PyYAML's function, which parses the same text once a process and gives a copy each time."""
    remembered: dict[object, bytes] = {}

    def load(text: Any, Loader: Any) -> Any:  # noqa: N803 - the name is PyYAML's
        if not isinstance(text, str):
            return parse(text, Loader)
        if (text, Loader) not in remembered:
            remembered[text, Loader] = pickle.dumps(parse(text, Loader))
        return pickle.loads(remembered[text, Loader])  # noqa: S301 - our own

    return load


def read_once(load: Callable[..., Any], of: Callable[..., object] = lambda *arguments: arguments) -> Callable[..., Any]:
    """`load`, which remembers what it read for the same arguments, or for what is read `of` them."""
    remembered: dict[str, Any] = {}

    def read(*arguments: Any) -> Any:
        key = repr(of(*arguments))
        if key not in remembered:
            remembered[key] = load(*arguments)
        return remembered[key]

    return read


@pytest.fixture
def make_app(demo_state: Path, tmp_path: Path, quick_start: None, stopped_clock: datetime) -> Iterator[Callable[..., Flask]]:
    """Makes applications, each on its own copy of the demo borough. Keywords change its settings."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        state = shutil.copytree(demo_state, tmp_path / f"state-{len(made)}")
        settings = settings_in(state, **changes)
        app = create_app(settings)
        app.test_client_class = CheckedClient
        app.extensions["test settings"] = settings
        made.append(app)
        return app

    yield make
    for app in made:
        settle(app)


def files_as_they_are(path: Path) -> object:
    """A file, or all files of a folder, until one of them is written again."""
    return [(str(file), file.stat().st_mtime_ns) for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]


def settle(app: Flask) -> None:
    """Wait for what an application does in the background, and close its database."""
    room = app.extensions["search"]
    with room.index._mending:
        room.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The real application on its own copy of the demo borough, at 10.30 on Tuesday 24 November 2026."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's phone. Every page that it fetches is held to the contract."""
    return app.test_client()


@pytest.fixture(scope="session")
def _reading_app(demo: Settings, quick_start: None) -> Iterator[Flask]:
    with clock.stopped_at(NOW):
        app = create_app(demo)
    app.test_client_class = CheckedClient
    yield app
    settle(app)


@pytest.fixture
def reader(_reading_app: Flask, stopped_clock: datetime) -> FlaskClient:
    """As `client`, for tests that only read: one application for all of this worker's."""
    return _reading_app.test_client()


@pytest.fixture(scope="session")
def served(demo_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo borough behind the real server, one for each worker that asks; its clock runs."""
    with serving(shutil.copytree(demo_state, tmp_path_factory.mktemp("served") / "state")) as site:
        yield site


@pytest.fixture(scope="session")
def empty_database(whole_run: Path) -> Path:
    """An SQLite file with every table and no row, made by the migrations. Copy it."""
    folder = whole_run / "empty"
    with only_once(folder) as to_make:
        if to_make:
            folder.mkdir()
            settings = settings_in(folder, database_url=f"sqlite:///{folder / 'empty.sqlite3'}")
            engine = open_engine(settings.database_url)
            schema.upgrade(engine)
            engine.dispose()
            close_log(settings)
    return folder / "empty.sqlite3"


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the test's own, for code that opens its own transactions."""
    engine = open_engine(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'portal.sqlite3')}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _common_database(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{shutil.copy(empty_database, tmp_path_factory.mktemp('database') / 'portal.sqlite3')}")
    yield engine
    engine.dispose()


@pytest.fixture
def session(_common_database: Engine) -> Iterator[Session]:
    """A session on a database with every table. A commit is a savepoint; all is undone when the test ends."""
    with _common_database.execution_options(writes=True).connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
