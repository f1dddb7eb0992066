"""`/metrics` for Prometheus: requests, searches without an answer, what waits, and what was tended; numbers, and no label about a person.

Only for who sends the token of `PORTAL_METRICS_TOKEN` as a bearer; without that setting nobody is answered. A label is the name
of a route, a status or an act, never an address, a word or a place. Workers count in files that they share (`counting.share`).
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.backup.folder import list_backups, taken_at
from portal.config import Settings
from portal.db import reading
from portal.directory.cursors import list_unread
from portal.errors import IndexUnavailable
from portal.mail.waiting import count_waiting
from portal.search.index import Index
from portal.ui.caching import never
from portal.web.counting import is_shared

BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
REQUESTS: Final = Counter("portal_requests", "Requests answered, by the name of the route.", ["route", "status"])
SECONDS: Final = Histogram("portal_request_seconds", "How long requests took.", ["route"], buckets=BUCKETS)
SEARCHES: Final = Counter("portal_searches", "Pages of results, by whether there was any service on them.", ["found"])
TENDED: Final = Gauge("portal_tended_timestamp_seconds", "When each act was last tended to its end.", ["what"], multiprocess_mode="max")
FAILED: Final = Counter("portal_tending_failures", "How often an act could not be tended.", ["what"])


def install(app: Flask, engine: Engine, index: Index, settings: Settings) -> None:
    """Count requests, and serve `/metrics`."""

    def metrics() -> Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not settings.metrics_token or not hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
            abort(404)
        return never(Response(generate_latest(_registry(Waiting(engine, index, settings.backups))), content_type=CONTENT_TYPE_LATEST))

    if settings.metrics_token:
        app.before_request(_begin)
        app.after_request(_count)
    app.add_url_rule("/metrics", "health.metrics", metrics)


def tended(what: str, *, is_done: bool) -> None:
    """Say of an act that it was tended, or failed."""
    if is_done:
        TENDED.labels(what).set(time.time())
    else:
        FAILED.labels(what).inc()


def forget_worker(process_id: int) -> None:
    """A worker has ended: what only living ones say goes with it."""
    if is_shared():
        multiprocess.mark_process_dead(process_id)  # type: ignore[no-untyped-call]  # the library's


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    route = request.endpoint or "none"
    REQUESTS.labels(route, str(response.status_code)).inc()
    SECONDS.labels(route).observe(time.perf_counter() - g.get("began", time.perf_counter()))
    if "found" in g:
        SEARCHES.labels("some" if g.found else "none").inc()
    return response


def _registry(waiting: Waiting) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(waiting)
    if is_shared():
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's
    else:
        registry.register(_Own())
    return registry


class _Own(Collector):
    """What this process counted, where it is alone."""

    def collect(self) -> Iterator[object]:  # type: ignore[override]  # the library's type of what it passes on
        for each in (REQUESTS, SECONDS, SEARCHES, TENDED, FAILED):
            yield from each.collect()


class Waiting(Collector):
    """What waits now, asked of the database when somebody looks."""

    def __init__(self, engine: Engine, index: Index, backups: Path | None) -> None:
        self._engine, self._index, self._backups = engine, index, backups

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each number; without those of the database or the index while it cannot be asked."""
        found: dict[str, float] = {}
        with suppress(SQLAlchemyError, IndexUnavailable), reading(self._engine) as session:
            queue = count_waiting(session)
            found = {"outbox_waiting": queue.number, "outbox_oldest_seconds": queue.oldest.total_seconds()}
            unread = list_unread(session, self._index.snapshot().generation.applied, 1)
            found["index_behind_seconds"] = (clock.now() - unread[0].changed_at).total_seconds() if unread else 0.0
        yield GaugeMetricFamily("portal_database_up", "Whether the database can be asked.", value=float(bool(found)))
        for name, value in found.items():
            yield GaugeMetricFamily(f"portal_{name}", TOLD[name], value=value)
        if self._backups and (backups := list_backups(self._backups)):
            age = (clock.now() - taken_at(backups[-1])).total_seconds()
            yield GaugeMetricFamily("portal_backup_age_seconds", "The age of the newest backup.", value=age)


TOLD: Final = {
    "outbox_waiting": "Letters and text messages that wait.",
    "outbox_oldest_seconds": "How long the oldest of them has waited.",
    "index_behind_seconds": "How long the oldest change has waited for the search index.",
}
