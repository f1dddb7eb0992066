"""What a process that serves a directory of one size costs: run by `scale`, fresh, after `scale_writing` has made the directory.

It opens the index, answers questions and writes whole pages; its memory is that of one worker that shares nothing with another. Then the
pages that read more than a page of answers are asked for, each twice: the first time nothing of it is remembered.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent))

from accounts import make_person, signed_in
from bench.acts import elsewhere
from bench.corpus import SEED
from bench.desks import at
from bench.scale_writing import bound, say, timed
from faults.states import settings_of
from flask import Flask
from flask.testing import FlaskClient
from relevance.judging import JUDGEMENTS, MOMENT, Judgement, load_judgements

from portal.accounts.audiences import Role
from portal.db import writing
from portal.search.find import Asked, find
from portal.search.query import SearchQuery
from portal.web.app import create_app

QUESTIONS: Final = 200
WIDE: Final = {  # pages that read more than a page of answers
    "wide_sitemaps": "/sitemap.xml",
    "wide_sitemap": "/sitemap-en.xml",
    "wide_borough": "/en/localities",
    "wide_locality": "/en/localities/eastmoor",
    "wide_pack": "/en/on-this-phone/areas/eastmoor",
    "wide_matrix": "/en/insight/matrix",
    "wide_quality": "/en/quality",
}
OF_DESKS: Final = ("/en/insight", "/en/quality")


def main() -> None:
    """Measure the directory in the folder `state`, the first word; memory and the URL of its database are the last."""
    state, (gigabytes, url) = sys.argv[1], sys.argv[-2:]
    bound(float(gigabytes))
    app = create_app(settings_of(Path(state), **({"PORTAL_DATABASE_URL": url} if url else {})))
    gc.collect()
    gc.freeze()  # as the server does
    before = memory()
    index = app.extensions["search"].index
    with timed("open"):
        index.snapshot()
    asked = random.Random(SEED).sample(load_judgements(JUDGEMENTS), QUESTIONS)  # noqa: S311 - repeatable, not secret
    searched = _searches(app, asked)
    now = memory()
    say(bare_mb=before[0], serving_mb=now[0], resident_mb=now[1], mapped_mb=now[2])
    say(search_p50_ms=at(searched, 0.5), search_p95_ms=at(searched, 0.95))
    pages = _pages(app, asked)
    say(page_p50_ms=at(pages, 0.5), page_p95_ms=at(pages, 0.95), served_mb=memory()[0])
    _wide(app)
    say(all_mb=memory()[0])


def memory() -> tuple[float, float, float]:
    """MB of this process: its share (PSS), all that is resident (RSS), and how much of its share is mapped from files."""
    rows = (line.split() for line in Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()[1:])
    held = {row[0]: int(row[1]) / 1024 for row in rows}
    return held["Pss:"], held["Rss:"], held["Pss_File:"]


def _searches(app: Flask, asked: Sequence[Judgement]) -> list[float]:
    """Milliseconds of the processor for each search, from the index alone."""
    room = app.extensions["search"]
    queries = [(SearchQuery(text=it.q, place=it.place), Asked(it.language, MOMENT, set)) for it in asked]
    return _processor(lambda query=query: find(room.searcher, room.index.snapshot(), *query) for query in queries)  # type: ignore[misc]


def _pages(app: Flask, asked: Sequence[Judgement]) -> list[float]:
    """Milliseconds of the processor for each whole page of results, the database asked and all."""
    client = app.test_client()
    return _processor(lambda it=it: _get(client, f"/{it.language}/search?q={quote(it.q)}&place={quote(it.place)}") for it in asked)  # type: ignore[misc]


def _processor(steps: Iterator[Callable[[], object]]) -> list[float]:
    taken = []
    for step in steps:
        began = time.process_time()
        step()
        taken.append((time.process_time() - began) * 1000)
    return sorted(taken)


def _get(client: FlaskClient, address: str) -> int:
    answer = client.get(address, environ_overrides=elsewhere())
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} for {address}")
    return len(answer.data)


def _wide(app: Flask) -> None:
    """Seconds of each wide page, the first time and the second, by the clock and of the processor; and its kilobytes."""
    with writing(app.extensions["search"].engine) as session:
        somebody = make_person(session, "scale@example.org", roles=[Role.COMMISSIONER, Role.REVIEWER], name="Somebody")
    public, member = app.test_client(), signed_in(app, somebody)
    for name, address in WIDE.items():
        client = member if address.startswith(OF_DESKS) else public
        for figure in (name, f"{name}_again"):
            with timed(figure):
                length = _get(client, address)
        say(**{f"{name}_kb": length / 1000})


if __name__ == "__main__":
    main()
