"""What is counted of each service, once for all pages: the index's columns and a day in, arrays out; provision for any need and place.

Only services that searches show on that day, and that are not closed for now, have a row; how many others there are is said beside them.
Pure.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from portal.insight.offered import offered
from portal.insight.provision import Provision
from portal.insight.reaching import reaching
from portal.insight.weeks import weeks_from
from portal.search.areas import Extents
from portal.search.columns import Array, Columns

ENGLISH: Final = "en"
EVERY: Final = "*"  # instead of a need: any or none; instead of a locality: all of them. It can be no slug
OF_PLACES: Final = ("covers", "local", "based", "places", "hours", "evening", "weekend")  # differ from locality to locality


@dataclass(frozen=True, eq=False)
class Facts:
    """n services that are shown on `day`, m localities, k needs, l languages of the pack without English.

    `ids` (n × 16) UUID bytes; `meets` (n × k); n × m: `covers`, `local`, `based`, `places` there to go to, `hours` a week at those,
    and whether something is on there in the `evening` or at the `weekend`; n: `free`, `step_free`, `remote`, `foreign` (in any language
    but English); `speaks` (n × l). `too_old` public services are not shown any more, and `closed` ones are closed for now.
    """

    day: date
    localities: tuple[str, ...]
    needs: tuple[str, ...]
    languages: tuple[str, ...]
    ids: Array
    meets: Array
    covers: Array
    local: Array
    based: Array
    places: Array
    hours: Array
    evening: Array
    weekend: Array
    free: Array
    step_free: Array
    remote: Array
    foreign: Array
    speaks: Array
    too_old: int
    closed: int

    @property
    def elsewhere(self) -> int:
        """Services that are shown and count in no locality."""
        return int((~self.covers.any(axis=1)).sum())

    def provision(self, need: str = EVERY, locality: str = EVERY) -> Provision:
        """What there is for a need, or for any or none, in a locality, or in all of them: each service once."""
        at = len(self.needs) if need == EVERY else self.needs.index(need)
        return self._all[at][len(self.localities) if locality == EVERY else self.localities.index(locality)]

    def services(self, need: str, locality: str, of: str = "covers") -> tuple[uuid.UUID, ...]:
        """Ids of the services behind a figure of `Provision`, or behind a language in it; of `places` and `hours` those with any."""
        rows = self.meets[:, self.needs.index(need)] & self._holds(of, self.localities.index(locality))
        return tuple(uuid.UUID(bytes=each.tobytes()) for each in self.ids[rows])

    def _holds(self, of: str, at: int) -> Array:
        covers = self.covers[:, at]
        if of in ("local", "based", "places", "hours"):
            return np.asarray(getattr(self, of)[:, at] > 0)
        if of in OF_PLACES:
            return np.asarray(covers & getattr(self, of)[:, at])
        if of in self.languages:
            return np.asarray(covers & self.speaks[:, self.languages.index(of)])
        return np.asarray(covers & (self.foreign if of == "in_languages" else getattr(self, of)))

    @cached_property
    def _all(self) -> tuple[tuple[Provision, ...], ...]:
        """By need and locality, the last of each being all of them."""
        covers = self.covers
        tables = {name: getattr(self, name) for name in ("covers", "local", "based", "places")}
        tables |= {name: covers & getattr(self, name) for name in ("evening", "weekend")}
        tables |= {name: covers & getattr(self, name)[:, None] for name in ("free", "step_free", "remote")}
        tables |= {"in_languages": covers & self.foreign[:, None]}
        spoken = {code: covers & speaks[:, None] for code, speaks in zip(self.languages, self.speaks.T, strict=True)}
        counted = dict(zip([*tables, *spoken], self._added([*tables.values(), *spoken.values()], np.int32), strict=True))
        (hours,) = self._added([self.hours], np.float64)
        return tuple(
            tuple(
                Provision(
                    **{name: counted[name][i][j] for name in tables},
                    hours=hours[i][j],
                    languages=MappingProxyType({code: counted[code][i][j] for code in spoken}),
                )
                for j in range(len(self.localities) + 1)
            )
            for i in range(len(self.needs) + 1)
        )

    def _added(self, tables: Sequence[Array], kind: Any) -> list[list[list[Any]]]:
        """(k + 1) × (m + 1) sums of each n × m table. In all localities a service counts once, but its places and hours add up."""
        once = [table.any(axis=1) if table.dtype == bool else table.sum(axis=1) for table in tables]
        side_by_side = np.concatenate([np.column_stack(pair) for pair in zip(tables, once, strict=True)], axis=1, dtype=kind)
        needs, rows = np.nonzero(self.meets.T)
        sums = np.zeros((len(self.needs) + 1, side_by_side.shape[1]), dtype=kind)
        for need, of_need in enumerate(np.split(rows, np.searchsorted(needs, np.arange(1, len(self.needs))))):
            sums[need] = side_by_side[of_need].sum(axis=0)
        sums[-1] = side_by_side.sum(axis=0)
        return [table.tolist() for table in np.split(sums, len(tables), axis=1)]


@dataclass(frozen=True)
class Terms:
    """What is asked of services: ids of needs in the order of the columns, and the pack's languages."""

    needs: tuple[str, ...]
    languages: tuple[str, ...]


def facts_of(columns: Columns, extents: Extents, terms: Terms, day: date) -> Facts:
    """The facts of all services that searches show on `day`."""
    shown = columns.shown(day)
    closed = columns.closed_for_now
    counted = shown & ~closed
    reached = reaching(columns, extents)
    languages = tuple(code for code in terms.languages if code != ENGLISH)
    of_places = {"covers": reached.covers, "local": reached.local, "based": reached.based}
    of_places |= offered(columns, reached, weeks_from(columns, day))
    return Facts(
        day=day,
        localities=extents.localities,
        needs=terms.needs,
        languages=languages,
        ids=columns.ids[counted],
        meets=columns.meets[counted],
        **{name: of_places[name][counted] for name in OF_PLACES},
        free=columns.feature("cost", "free")[counted],
        step_free=columns.feature("access", "step-free")[counted],
        remote=_is_remote(columns)[counted],
        foreign=_is_foreign(columns)[counted],
        speaks=np.array([columns.feature("speaks", code)[counted] for code in languages], dtype=bool).reshape(len(languages), -1).T,
        too_old=int((columns.live & ~shown).sum()),
        closed=int((shown & closed).sum()),
    )


def _is_remote(columns: Columns) -> Array:
    return np.asarray(columns.feature("how", "home") | columns.feature("how", "online") | columns.feature("how", "phone"))


def _is_foreign(columns: Columns) -> Array:
    numbers = [number for code, number in columns.groups.get("speaks", {}).items() if code != ENGLISH]
    return np.asarray(columns.features[:, numbers].any(axis=1))
