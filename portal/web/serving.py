"""Getting a site going: settings in, a database at its newest shape, listings loaded, an index that has followed, a server out."""

from __future__ import annotations

import ctypes
import gc
import json
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from portal import clock, schema
from portal.config import Settings
from portal.db import opened, reading
from portal.directory.bank_holidays import is_bank_holiday
from portal.directory.openreferral.loading import LoadOptions, load
from portal.directory.openreferral.reporting import save, summary_lines
from portal.directory.queries import count_services
from portal.errors import IndexUnavailable
from portal.i18n.request import read_catalogues
from portal.pack import find_file, load_pack
from portal.search.understanding import english_words
from portal.taxonomy.rules import load_rules
from portal.taxonomy.stemming import forget_stems
from portal.web import metrics
from portal.web.app import create_app
from portal.web.holdings import hold
from portal.web.logs import NUMBER, configure_logs

ACCESS_LOG: Final = '{"event": "request", "method": "%(m)s", "path": "%(U)s", "status": %(s)s, "ms": %(M)s, "request_id": "%(number)s"}'
THREADS: Final = 4
ARENAS: Final = -8  # what `mallopt` of glibc calls the setting of how many heaps there are
SECRET_PART: Final = re.compile(
    r"(?<=/answer/)[^/]+|(?<=/still-right/)[^/]+|(?<=/sign-in/link/)[^/]+"  # what opens something
    r"|(?:(?<=/people/)|(?<=/claims/)|(?<=/recoveries/))[0-9a-f-]{36}"  # whom it is about
)

Say = Callable[[str], object]


def prepare_database(settings: Settings) -> None:
    """Migrate the database to the newest shape."""
    with opened(settings.database_url) as engine:
        schema.upgrade(engine)


def first_listings(settings: Settings, say: Say) -> None:
    """Load the pack's own listings into an empty directory; in any case let the index follow.

    Where the pack says on which day its listings were true (`as_of`, for an example), the days on which they were checked move along
    to today, this once: those of a demonstration would otherwise grow old and be hidden. Any other load takes days as they stand.
    """
    with opened(settings.database_url) as engine, reading(engine) as session:
        is_empty = not count_services(session)
    own = settings.content / "directory"
    if is_empty and own.is_dir():
        as_of = load_pack(settings).as_of
        load_sources(settings, [str(own)], dry_run=False, say=say, days_moved=(clock.today() - as_of).days if as_of else 0)
    else:
        holdings = hold(settings)
        holdings.index.follow()
        holdings.engine.dispose()


def load_sources(settings: Settings, sources: Sequence[str], *, dry_run: bool, say: Say, days_moved: int = 0) -> None:
    """Load sources all or nothing, keep the report, say what happened, and let the index follow. Raises `SourceError`."""
    holdings = hold(settings)
    rules = load_rules(find_file(settings, "taxonomy_rules.yaml"))
    options = LoadOptions(holdings.taxonomy, rules, is_dry_run=dry_run, progress=_show_progress, days_moved=days_moved)
    report = load(holdings.engine, sources, options)
    for line in summary_lines(report):
        say(line)
    say(f"Report: {save(report, settings.instance / 'reports')}")
    if not dry_run:
        holdings.index.follow()
    holdings.engine.dispose()


def _show_progress(done: int, total: int, label: str) -> None:
    """One line that rewrites itself, on a terminal only."""
    if sys.stderr.isatty():
        end = "\n" if total and done >= total else ""
        click.echo(f"\r{label} {done:,}{f' of {total:,}' if total else ''}   {end}", err=True, nl=False)


def _read_ahead(app: Flask) -> None:
    """Read once what each worker would else read for itself when it is first asked for; nothing of the database or the index."""
    app.extensions["search"].searcher.laywords.spellings  # noqa: B018 - made here, and kept
    forget_stems()
    read_catalogues(app)
    is_bank_holiday(clock.today())


def _keep_one_heap() -> None:
    """Let threads share a heap where glibc would give each its own: what one has freed another may then use. One runs at a time anyway."""
    with suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(ARENAS, 1)


def _warm(worker: Any) -> None:
    """Open the index before the first person asks (a site without one yet serves all the same), and begin to tend."""
    with suppress(IndexUnavailable):
        worker.wsgi.extensions["search"].index.snapshot()
    worker.wsgi.extensions["tending"]()


def _end(_server: Any, worker: Any) -> None:
    """A worker that stops, however politely it was asked, writes what it holds in memory only."""
    if worker.booted:
        worker.wsgi.extensions["ending"]()


def _forget(_server: Any, worker: Any) -> None:
    """The master has seen a worker end."""
    metrics.forget_worker(worker.pid)


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn is not typed
    """Gunicorn's log. A path cannot break out of its JSON, and a request that went wrong is told without its address or caller."""

    atoms_wrapper_class = dict  # its own escapes quotes only: a new line in a path would begin a line of the log

    def atoms(self, *about: Any) -> dict[str, Any]:
        """What an access line may say: a path without the token that opens what somebody shared."""
        atoms: dict[str, Any] = super().atoms(*about)
        number = atoms.get(f"{{{NUMBER.lower()}}}o", "-")
        return {**atoms, "number": number, "U": json.dumps(SECRET_PART.sub("…", atoms["U"]), ensure_ascii=False)[1:-1]}

    def warning(self, msg: str, *args: Any, **options: Any) -> None:
        """As gunicorn's, of a malformed request only that it came: the text would repeat it, and say from where."""
        super().warning(msg.partition(" from ip=")[0], *args, **options)

    def exception(self, msg: object, *args: Any, **options: Any) -> None:
        """As gunicorn's, without the address that was asked for."""
        super().exception("Error handling a request" if args else msg, **options)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """Gunicorn with an application made before the workers part, so that they share what it read."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Bounded in every way: header sizes, time, requests a worker serves."""
        settings = self._settings
        options: dict[str, Any] = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.workers,
            "preload_app": True,  # what never changes is read once and shared; nothing of the database or the index is open yet
            "post_worker_init": _warm,
            "worker_exit": _end,
            "child_exit": _forget,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 30,
            "graceful_timeout": 20,
            "keepalive": 5,
            "max_requests": 50_000,
            "max_requests_jitter": 5_000,
            "limit_request_line": 4_094,
            "limit_request_fields": 60,
            "accesslog": "-",
            "access_log_format": ACCESS_LOG,
            "logger_class": ServerLog,
            "control_socket_disable": True,
            "worker_tmp_dir": "/dev/shm" if sys.platform == "linux" else None,  # noqa: S108 - gunicorn's advice: a heartbeat must not touch a disk
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, with the collector of garbage at rest meanwhile: nothing of this is ever garbage.

        It would look through all of it again and again, for longer than the rest of a start takes. Frozen, it is never looked
        through in a worker either, so that the workers go on sharing its memory.
        """
        gc.disable()
        try:
            english_words()  # first, so that the rest is built where its source was read
            app = create_app(self._settings)
            _read_ahead(app)
        finally:
            gc.enable()
        gc.freeze()
        return app


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    configure_logs()
    _keep_one_heap()
    _Server(settings).run()
