"""Need beside provision, locality by locality: facts of services, need figures and protected counts of people in, a matrix out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from portal.insight.asked import Asked
from portal.insight.facts import EVERY, Facts
from portal.insight.gap import Gap, Shares, Verdict, gap_of
from portal.insight.periods import Quarter
from portal.insight.protection import Shown, total
from portal.insight.provision import Provision
from portal.localities.need import Measure, NeedTable
from portal.localities.needing import people_with

__all__ = ["Cell", "Demand", "Gap", "Matrix", "Provision", "Total", "Verdict", "matrix_of"]


@dataclass(frozen=True)
class Cell:
    """One need in one locality. `locality` is a slug, `need` an id of the taxonomy.

    `people` who have the need, as `measure` counts them; `need_per_1000` of those it is a share of (None of residents and households
    themselves). `per_1000`: local services for each 1,000 of `people`. None where nobody knows. `missed` searches and `planned` needs of
    `Matrix.quarter`, as they may be shown (see `protection`): None is fewer than 10.
    """

    locality: str
    need: str
    measure: Measure
    people: int | None
    need_per_1000: float | None
    provision: Provision
    per_1000: float | None
    gap: Gap
    missed: Shown
    planned: Shown


@dataclass(frozen=True)
class Total:
    """What the cells of a locality, or of a need, come to. Each service counts once in `provision`, whatever its needs and localities.

    `people`: residents of a locality; all who have a need. `missed` and `planned` are sums of what is shown: at least so many.
    `verdicts`: how many cells have each.
    """

    provision: Provision
    measure: Measure
    people: int | None
    missed: Shown
    planned: Shown
    verdicts: Mapping[Verdict, int]


@dataclass(frozen=True, eq=False)
class Matrix:
    """All cells of a `day`, by locality (slug) and need (id); `localities` and `needs` are in the order of the pack and the taxonomy.

    `counted` services are behind it, of which `elsewhere` cover no locality; besides, `too_old` ones are not shown any more and `closed`
    ones are closed for now. People are those of `quarter`: None where none that is over had these localities, and then none are shown.
    """

    day: date
    localities: tuple[str, ...]
    needs: tuple[str, ...]
    languages: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    by_locality: Mapping[str, Total]
    by_need: Mapping[str, Total]
    counted: int
    elsewhere: int
    too_old: int
    closed: int
    quarter: Quarter | None

    def cell(self, locality: str, need: str) -> Cell:
        """The cell of a locality and a need; `KeyError` for what there is not."""
        return self.cells[locality, need]

    def of_locality(self, locality: str) -> tuple[Cell, ...]:
        """Its cells, in the order of needs."""
        return tuple(self.cells[locality, need] for need in self.needs)

    def of_need(self, need: str) -> tuple[Cell, ...]:
        """Its cells, in the order of localities."""
        return tuple(self.cells[locality, need] for locality in self.localities)


@dataclass(frozen=True)
class Demand:
    """Who needs help: the need `table`, the measure of each need (`localities.needing`), and what people `asked` for in a quarter."""

    table: NeedTable
    measures: Mapping[str, Measure]
    asked: Asked


def matrix_of(facts: Facts, demand: Demand) -> Matrix:
    """The matrix of the facts' day."""
    cells = {(locality, need): cell for need in facts.needs for locality, cell in _cells(facts, demand, need)}
    by_need = {need: [cells[locality, need] for locality in facts.localities] for need in facts.needs}
    by_locality = {locality: [cells[locality, need] for need in facts.needs] for locality in facts.localities}
    table = demand.table
    return Matrix(
        day=facts.day,
        localities=facts.localities,
        needs=facts.needs,
        languages=facts.languages,
        cells=MappingProxyType(cells),
        by_locality=MappingProxyType(
            {
                slug: _total(found, facts.provision(EVERY, slug), Measure.RESIDENTS, table.number(slug, Measure.RESIDENTS))
                for slug, found in by_locality.items()
            }
        ),
        by_need=MappingProxyType({need: _of_need(found, facts, demand, need) for need, found in by_need.items()}),
        counted=len(facts.ids),
        elsewhere=facts.elsewhere,
        too_old=facts.too_old,
        closed=facts.closed,
        quarter=demand.asked.quarter,
    )


def _cells(facts: Facts, demand: Demand, need: str) -> Iterable[tuple[str, Cell]]:
    measure = people_with(need, demand.measures, demand.table)
    provisions = {locality: facts.provision(need, locality) for locality in facts.localities}
    all_local, all_people = sum(provision.local for provision in provisions.values()), demand.table.whole(measure)
    for locality, provision in provisions.items():
        people = demand.table.number(locality, measure)
        yield (
            locality,
            Cell(
                locality=locality,
                need=need,
                measure=measure,
                people=people,
                need_per_1000=demand.table.per_1000(locality, measure),
                provision=provision,
                per_1000=1000 * provision.local / people if people else None,
                gap=gap_of(Shares(provision.local, people, all_local, all_people), provision.covers),
                missed=demand.asked.missed.get((locality, need)),
                planned=demand.asked.planned.get((locality, need)),
            ),
        )


def _of_need(cells: list[Cell], facts: Facts, demand: Demand, need: str) -> Total:
    measure = people_with(need, demand.measures, demand.table)
    return _total(cells, facts.provision(need), measure, demand.table.whole(measure))


def _total(cells: list[Cell], provision: Provision, measure: Measure, people: int | None) -> Total:
    verdicts = [cell.gap.verdict for cell in cells]
    return Total(
        provision=provision,
        measure=measure,
        people=people,
        missed=total(cell.missed for cell in cells),
        planned=total(cell.planned for cell in cells),
        verdicts=MappingProxyType({verdict: verdicts.count(verdict) for verdict in Verdict}),
    )
