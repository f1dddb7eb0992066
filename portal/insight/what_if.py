"""What if: services that are added or removed on paper in, the matrix as it would be and what changes in it out. Pure; nothing is kept.

It is worked out from the same facts and by the same code as the matrix itself, so that the two cannot come to differ. One more service
somewhere also raises what is expected everywhere else: its gap changes too.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import numpy as np

from portal.errors import NotFound
from portal.insight.facts import OF_PLACES, Facts
from portal.insight.matrix import Cell, Demand, Matrix, matrix_of
from portal.search.columns import Array

MOST_PLACES: Final = 100  # of one service in one locality: more is a slip of the finger
HOURS_A_WEEK: Final = 168


@dataclass(frozen=True)
class Imagined:
    """A service that there is not. It is for the localities `named`, or for the whole borough where it names none.

    `places` to go to, by locality, each open for `hours` a week; `remote` if it comes to people's homes, or is by phone or online.
    `languages` are codes, English aside.
    """

    needs: frozenset[str]
    named: frozenset[str] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict)
    hours: float = 0.0
    free: bool = False
    step_free: bool = False
    evening: bool = False
    weekend: bool = False
    remote: bool = False
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """A cell as it is and as it would be."""

    before: Cell
    after: Cell


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The matrix as it is and as it would be, and the cells that differ: by locality and need, in their orders."""

    before: Matrix
    after: Matrix
    changes: tuple[Change, ...]


def what_if(facts: Facts, demand: Demand, adding: Iterable[Imagined] = (), removing: Collection[uuid.UUID] = ()) -> WhatIf:
    """What would be. Raises `NotFound` for a service that the facts do not count, and what `with_service` raises."""
    before = matrix_of(facts, demand)
    changed = without_services(facts, removing)
    for service in adding:
        changed = with_service(changed, service)
    after = matrix_of(changed, demand)
    cells = ((before.cell(slug, need), after.cell(slug, need)) for slug in before.localities for need in before.needs)
    return WhatIf(before, after, tuple(Change(was, would_be) for was, would_be in cells if was != would_be))


def without_services(facts: Facts, service_ids: Collection[uuid.UUID]) -> Facts:
    """The facts without these services. Raises `NotFound` for one that they do not count."""
    gone = {service_id.bytes for service_id in service_ids}
    keeps = np.array([each.tobytes() not in gone for each in facts.ids], dtype=bool) if gone else np.ones(len(facts.ids), dtype=bool)
    if int((~keeps).sum()) != len(gone):
        raise NotFound("a service that is not counted cannot be taken away")
    kept: dict[str, Any] = {name: table[keeps] for name, table in _by_service(facts).items()}
    return replace(facts, **kept)


def with_service(facts: Facts, service: Imagined) -> Facts:
    """The facts with one more service. Raises `ValueError` for a need, a locality or a language unknown, and for amounts that cannot be."""
    _check(service)
    row = _row(facts, service)
    longer: dict[str, Any] = {name: np.concatenate([table, row[name]]) for name, table in _by_service(facts).items()}
    return replace(facts, **longer)


def _check(service: Imagined) -> None:
    if not 0 <= service.hours <= HOURS_A_WEEK:
        raise ValueError(f"a week has {HOURS_A_WEEK} hours, not {service.hours}")
    if not all(0 < number <= MOST_PLACES for number in service.places.values()):
        raise ValueError(f"a service has 1 to {MOST_PLACES} places in a locality")


def _by_service(facts: Facts) -> dict[str, Any]:
    values = {each.name: getattr(facts, each.name) for each in fields(facts)}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def _row(facts: Facts, service: Imagined) -> dict[str, Array]:
    named, based = _marks(facts.localities, service.named), _marks(facts.localities, service.places)
    places = np.array([service.places.get(slug, 0) for slug in facts.localities], dtype=np.int64)
    everywhere = np.full_like(named, service.remote and not service.named)
    of_places = {"covers": named | based | everywhere, "local": named | based, "based": based, "places": places}
    of_places |= {"hours": places * service.hours}
    of_places |= {name: np.full_like(named, getattr(service, name)) for name in ("evening", "weekend")}
    said = {name: np.array(getattr(service, name)) for name in ("free", "step_free", "remote")}
    row = {**{name: of_places[name] for name in OF_PLACES}, **said}
    row |= {"ids": np.zeros(16, dtype=np.uint8), "meets": _marks(facts.needs, service.needs)}
    row |= {"foreign": np.array(bool(service.languages)), "speaks": _marks(facts.languages, service.languages)}
    return {name: value[None] for name, value in row.items()}


def _marks(known: tuple[str, ...], chosen: Collection[str]) -> Array:
    if unknown := set(chosen).difference(known):
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return np.array([each in chosen for each in known], dtype=bool)
