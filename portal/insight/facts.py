"""What is counted of each service, once for all pages: the index's columns on a day in, arrays out; provision for any need and place.

Only services that searches show on that day have a row; how many are too old to be shown is said beside them. Pure.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

import numpy as np

from portal.insight.provision import Provision
from portal.insight.reaching import Borough, Reaching, reaching
from portal.insight.weeks import Weeks, weeks_from
from portal.search.columns import Array, Columns

ENGLISH = "en"


@dataclass(frozen=True, eq=False)
class Facts:
    """n services that are shown on `day`, m localities, k needs, l languages of the pack without English.

    `ids` (n × 16) UUID bytes; `meets` (n × k); n × m: `covers`, `local`, `based`, `places` there to go to, `hours` a week at those,
    `evening`, `weekend`; n: `free`, `step_free`, `remote`, `foreign` (in any language but English); `speaks` (n × l).
    `too_old` public services are no longer shown; `elsewhere` of the n cover no locality.
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

    @property
    def elsewhere(self) -> int:
        """Services that are shown and count in no locality."""
        return int((~self.covers.any(axis=1)).sum())

    def provision(self, need: str, locality: str) -> Provision:
        """What there is for a need in a locality."""
        return self._all[self.needs.index(need)][self.localities.index(locality)]

    def anything(self, locality: str) -> Provision:
        """What there is in a locality for any need or none, each service once."""
        return self._sum(np.ones(len(self.ids), dtype=bool), slice(self.localities.index(locality), self.localities.index(locality) + 1))

    def whole(self, need: str) -> Provision:
        """What there is for a need in all localities, each service once."""
        return self._sum(self.meets[:, self.needs.index(need)], slice(None))

    def services(self, need: str, locality: str, of: str = "covers") -> tuple[uuid.UUID, ...]:
        """The services behind a figure: `of` is `covers`, `local`, `based`, `free`, `step_free`, `evening`, `weekend`, `remote` or a language.

        Of `places` and `hours` those with any.
        """
        at = self.localities.index(locality)
        rows = self.meets[:, self.needs.index(need)] & self._holds(of, at)
        return tuple(uuid.UUID(bytes=each.tobytes()) for each in self.ids[rows])

    def _holds(self, of: str, at: int) -> Array:
        covers = self.covers[:, at]
        if of in ("covers", "local", "based", "places", "hours"):
            return np.asarray(getattr(self, of)[:, at] > 0)
        if of in self.languages:
            return np.asarray(covers & self.speaks[:, self.languages.index(of)])
        if of in ("evening", "weekend"):
            return np.asarray(covers & getattr(self, of)[:, at])
        return np.asarray(covers & getattr(self, "foreign" if of == "in_languages" else of))

    def _sum(self, rows: Array, at: slice) -> Provision:
        """What these services amount to in these localities together, each service once."""
        covers = rows & self.covers[:, at].any(axis=1)
        spoken = self.speaks[covers].sum(axis=0).tolist()
        return Provision(
            covers=int(covers.sum()),
            local=int((rows & self.local[:, at].any(axis=1)).sum()),
            based=int((rows & self.based[:, at].any(axis=1)).sum()),
            places=int(self.places[rows, at].sum()),
            hours=float(self.hours[rows, at].sum()),
            **{name: int((covers & getattr(self, name)).sum()) for name in ("free", "step_free", "remote")},
            **{name: int((covers & getattr(self, name)[:, at].any(axis=1)).sum()) for name in ("evening", "weekend")},
            in_languages=int((covers & self.foreign).sum()),
            languages=MappingProxyType(dict(zip(self.languages, spoken, strict=True))),
        )

    @cached_property
    def _all(self) -> tuple[tuple[Provision, ...], ...]:
        """Provision of every need in every locality, by products of matrices."""
        covers = self.covers
        tables = {
            "covers": covers,
            "local": self.local,
            "based": self.based,
            "places": self.places,
            **{name: covers & getattr(self, name) for name in ("evening", "weekend")},
            **{name: covers & getattr(self, name)[:, None] for name in ("free", "step_free", "remote")},
            "in_languages": covers & self.foreign[:, None],
        }
        meets = self.meets.T.astype(np.float32)  # whole numbers below 2²⁴ are exact
        counted = {name: (meets @ table.astype(np.float32)).astype(int).tolist() for name, table in tables.items()}
        hours = (self.meets.T.astype(np.float64) @ self.hours).tolist()
        spoken = [(meets @ (covers & self.speaks[:, [at]]).astype(np.float32)).astype(int).tolist() for at in range(len(self.languages))]
        return tuple(
            tuple(
                Provision(
                    hours=hours[i][j],
                    languages=MappingProxyType({code: spoken[at][i][j] for at, code in enumerate(self.languages)}),
                    **{name: table[i][j] for name, table in counted.items()},
                )
                for j in range(len(self.localities))
            )
            for i in range(len(self.needs))
        )


