"""How well each listing answers a question, by needs and by words: a generation and a `Question` in, a `Fit` out.

Needs carry meaning across words and languages; words find what no need covers, above all names. Exact beats stemmed beats
mended. A listing counts when it meets a need that was spoken of, or holds enough of the words, rare words weighing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from portal.search.columns import Array, Columns
from portal.search.generation import Generation
from portal.search.understanding import Question, Term
from portal.taxonomy.stemming import stem

FIELD_WEIGHTS: Final = {"name": 3.0, "organization": 1.6, "body": 1.0}
EXACT_WEIGHT: Final = 0.6
MENDED_WEIGHT: Final = 0.55
ENOUGH: Final = 0.6  # share of the words, by weight, that must be there
LEAST: Final = 0.25  # below this share a listing is no answer, not even a loose one
NEAR_BEST: Final = 0.85
APART: Final = 0.65  # what words are worth in a listing that does not meet the need spoken of
OTHER_NEEDS: Final = 0.35  # what meeting a second need adds
HINT: Final = 0.5  # what meeting a need that was only hinted at is worth
WORDS_BESIDE_NEEDS: Final = 0.8
NAMED: Final = 0.7  # every word of the question stands in the name


@dataclass(frozen=True)
class Measured:
    """For every row: `spoken` and `hinted`, how well it meets needs; `share` of the words that it holds; `score` in all."""

    spoken: Array
    hinted: Array
    share: Array
    score: Array


@dataclass(frozen=True)
class Fit:
    """`score` and `counts` for every row; `is_loose` if none holds enough."""

    score: Array
    counts: Array
    is_loose: bool = False


def measure(generation: Generation, question: Question, need_numbers: Mapping[str, int]) -> Measured:
    """Measure every row against a question; an empty question finds all alike."""
    if question.is_empty:
        alike = np.ones(generation.size)
        return Measured(alike, alike, alike, alike)
    spoken = _meets(generation.columns, [need_numbers[need] for need in question.needs])
    hinted = _meets(generation.columns, [need_numbers[need] for need in question.hints])
    share, strength, named = _holds(generation, question.terms)
    by_words = WORDS_BESIDE_NEEDS * strength + NAMED * named
    if spoken.any():
        by_words = np.where(spoken > 0, by_words, APART * by_words)
    return Measured(spoken, hinted, share, spoken + HINT * hinted + by_words)


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


def _meets(columns: Columns, needs: list[int]) -> Array:
    if not needs:
        return np.zeros(len(columns.live))
    weights = columns.needs[:, needs].astype(np.float64) / 100
    most = weights.max(axis=1)
    return np.asarray(most + OTHER_NEEDS * (weights.sum(axis=1) - most))


def _holds(generation: Generation, terms: Iterable[Term]) -> tuple[Array, Array, Array]:
    """For every row: share of the words there, strength of their matches (both 0–1), and whether the name holds them all."""
    share, strength, named = np.zeros(generation.size), np.zeros(generation.size), np.ones(generation.size)
    total = 0.0
    for term in terms:
        score, in_name = _term_scores(generation, term)
        found = score > 0
        weight = _rarity(int(found.sum()), generation.size)
        total += weight
        share += weight * found
        named *= in_name
        if found.any():
            strength += weight * score / score.max()
    return (share / total, strength / total, named) if total else (share, strength, np.zeros(generation.size))


def _term_scores(generation: Generation, term: Term) -> tuple[Array, Array]:
    score, in_name = _word_scores(generation, term.word)
    for alternative in term.alternatives:
        other, other_in_name = _word_scores(generation, alternative)
        score = np.maximum(score, MENDED_WEIGHT * other)
        in_name = in_name | other_in_name
    return score, in_name


def _word_scores(generation: Generation, word: str) -> tuple[Array, Array]:
    score = np.zeros(generation.size)
    in_name = np.zeros(generation.size, dtype=bool)
    for field, weight in FIELD_WEIGHTS.items():
        rows, scores = generation.inverted.postings(field, stem(word))
        score[rows] += weight * scores
        if field == "name":
            in_name[rows] = True
    if score.any():
        rows, scores = generation.inverted.postings("exact", word)
        score[rows] += EXACT_WEIGHT * scores
    return score, in_name


def _rarity(holders: int, size: int) -> float:
    """Inverse document frequency; a word that nothing holds weighs as little as a common one, or it would sink all others."""
    return float(np.log(1 + size / holders)) if holders else 1.0
