"""The figures that every page of insight reads: the index and the pack in, facts and the matrix of a day out.

They are worked out once for a generation of the index and a day, and kept: a page only reads them. What people asked for in a quarter
that is over changes no more, and is added up once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Generic, TypeVar

from sqlalchemy import Engine

from portal.db import reading
from portal.insight.asked import Asked, find_asked
from portal.insight.facts import Facts, Terms, facts_of
from portal.insight.matrix import Demand, Matrix, matrix_of
from portal.insight.periods import Quarter, list_quarters
from portal.localities.need import Measure
from portal.localities.versions import AreaVersion, Versions
from portal.search.areas import Extents
from portal.search.index import Index

Key = TypeVar("Key")
Value = TypeVar("Value")
KEPT: Final = 2  # today's, and those of another day that somebody reads


@dataclass(frozen=True)
class Ground:
    """What figures are of: the localities of each day, those that this process works with, and who has which need."""

    versions: Versions
    areas: AreaVersion
    extents: Extents
    measures: Mapping[str, Measure]
    terms: Terms


@dataclass
class _Kept(Generic[Key, Value]):
    """The few values that were made last. Each is made once, whoever asks meanwhile."""

    made: dict[Key, Value] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: Key, make: Callable[[], Value]) -> Value:
        """What is kept for `key`, or what `make` makes of it now."""
        with self.lock:
            if key not in self.made:
                found = make()
                while len(self.made) >= KEPT:
                    del self.made[next(iter(self.made))]
                self.made[key] = found
            return self.made[key]


class Figures:
    """What pages of insight read. One for each process; safe between threads."""

    def __init__(self, index: Index, engine: Engine, ground: Ground) -> None:
        self.ground = ground
        self._index = index
        self._engine = engine
        self._facts: _Kept[tuple[str, date], Facts] = _Kept()
        self._matrices: _Kept[tuple[str, date], Matrix] = _Kept()
        self._asked: _Kept[Quarter, Asked] = _Kept()

    def is_behind(self) -> bool:
        """Whether the index, and with it every figure, is still to follow the database."""
        return self._index.is_behind()

    def facts(self, day: date) -> Facts:
        """What every service amounts to on `day`. Raises `IndexUnavailable`."""
        generation = self._index.snapshot().generation
        ground = self.ground
        key = (generation.folder.name, day)
        return self._facts.find(key, lambda: facts_of(generation.columns, ground.extents, ground.terms, day))

    def demand(self, today: date) -> Demand:
        """Who needs help, as it is known on this day."""
        return Demand(self.ground.areas.need, self.ground.measures, self._asked.find(list_quarters(today)[0], lambda: self._ask(today)))

    def matrix(self, day: date) -> Matrix:
        """Need beside provision on `day`. Raises `IndexUnavailable`."""
        generation = self._index.snapshot().generation
        return self._matrices.find((generation.folder.name, day), lambda: matrix_of(self.facts(day), self.demand(day)))

    def _ask(self, today: date) -> Asked:
        with reading(self._engine) as session:
            return find_asked(session, self.ground.versions, self.ground.areas, today)
