"""How long a page of 50 of each list of the open data takes, in a directory of 5,000 listings: the slowest first.

Every list plain, whole and by what may be asked, on pages from all over it; one process, no network, as `desks` measures. Each is
read twice: for the first time after every service was changed, when nothing that was kept holds, and again.
`python tests/bench/api.py` fills a directory of its own; `--requests 10` for fewer pages.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.borough import fill
from bench.desks import Measured, at, measure
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from portal.api.oruk.parameter import ROOT
from portal.config import Settings, from_environment
from portal.db import opened, writing
from portal.directory.listed import ListedService, keep_listed
from portal.directory.models import Service
from portal.web.app import create_app
from portal.web.holdings import hold
from portal.web.serving import first_listings, prepare_database

LISTINGS: Final = 5_000
ORGANIZATIONS: Final = 700
PER_PAGE: Final = 50
REQUESTS: Final = 40
LIMIT: Final = 60.0  # milliseconds, 95 of 100 pages
TURNS: Final = ("first", "again")
SINCE: Final = "2020-01-01T00:00:00Z"
Asking = tuple[str, dict[str, Any]]


def print_api(settings: Settings, demo: Engine, requests: int = REQUESTS) -> None:
    """Fill a directory, from the listings of `demo`, and measure every list of it."""
    prepare_database(settings)
    holdings = hold(settings)
    fill(holdings.engine, demo, LISTINGS, ORGANIZATIONS)
    with writing(holdings.engine) as session:
        keep_listed(session, session.scalars(select(Service.id)).all())
    app = create_app(settings)
    gc.collect()
    gc.freeze()  # as the server does
    client = app.test_client()
    print(f"\nopen data, pages of {PER_PAGE}, {LISTINGS:,} listings; limit {LIMIT:.0f} ms\n       p50     p95 processor")
    found: list[tuple[str, Measured]] = []
    for number, asking in enumerate(list(_askings(client))):
        with writing(holdings.engine) as session:
            session.execute(update(ListedService).values(revision=ListedService.revision + 1))
        for turn in TURNS:
            pages = _pages(client, (number, turn), asking, requests)
            found.append((turn, measure(f"{turn}: {_said(asking)}", list(pages))))
    for _, page in sorted(found, key=lambda each: (TURNS.index(each[0]), -each[1].p95)):
        print(page.line(LIMIT))
    for turn in TURNS:
        times = sorted(time for of, page in found if of == turn for time in page.times)
        print(f"  {at(times, 0.5):8.0f}{at(times, 0.95):8.0f}{'':19}  {turn}: {len(times):,} pages of all lists")
    holdings.engine.dispose()


def _askings(client: FlaskClient) -> Iterator[Asking]:
    """Each list with what may be asked of it. Terms, places and organizations are those of the directory."""
    term = next(each["id"] for each in _contents(client, "/taxonomy_terms") if "parent_id" in each)
    where = {"postcode": "ZZ1 1AZ"}
    of_services: list[dict[str, Any]] = [
        {},
        {"search": "lunch club"},
        {"taxonomy_term_id": term},
        {"modified_after": SINCE},
        {"minimum_age": 65},
        {"day": "TU", "start_time": "10:00", "end_time": "12:00"},
        where,
        {**where, "proximity": 3_000},
    ]
    for asked in of_services:
        for full in ("false", "true"):
            yield "/services", {**asked, "full": full}
            yield "/service_at_locations", {**asked, "full": full}
    yield "/services", {"minimal": "true"}
    yield "/services", {"modified_after": SINCE, "minimal": "true"}
    yield "/organizations", {}
    yield "/organizations", {"full": "true"}
    yield "/organizations", {"full": "true", "full_service": "true"}
    yield "/taxonomy_terms", {}
    yield "/taxonomies", {}


def _contents(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    page: dict[str, Any] = client.get(f"{ROOT}{path}").json or {}
    contents: list[dict[str, Any]] = page["contents"]
    return contents


def _pages(client: FlaskClient, turn: tuple[int, str], asking: Asking, requests: int) -> Iterator[Any]:
    """Pages from all over the list, each asked as one caller of its own would."""
    path, asked = asking
    caller = {"REMOTE_ADDR": f"198.51.{TURNS.index(turn[1])}.{turn[0] + 1}"}
    pages = _page(client, caller, path, {**asked, "page": 1})["total_pages"]
    for number in range(requests + 1):
        page = number * max(pages - 1, 0) // requests + 1

        def step(page: int = page) -> tuple[int, int]:
            answer = client.get(f"{ROOT}{path}", query_string={**asked, "page": page, "per_page": PER_PAGE}, environ_overrides=caller)
            return answer.status_code, len(answer.data)

        yield step


def _page(client: FlaskClient, caller: dict[str, str], path: str, asked: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"{ROOT}{path}", query_string={**asked, "per_page": PER_PAGE}, environ_overrides=caller).json or {}


def _said(asking: Asking) -> str:
    path, asked = asking
    return f"{path} " + " ".join(f"{name}={'…' if name.endswith('_id') else value}" for name, value in asked.items() if value != "false")


def main() -> None:
    """Only this part of `make bench`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    requests = parser.parse_args().requests
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    try:
        demo, large = (from_environment({"PORTAL_STATE": str(folder / name)}) for name in ("demo", "api"))
        prepare_database(demo)
        first_listings(demo, lambda _line: None)
        with opened(demo.database_url) as engine:
            print_api(large, engine, requests)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
