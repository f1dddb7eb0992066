"""How well each listing answers a question, by needs and by words: a generation and a `Question` in, a `Fit` out.

Needs carry meaning across words and languages; words find what no need covers, above all names. Exact beats stemmed beats
mended. A listing counts when it meets a need that was spoken of, or holds enough of the words, rare words weighing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from portal.search.arrays.terms import told_term
from portal.search.columns import Array, Columns
from portal.search.generation import Generation
from portal.search.understanding import Question, Term
from portal.taxonomy.stemming import stem

FIELD_WEIGHTS: Final = {"name": 3.0, "organization": 1.6, "body": 1.0}
TOLD_WEIGHT: Final = 2.0  # a name or summary in another language
EXACT_WEIGHT: Final = 1.0
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
    words = _holds(generation, question.terms, spoken > 0)
    speaks = sum(generation.columns.feature("speaks", code) for code in question.speaks)
    score = spoken + HINT * hinted + SPEAKS * np.minimum(1, speaks) + WORDS_BESIDE_NEEDS * words.strength + NAMED * words.named
    return Measured(spoken, hinted, words.share, score)


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


@dataclass(frozen=True)
class _Words:
    """For every row: share of the words there, strength of their matches (both 0–1), and whether the name holds them all."""

    share: Array
    strength: Array
    named: Array


def _holds(generation: Generation, terms: Sequence[Term], meets: Array) -> _Words:
    """A word that a need has already said adds little to a listing that does not meet the need: "die" is not "After someone dies"."""
    share, strength, named = np.zeros(generation.size), np.zeros(generation.size), np.ones(generation.size)
    total = 0.0
    for term in terms:
        score, in_name = _term_scores(generation, term)
        found = score > 0
        weight = _rarity(int(found.sum()), generation.count)
        total += weight
        share += weight * found
        worth = np.where(meets, 1.0, APART) if term.speaks_of_need and meets.any() else 1.0
        named *= in_name * worth
        if found.any():
            strength += weight * worth * score / score.max()
    return _Words(share / total, strength / total, named) if total else _Words(share, strength, np.zeros(generation.size))


def _term_scores(generation: Generation, term: Term) -> tuple[Array, Array]:
    score, in_name = _word_scores(generation, term.word)
    ways = [(BRIDGED_WEIGHT, other) for other in term.bridged] + [(MENDED_WEIGHT, other) for other in term.alternatives]
    for weight, other in ways:
        each = [_word_scores(generation, word) for word in other.split()]
        score = np.maximum(score, weight * np.minimum.reduce([one for one, _ in each]))
        in_name = in_name | np.logical_and.reduce([named for _, named in each])
    return score, in_name


def _word_scores(generation: Generation, word: str) -> tuple[Array, Array]:
    score = np.zeros(generation.size)
    in_name = np.zeros(generation.size, dtype=bool)
    for field, weight in FIELD_WEIGHTS.items():
        rows, scores = generation.inverted.postings(field, stem(word))
        if len(rows):
            score[rows] += weight * scores
            in_name[rows] |= field == "name"
    for language in generation.told_in:
        rows, scores = generation.inverted.postings("told", told_term(language, word))
        if len(rows):
            score[rows] += TOLD_WEIGHT * scores
    if score.any():
        rows, scores = generation.inverted.postings("exact", word)
        score[rows] += EXACT_WEIGHT * scores
    return score, in_name


def _rarity(holders: int, count: int) -> float:
    """Inverse document frequency; a word that nothing holds weighs as little as a common one, or it would sink all others."""
    return float(np.log(1 + count / holders)) if holders else 1.0