@dataclass(frozen=True)
class Terms:
    """What is asked of services: need ids in the order of the columns, and the pack's languages."""

    needs: tuple[str, ...]
    languages: tuple[str, ...]


def facts_of(columns: Columns, borough: Borough, terms: Terms, day: date) -> Facts:
    """The facts of all services that searches show on `day`."""
    shown = columns.shown(day)
    reached = reaching(columns, borough)
    timed = _timed(columns, reached, weeks_from(columns, day))
    languages = tuple(code for code in terms.languages if code != ENGLISH)
    return Facts(
        day=day,
        localities=borough.extents.localities,
        needs=terms.needs,
        languages=languages,
        ids=columns.ids[shown],
        meets=(columns.needs > 0)[shown],
        covers=reached.covers[shown],
        local=reached.local[shown],
        based=reached.based[shown],
        **{name: table[shown] for name, table in timed.items()},
        free=columns.feature("cost", "free")[shown],
        step_free=columns.feature("access", "step-free")[shown],
        remote=_comes(columns)[shown],
        foreign=_foreign(columns)[shown],
        speaks=np.stack([columns.feature("speaks", code) for code in languages], axis=1)[shown] if languages else np.zeros((shown.sum(), 0), bool),
        too_old=int((columns.live & ~shown).sum()),
    )


def _comes(columns: Columns) -> Array:
    return np.asarray(columns.feature("how", "home") | columns.feature("how", "online") | columns.feature("how", "phone"))


def _foreign(columns: Columns) -> Array:
    numbers = [number for code, number in columns.groups.get("speaks", {}).items() if code != ENGLISH]
    return np.asarray(columns.features[:, numbers].any(axis=1))


def _timed(columns: Columns, reached: Reaching, weeks: Weeks) -> dict[str, Array]:
    """n × m: `places` to go to in each locality and their `hours`; whether there is an `evening` or a `weekend` session for it.

    A place that does not say its own hours has the service's, which count once in a locality. A session is for a locality when it is
    the service's own, at a place in or near it, or of a service that comes to people.
    """
    rows, size, m = columns.sites[:, 0].astype(np.int64), len(columns.live), reached.covers.shape[1]
    goes = columns.feature("how", "in-person")
    at, has_hours = weeks.of(columns.sites[:, 0], columns.sites[:, 3])
    own_at, own = weeks.of(np.arange(size, dtype=np.float64), np.zeros(size))
    here = (reached.site_in >= 0) & goes[rows]
    places, hours = np.zeros((size, m), dtype=np.int64), np.zeros((size, m))
    np.add.at(places, (rows[here], reached.site_in[here]), 1)
    said = here & has_hours
    np.add.at(hours, (rows[said], reached.site_in[said]), weeks.hours[at[said]])
    silent = np.zeros((size, m), dtype=bool)
    silent[rows[here & ~has_hours], reached.site_in[here & ~has_hours]] = True
    hours += silent * np.where(own, weeks.hours[own_at] if len(weeks.keys) else 0.0, 0.0)[:, None]
    found = {"places": places, "hours": hours}
    for name, sets in (("evening", weeks.evening), ("weekend", weeks.weekend)):
        open_then = np.zeros((size, m), dtype=bool)
        if len(weeks.keys):
            open_then |= (own & sets[own_at])[:, None]
            at_sites = (reached.site_near | columns.remote[rows][:, None]) & (has_hours & sets[at])[:, None]
            np.logical_or.at(open_then, rows, at_sites)
        found[name] = open_then
    return found
