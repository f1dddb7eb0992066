"""`make bench`: one table, everything side by side in one run. Ratios are to be trusted, absolute figures only on a quiet machine.

For each size of directory: search with Whoosh and our arrays, the whole results page over HTTP, SQLite's FTS5 on the same
words, and a static page from the same server; then how long the index takes to build, how big it is, what a worker holds (`memory.py` says
what is counted); what a phone downloads; how long pages of open data and of desks take, and how soon what is approved there is found.
`--sizes 657,5000` for fewer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.api import print_api
from bench.corpus import make_listings
from bench.desks import print_desks
from bench.downloads import print_downloads
from bench.load import serve
from bench.memory import held_after_pages
from bench.soon import directory_in, print_soon
from relevance.judging import JUDGEMENTS, MOMENT, asking, judge, load_judgements, score

from portal.config import Settings, from_environment
from portal.db import opened, reading, writing
from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.models import Organization, Service
from portal.directory.queries import list_service_ids
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.search.evidence import weighed
from portal.search.find import Asked, find
from portal.search.generation import Origin, write_generation
from portal.search.query import SearchQuery
from portal.taxonomy.words import words
from portal.web.app import create_app
from portal.web.holdings import Holdings, hold
from portal.web.serving import first_listings, prepare_database


@dataclass(frozen=True)
class Timing:
    """Milliseconds."""

    p50: float
    p95: float
    p99: float


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="657,5000,50000")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    try:
        known = _demo(folder)
        questions = _questions()
        print(f"{len(questions)} questions in {len(LANGUAGES)} languages, from the judgements; two workers; {os.cpu_count()} cores\n")
        rows = [_measure(folder, known, questions, size) for size in sizes]
        _print_table(rows)
        print_downloads(_settings(folder / "demo"))
        _print_relevance(folder)
        _print_work(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(state: Path) -> Settings:
    return from_environment({**os.environ, "PORTAL_STATE": str(state)})


def _demo(folder: Path) -> list[Listing]:
    settings = _settings(folder / "demo")
    prepare_database(settings)
    first_listings(settings, lambda _line: None)
    holdings = hold(settings)
    with reading(holdings.engine) as session:
        return [
            weighed(it, holdings.search_room.searcher.laywords)
            for it in list_listings(session, holdings.taxonomy, list_service_ids(session))
        ]


def _questions() -> list[tuple[str, str, str]]:
    return [(it.q, it.place, it.language) for it in load_judgements(JUDGEMENTS)]


def _measure(folder: Path, known: list[Listing], questions: Sequence[tuple[str, str, str]], size: int) -> dict[str, str]:
    settings = _settings(folder / str(size))
    prepare_database(settings)
    holdings = hold(settings)
    listings = list(make_listings(known, size))
    _store(holdings, listings)
    started = time.perf_counter()
    origin = Origin(holdings.taxonomy, holdings.search_room.searcher.extents)
    name = write_generation(settings.index, origin, listings)
    built = time.perf_counter() - started
    index_size = sum(file.stat().st_size for file in (settings.index / name).iterdir())
    search = _timed(lambda it: _search(holdings, it), questions)
    fts = _fts5(folder / f"{size}.sqlite3", listings)
    full_text = _timed(lambda it: _ask_fts(fts, it[0]), questions)
    pages = serve(settings, [f"/{language}/search?q={quote(q)}&place={quote(place)}" for q, place, language in questions])
    static = serve(settings, [_static_page(settings)])
    question, plan = _walk(settings)
    return {
        "listings": f"{size:,}",
        "search p50/p95/p99 ms": f"{search.p50:.1f} / {search.p95:.1f} / {search.p99:.1f}",
        "FTS5 p50/p95/p99 ms": f"{full_text.p50:.1f} / {full_text.p95:.1f} / {full_text.p99:.1f}",
        "results pages/s": f"{pages:.0f}",
        "static Flask page/s": f"{static:.0f}",
        "results ÷ static": f"{pages / static:.3f}",
        "question page p50/p95 ms": f"{question.p50:.1f} / {question.p95:.1f}",
        "plan p50/p95 ms": f"{plan.p50:.1f} / {plan.p95:.1f}",
        "index build s": f"{built:.1f}",
        "index MB": f"{index_size / 1e6:.1f}",
        **held_after_pages(settings, questions).rows(),
    }


def _store(holdings: Holdings, listings: Sequence[Listing]) -> None:
    """Only what a results page asks the database: whether a service is still public."""
    with writing(holdings.engine) as session:
        organizations = {it.organization_id: it.organization for it in listings}
        session.execute(insert(Organization), [{"id": key, "name": name} for key, name in organizations.items()])
        session.execute(
            insert(Service), [{"id": it.id, "organization_id": it.organization_id, "name": it.name, "status": "active"} for it in listings]
        )


def _search(holdings: Holdings, question: tuple[str, str, str]) -> None:
    q, place, language = question
    asked = Asked(language, MOMENT, set)
    find(holdings.search_room.searcher, holdings.index.snapshot(), SearchQuery(text=q, place=place), asked)


def _timed(ask: Callable[[tuple[str, str, str]], None], questions: Sequence[tuple[str, str, str]]) -> Timing:
    for question in questions[:20]:
        ask(question)
    taken = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    return _timing(taken)


def _timing(taken: Sequence[float]) -> Timing:
    cut = statistics.quantiles(taken, n=100)
    return Timing(cut[49], cut[94], cut[98])


def _fts5(path: Path, listings: Sequence[Listing]) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE listing USING fts5(name, organization, body, card UNINDEXED, tokenize='porter unicode61')")
    rows = ((it.name, it.organization, it.words, json.dumps({"id": str(it.id), "summary": it.summary})) for it in listings)
    connection.executemany("INSERT INTO listing VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    return connection


def _ask_fts(connection: sqlite3.Connection, q: str) -> None:
    """Any of the words, the ten best and how many: what the plainest full-text page would ask."""
    match = " OR ".join(f'"{word}"' for word in words(q)) or '""'
    connection.execute("SELECT card FROM listing WHERE listing MATCH ? ORDER BY bm25(listing, 3.0, 1.6, 1.0) LIMIT 10", (match,)).fetchall()
    connection.execute("SELECT count(*) FROM listing WHERE listing MATCH ?", (match,)).fetchone()


def _walk(settings: Settings) -> tuple[Timing, Timing]:
    """Question pages, asked and answered, and plans: the whole application in one process, twenty people one after another.

    One of them is not sure what would help and is asked about everything; the others choose two topics each.
    """
    app = create_app(settings)
    topics = [topic.id for topic in app.extensions["assessment"].assessment.offered_topics]
    pages, plans = [], []
    for person in range(20):
        client = app.test_client()
        chosen = ["not-sure"] if person == 0 else [topics[person % len(topics)], topics[(person * 5 + 1) % len(topics)]]
        given: dict[int, dict[str, object]] = {1: {"who": "me"}, 2: {}, 3: {"place": "Eastmoor"}, 4: {"help": chosen}}
        for number in range(1, 16):
            started = time.perf_counter()
            page = client.get(f"/en/questions/{number}")
            pages.append((time.perf_counter() - started) * 1000)
            if page.status_code != 200:
                break
            answers = (
                given[number]
                if number in given
                else dict(re.findall(r'name="([\w-]+)" type="(?:radio|checkbox)" value="([^"]+)"', page.text))
            )
            started = time.perf_counter()
            client.post(f"/en/questions/{number}", data=answers)
            pages.append((time.perf_counter() - started) * 1000)
        for _ in range(5):
            started = time.perf_counter()
            if client.get("/en/plan").status_code != 200:
                raise RuntimeError("no plan at the end of the questions")
            plans.append((time.perf_counter() - started) * 1000)
    return _timing(pages), _timing(plans)


def _static_page(settings: Settings) -> str:
    """The least that Flask can answer here: a few lines of text from a view, through the same headers and server."""
    rules = create_app(settings).url_map.iter_rules()
    return next(rule.rule for rule in rules if rule.endpoint == "well_known.security")


def _print_work(folder: Path) -> None:
    """Desks full of work, and how soon what is approved there is found; apart from the rest, whose listings are thinner."""
    with opened(_settings(folder / "demo").database_url) as demo:
        print_api(_settings(folder / "api"), demo)
        print_desks(_settings(folder / "desks"), demo)
        print("\nfrom approved to found by each of two workers")
        directory_in(_settings(folder / "soon"), demo, 5_000)
        print_soon(_settings(folder / "soon"), 5_000)
        print_soon(_settings(folder / "desks"), 20_000)


def _print_relevance(folder: Path) -> None:
    """How well each language finds what it should, beside English."""
    verdicts = judge(load_judgements(JUDGEMENTS), asking(hold(_settings(folder / "demo"))))
    of = {code: score([it for it in verdicts if it.judgement.language == code]) for code in LANGUAGES}
    print("\njudged questions   number  success@1  success@5   MRR   success@5 ÷ English")
    for code, it in of.items():
        share = it.success_at_5 / of[SOURCE].success_at_5
        print(f"  {code:16}{it.questions:7}{it.success_at_1:11.2f}{it.success_at_5:11.2f}{it.mrr:6.2f}{share:16.2f}")


def _print_table(rows: Sequence[dict[str, str]]) -> None:
    for key in rows[0]:
        print(f"{key:24}" + "".join(f"{row[key]:>26}" for row in rows))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    main()
