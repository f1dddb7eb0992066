"""How well listings answer a question, by needs and by words: a generation and a `Question` in, a `Fit` out.

Needs carry meaning across words and languages; words find what no need covers, above all names. Exact beats stemmed beats
mended. A listing counts when it meets a need that was spoken of, or holds enough of the words, rare words weighing more.
Only the rows that hold or meet anything are looked at, so that a search costs what it finds and not what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from types import EllipsisType
from typing import Final

import numpy as np

from portal.search.arrays.postings import NOTHING, Worth, union
from portal.search.columns import Array, Columns
from portal.search.generation import Generation
from portal.search.understanding import Question, Term

BRIDGED_WEIGHT: Final = 0.9  # an English word for one in another language
MENDED_WEIGHT: Final = 0.55
ENOUGH: Final = 0.5  # share of the words, by weight, that must be there
LEAST: Final = 0.25  # below this share a listing is no answer, not even a loose one
NEAR_BEST: Final = 0.85
APART: Final = 0.4  # what a word that a need has said is worth in a listing that does not meet the need
OTHER_NEEDS: Final = 0.35  # what meeting a second need adds
HINT: Final = 0.6  # what meeting a need that was only hinted at is worth
WORDS_BESIDE_NEEDS: Final = 1.8
SPEAKS: Final = 0.5  # a language that the question names is spoken
NAMED: Final = 0.7  # every word of the question stands in the name


@dataclass(frozen=True)
class Measured:
    """The `rows` that may answer; for each `spoken` and `hinted`, how well it meets needs; `share` of the words there; `score` in all."""

    rows: Array
    spoken: Array
    hinted: Array
    share: Array
    score: Array

    def where(self, rows: Array) -> Measured:
        """These of the `rows`, yes or no for every row there is."""
        kept = rows[self.rows]
        return Measured(self.rows[kept], self.spoken[kept], self.hinted[kept], self.share[kept], self.score[kept])


@dataclass(frozen=True)
class Fit:
    """`score` and `counts` for every row that was measured; `is_loose` if none holds enough."""

    score: Array
    counts: Array
    is_loose: bool = False


def measure(generation: Generation, question: Question, need_numbers: Mapping[str, int]) -> Measured:
    """Measure the rows that may answer a question; an empty question finds all alike."""
    columns = generation.columns
    if question.is_empty:
        rows = np.flatnonzero(columns.live)
        return Measured(rows, *[np.ones(len(rows))] * 4)
    needs = [_meet(columns, [need_numbers[need] for need in some]) for some in (question.needs, question.hints)]
    held = [_term_worth(generation, term) for term in question.terms]
    rows, places = union(generation.size, [part[0] for part in (*needs, *held)])
    spoken, hinted = (_spread(next(places), worth, len(rows)) for _, worth in needs)
    words = _holds(zip(question.terms, places, held, strict=True), spoken > 0, generation.count)
    score = WORDS_BESIDE_NEEDS * words.strength + NAMED * words.named
    if question.needs or question.hints:
        score += spoken + HINT * hinted
    if question.speaks:
        score += SPEAKS * np.logical_or.reduce([columns.feature("speaks", code)[rows] for code in question.speaks])
    measured = Measured(rows, spoken, hinted, words.share, score)
    return measured.where(_hold(generation, question.phrases)) if question.phrases else measured


def fit(measured: Measured, within: Array) -> Fit:
    """Which of the rows `within` reach count. What is enough is judged by the best of them."""
    meets = measured.spoken > 0
    if not (meets & within).any():
        meets = measured.hinted > 0
    some_meet = bool((meets & within).any())
    best = float(measured.share[within].max(initial=0.0))
    enough = ENOUGH if some_meet else min(ENOUGH, max(LEAST, best * NEAR_BEST))
    counts = within & (meets | (measured.share >= enough))
    return Fit(measured.score, counts, is_loose=not some_meet and best < ENOUGH)


def _hold(generation: Generation, phrases: Sequence[Sequence[str]]) -> Array:
    """For every row, whether it holds all phrases."""
    held = np.zeros(generation.size, dtype=np.int64)
    for phrase in phrases:
        held[generation.inverted.together(phrase)] += 1
    return np.asarray(held == len(phrases))


def _meet(columns: Columns, needs: list[int]) -> tuple[Array, Array]:
    """The rows that meet any of these needs, and how well they meet them."""
    if not needs:
        return NOTHING.rows, NOTHING.worth
    rows = np.flatnonzero(columns.meeting(needs))
    weights = columns.needs[rows[:, None], needs].astype(np.float64) / 100
    most = weights.max(axis=1)
    return rows, most + OTHER_NEEDS * (weights.sum(axis=1) - most)


def _spread(places: Array | EllipsisType, worth: Array, size: int) -> Array:
    spread = np.zeros(size)
    spread[places] = worth
    return spread


@dataclass(frozen=True)
class _Words:
    """For every row measured: share of the words there, strength of their matches (both 0–1), and whether the name holds them all."""

    share: Array
    strength: Array
    named: Array


def _holds(found: Iterable[tuple[Term, Array | EllipsisType, Worth]], meets: Array, count: int) -> _Words:
    """A word that a need has already said adds little to a listing that does not meet the need: "die" is not "After someone dies"."""
    share, strength, named = np.zeros(len(meets)), np.zeros(len(meets)), np.ones(len(meets))
    apart = np.where(meets, 1.0, APART) if meets.any() else None
    total = 0.0
    for term, places, (rows, score, in_name) in found:
        weight = _rarity(len(rows), count)
        total += weight
        if len(rows):
            share[places] += weight
            strength[places] += score * (weight / score.max()) * (apart[places] if apart is not None and term.speaks_of_need else 1.0)
        named *= _spread(places, in_name, len(meets)) * (apart if apart is not None and term.speaks_of_need else 1.0)
    return _Words(share / total, strength / total, named) if total else _Words(share, strength, np.zeros(len(meets)))


def _term_worth(generation: Generation, term: Term) -> Worth:
    """What a term is worth by its word, and by others for it where they are worth more."""
    ways = [(BRIDGED_WEIGHT, other) for other in term.bridged] + [(MENDED_WEIGHT, other) for other in term.alternatives]
    found = [(1.0, generation.inverted.worth(term.word)), *((weight, _all_worth(generation, other.split())) for weight, other in ways)]
    if not ways:
        return found[0][1]
    rows, places = union(generation.size, [each.rows for _, each in found])
    worth, in_name = np.zeros(len(rows)), np.zeros(len(rows), dtype=bool)
    for at, (weight, each) in zip(places, found, strict=True):
        worth[at] = np.maximum(worth[at], weight * each.worth)
        in_name[at] |= each.in_name
    return Worth(rows, worth, in_name)


def _all_worth(generation: Generation, words: Sequence[str]) -> Worth:
    """What words are worth in the rows that hold them all: as much as the least of them."""
    each = [generation.inverted.worth(word) for word in words]
    if len(each) == 1:
        return each[0]
    rows, places = union(generation.size, [one.rows for one in each])
    spread = [(_spread(at, one.worth, len(rows)), _spread(at, one.in_name, len(rows))) for at, one in zip(places, each, strict=True)]
    least, named = (np.minimum.reduce(some) for some in zip(*spread, strict=True))
    return Worth(rows[least > 0], least[least > 0], named[least > 0] > 0)


def _rarity(holders: int, count: int) -> float:
    """Inverse document frequency; a word that nothing holds weighs as little as a common one, or it would sink all others."""
    return log(1 + count / holders) if holders else 1.0
