"""How good the answers are: judgements in (`search_index/judgements/*.yaml`), success@1, success@5 and MRR out.

A judgement is a question, where it is asked from and which services a knowledgeable adviser would name. It succeeds at five
when one of the good ones is among the first five. Judgements are written before the code that they judge, and every third is
held out: nobody tunes on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import yaml

from portal.config import CHECKOUT
from portal.directory.openreferral.identifiers import pack_id
from portal.search.find import Asked, find
from portal.search.query import SearchQuery
from portal.web.holdings import Holdings

JUDGEMENTS: Final = CHECKOUT / "search_index" / "judgements"
MOMENT: Final = datetime(2026, 11, 24, 10, 30)
FIRST_PAGE: Final = 5
DEEPEST: Final = 10


@dataclass(frozen=True)
class Judgement:
    """A question and its judged services, by the ids that the pack's own directory gives them. `set` is `open` or `held`."""

    q: str
    place: str
    language: str
    kind: str
    set: str
    good: tuple[str, ...]
    fine: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """A judgement and the rank of the first good answer (1 is the top; 0 where none is among the first `DEEPEST`)."""

    judgement: Judgement
    rank: int
    has_bad: bool
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Shares of questions, 0–1, and the mean reciprocal rank."""

    questions: int
    success_at_1: float
    success_at_5: float
    mrr: float
    bad_on_page: float


Ask = Callable[[Judgement], Sequence[str]]


def load_judgements(folder: Path) -> list[Judgement]:
    """Read every file of judgements in a folder."""
    rows = [row for path in sorted(folder.glob("*.yaml")) for row in yaml.safe_load(path.read_text("utf-8"))]
    lists = ("good", "fine", "bad")
    return [Judgement(**{key: tuple(value) if key in lists else str(value) for key, value in row.items()}) for row in rows]


def asking(holdings: Holdings) -> Ask:
    """Puts a judgement's question to the search of `holdings`, at half past ten on a Tuesday."""
    snapshot, searcher = holdings.index.snapshot(), holdings.search_room.searcher

    def ask(judgement: Judgement) -> Sequence[str]:
        found = find(searcher, snapshot, SearchQuery(text=judgement.q, place=judgement.place), Asked(judgement.language, MOMENT, set))
        named = {pack_id("service", slug): slug for slug in (*judgement.good, *judgement.bad)}
        return [named.get(hit.listing.id, str(hit.listing.id)) for hit in found.hits]

    return ask


def judge(judgements: Iterable[Judgement], ask: Ask) -> list[Verdict]:
    """Put every question to `ask`, which answers with ids, best first."""
    return [_verdict(judgement, tuple(ask(judgement))[:DEEPEST]) for judgement in judgements]


def _verdict(judgement: Judgement, answers: tuple[str, ...]) -> Verdict:
    rank = next((at for at, answer in enumerate(answers, start=1) if answer in judgement.good), 0)
    return Verdict(judgement, rank, not set(judgement.bad).isdisjoint(answers[:FIRST_PAGE]), answers)


def score(verdicts: Sequence[Verdict]) -> Score:
    """The score of some verdicts."""
    count = len(verdicts)
    return Score(
        questions=count,
        success_at_1=sum(verdict.rank == 1 for verdict in verdicts) / count,
        success_at_5=sum(0 < verdict.rank <= FIRST_PAGE for verdict in verdicts) / count,
        mrr=sum(1 / verdict.rank for verdict in verdicts if verdict.rank) / count,
        bad_on_page=sum(verdict.has_bad for verdict in verdicts) / count,
    )
