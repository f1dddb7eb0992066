"""Rules that tell from a listing's own words what it helps with: `content/taxonomy_rules.yaml` in, needs out.

A phrase in the name scores 3, a term 2, a phrase in the description 2, each once; a term too broad to say a need by itself
counts only where nothing else was found. The strongest four are kept, and of equals the one that stands first in the file.
Words are matched as they are written, without stems: the rules list the forms that they mean. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from portal.errors import ContentError
from portal.pack import read_yaml
from portal.taxonomy.phrases import PhraseBook
from portal.taxonomy.words import words

MOST_NEEDS: Final = 4
NAME_SCORE: Final = 3
TERM_SCORE: Final = 2
TEXT_SCORE: Final = 2
_PARTS: Final = ("terms", "name", "text", "unless")


@dataclass(frozen=True)
class RuleSet:
    """Rules for one kind of meaning (needs, deliveries, audiences). `order` is the file's; terms are folded for comparing whole."""

    order: Mapping[str, int]
    terms: Mapping[str, tuple[str, ...]]
    names: PhraseBook
    texts: PhraseBook
    voids: PhraseBook


@dataclass(frozen=True)
class NeedRules:
    """All rules. `fallback` is term → need."""

    needs: RuleSet
    deliveries: RuleSet
    audiences: RuleSet
    fallback: Mapping[str, str]


def load_rules(path: Path) -> NeedRules:
    """Read the file. Raises `ContentError`, naming the rule, for a part that is not a list of phrases."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("rules"), dict):
        raise ContentError(f"{path}: `rules:` is missing.")
    return NeedRules(
        needs=_rule_set(path, raw["rules"]),
        deliveries=_rule_set(path, raw.get("deliveries") or {}),
        audiences=_rule_set(path, raw.get("audiences") or {}),
        fallback={_folded(term): str(need) for term, need in (raw.get("fallback") or {}).items()},
    )


def infer(name: str, description: str, terms: Iterable[str], rules: NeedRules) -> tuple[str, ...]:
    """Need ids, strongest first, at most `MOST_NEEDS`. `name` may hold several names, one a line; `terms` are names of terms."""
    folded = [_folded(term) for term in terms]
    found = _strongest(_scores(name, description, folded, rules.needs), rules.needs)
    if found:
        return found[:MOST_NEEDS]
    return tuple(dict.fromkeys(rules.fallback[term] for term in folded if term in rules.fallback))[:MOST_NEEDS]


def infer_deliveries(name: str, description: str, rules: NeedRules) -> tuple[str, ...]:
    """How a service reaches people (`terms.DELIVERIES`), in the file's order; empty where its words do not say."""
    return _in_order(_scores(name, description, (), rules.deliveries), rules.deliveries)


def infer_audiences(name: str, description: str, rules: NeedRules) -> tuple[str, ...]:
    """Whom a service is for (audience ids), in the file's order; empty, for everybody, where its words do not say."""
    return _in_order(_scores(name, description, (), rules.audiences), rules.audiences)


def _scores(name: str, description: str, terms: Sequence[str], rules: RuleSet) -> Mapping[str, int]:
    names = [words(line) for line in name.splitlines()]
    text = words(description)
    scores: dict[str, int] = {}
    for found, score in (
        ({match.meaning for line in names for match in rules.names.find(line)}, NAME_SCORE),
        ({meaning for term in terms for meaning in rules.terms.get(term, ())}, TERM_SCORE),
        ({match.meaning for match in rules.texts.find(text)}, TEXT_SCORE),
    ):
        for meaning in found:
            scores[meaning] = scores.get(meaning, 0) + score
    if scores:
        for match in (match for line in (*names, text) for match in rules.voids.find(line)):
            scores.pop(match.meaning, None)
    return scores


def _strongest(scores: Mapping[str, int], rules: RuleSet) -> tuple[str, ...]:
    return tuple(sorted(scores, key=lambda meaning: (-scores[meaning], rules.order[meaning])))


def _in_order(scores: Mapping[str, int], rules: RuleSet) -> tuple[str, ...]:
    return tuple(sorted(scores, key=lambda meaning: rules.order[meaning]))


def _rule_set(path: Path, raw: Mapping[str, Any]) -> RuleSet:
    for meaning, rule in raw.items():
        if not isinstance(rule, dict) or not set(rule) <= set(_PARTS) or not all(isinstance(part, list) for part in rule.values()):
            raise ContentError(f"{path}: {meaning} must hold lists of phrases, under {', '.join(_PARTS)} only.")
    terms: dict[str, list[str]] = {}
    for meaning, rule in raw.items():
        for term in rule.get("terms", ()):
            terms.setdefault(_folded(term), []).append(meaning)
    return RuleSet(
        order={meaning: place for place, meaning in enumerate(raw)},
        terms={term: tuple(meanings) for term, meanings in terms.items()},
        names=_book(raw, "name"),
        texts=_book(raw, "text"),
        voids=_book(raw, "unless"),
    )


def _book(raw: Mapping[str, Any], part: str) -> PhraseBook:
    return PhraseBook({meaning: [str(phrase) for phrase in rule.get(part, ())] for meaning, rule in raw.items()})


def _folded(term: object) -> str:
    return " ".join(str(term).casefold().replace("’", "'").split())
