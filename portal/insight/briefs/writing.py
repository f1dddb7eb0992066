"""What a brief says: need beside provision in, two pages of tables in the reader's language out. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from portal.i18n.text import gettext as _
from portal.i18n.text import ngettext
from portal.insight.briefs.document import Bar, Brief, Name, Table
from portal.insight.briefs.ground import Ground, count, english, need_of, plain, words
from portal.insight.briefs.reached import who_is_not_reached
from portal.insight.desk.numbers import FIELDS, Number, offered
from portal.insight.desk.wording import PEOPLE, TITLES, VERDICTS, amount, rate, ratio
from portal.insight.gap import Verdict
from portal.insight.lacking import LACKING, by_missing, lacking
from portal.insight.matrix import Cell
from portal.insight.provision import Provision
from portal.localities.need import NeedTable
from portal.ui.charts import Interval, bar, interval
from portal.ui.filters import list_and, short_date

MOST_FIRST: Final = 3  # gaps that the first sentences name
MOST_GAPS: Final = 10  # rows of the first table of the second page


def of_locality(ground: Ground, slug: str) -> Brief:
    """The brief of a locality. `KeyError` for one that there is not."""
    name = ground.localities[slug].name
    total, cells = ground.matrix.by_locality[slug], ground.matrix.of_locality(slug)
    people = total.people
    lives = _("%(people)s people live here.", people=count(ground, people)) if people else _("We do not know how many people live here.")
    return _brief(
        ground,
        title=_("Need and provision in %(place)s", place=name),
        lead=" ".join(words(lives, *_most_missing(ground, cells, is_named=False))),
        first=(_who_lives_here(ground, slug), _what_there_is(ground, total.provision)),
        second=(
            _gaps(ground, cells, _gaps_of_locality(cells, name), is_named=False),
            *who_is_not_reached(ground, cells, total.provision, is_named=False),
        ),
    )


def of_borough(ground: Ground) -> Brief:
    """The brief of the borough."""
    cells = tuple(ground.matrix.cells.values())
    about = _("Each area beside the others, and where there is less than elsewhere.")
    return _brief(
        ground,
        title=_("Need and provision in %(place)s", place=ground.borough),
        lead=" ".join(words(about, *_most_missing(ground, cells, is_named=True))),
        first=(_areas(ground), _what_there_is(ground, ground.whole)),
        second=(
            _gaps(ground, cells, _gaps_of_borough(cells), is_named=True),
            *who_is_not_reached(ground, cells, ground.whole, is_named=True),
        ),
    )


def _brief(ground: Ground, *, title: Markup, lead: str, first: tuple[Table, ...], second: tuple[Table, ...]) -> Brief:
    return Brief(
        title=plain(title),
        language=ground.language,
        site=ground.site,
        made_on=short_date(ground.locale, ground.matrix.day),
        lead=lead,
        pages=(first, second),
        closing=tuple(map(plain, _closing(ground))),
    )


def _closing(ground: Ground) -> Iterator[object]:
    matrix = ground.matrix
    yield _(
        "The gap is the services for an area beside those that it would have at the rate of the whole borough. 1.00 is even. "
        "The line shows between which numbers it lies, 95 times in 100. We say fewer or more only where the line leaves 1 out."
    )
    yield ngettext("We counted %(num)s service.", "We counted %(num)s services.", matrix.counted)
    if matrix.too_old:
        yield ngettext(
            "%(num)s listing is not counted: nobody has checked it for too long.",
            "%(num)s listings are not counted: nobody has checked them for too long.",
            matrix.too_old,
        )
    if matrix.closed:
        yield ngettext("%(num)s service is closed for now.", "%(num)s services are closed for now.", matrix.closed)


def _who_lives_here(ground: Ground, slug: str) -> Table:
    table = ground.need
    shares = [(measure, table.per_1000(slug, measure), table.whole_per_1000(measure)) for measure in table.sources]
    known = [(measure, here, there or 0.0) for measure, here, there in shares if here is not None]
    most = max((max(here, there) for _measure, here, there in known), default=0.0)
    rows = tuple(
        (
            plain(_(PEOPLE[measure])),
            count(ground, table.number(slug, measure)),
            rate(ground.locale, here),
            rate(ground.locale, there),
            Bar(bar(here, most), bar(there, most)),
        )
        for measure, here, there in known
    )
    return Table(
        title=plain(_("Who lives here")),
        lead="" if rows else plain(_("We have no figures.")),
        head=words(_("Who"), _("How many"), _("Of each 1,000"), _("Of each 1,000 in all areas"), _("Chart")),
        rows=rows,
        note=_sources(table),
    )


def _sources(table: NeedTable) -> str:
    said = dict.fromkeys(f"{source.title}, {source.dated}" for source in table.sources.values())
    return english("; ".join(said))


def _what_there_is(ground: Ground, provision: Provision) -> Table:
    numbers = [number for number in Number if number in FIELDS]
    counted = {number: offered(provision, number) for number in numbers}
    most = provision.covers
    rows = tuple(
        (
            plain(_(TITLES[number])),
            amount(ground.locale, value, number),
            None if number in (Number.PLACES, Number.HOURS) else Bar(bar(value, most)),
        )
        for number, value in counted.items()
    )
    return Table(plain(_("What there is")), "", words(_("What"), _("How many"), _("Chart")), rows)


def _areas(ground: Ground) -> Table:
    found = {slug: total for slug, total in ground.matrix.by_locality.items() if slug in ground.localities}
    rates = {slug: 1000 * total.provision.local / total.people for slug, total in found.items() if total.people}
    most = max(rates.values(), default=0.0)
    rows = tuple(
        (
            Name(ground.localities[slug].name),
            count(ground, total.people),
            count(ground, total.provision.local),
            rate(ground.locale, rates[slug]) if slug in rates else "",
            Bar(bar(rates.get(slug, 0.0), most)),
            count(ground, sum(total.verdicts.get(verdict, 0) for verdict in LACKING)),
        )
        for slug, total in found.items()
    )
    head = (
        _("Area"),
        _("People"),
        _("Services for the area"),
        _("For each 1,000 people"),
        _("Chart"),
        _("Needs with fewer or none"),
    )
    return Table(plain(_("Areas")), "", words(*head), rows, _sources(ground.need))


def _most_missing(ground: Ground, cells: Sequence[Cell], *, is_named: bool) -> Iterator[Markup]:
    """What to look at first, in one sentence; none where nothing clearly lacks."""
    names = [need_of(ground, cell) + (f" ({ground.localities[cell.locality].name})" if is_named else "") for cell in lacking(cells)]
    if names:
        yield _("Most is missing here: %(gaps)s.", gaps=list_and(ground.locale, names[:MOST_FIRST]))


def _gaps_of_locality(cells: Sequence[Cell], name: str) -> Markup:
    return ngettext(
        "For %(num)s need, %(place)s has fewer services than we would expect from who lives there, or none.",
        "For %(num)s needs, %(place)s has fewer services than we would expect from who lives there, or none.",
        len(lacking(cells)),
        place=name,
    )


def _gaps_of_borough(cells: Sequence[Cell]) -> Markup:
    return ngettext(
        "We found %(num)s gap: an area has fewer services for a need than we would expect from who lives there, or none.",
        "We found %(num)s gaps: an area has fewer services for a need than we would expect from who lives there, or none.",
        len(lacking(cells)),
    )


def _gaps(ground: Ground, every: Sequence[Cell], lead: Markup, *, is_named: bool) -> Table:
    found = lacking(every)
    rest = by_missing(cell for cell in every if cell.gap.verdict is Verdict.ABOUT and cell.gap.ratio is not None)
    chosen = [*found, *rest][:MOST_GAPS]
    area = (_("Area"),) if is_named else ()
    return Table(
        title=plain(_("Where most is missing")),
        lead=plain(lead if found else _("We found no need with clearly fewer services than we would expect.")),
        head=words(*area, _("Need"), _("Services here"), _("Expected"), _("The gap"), _("Chart"), _("The gap in words")),
        rows=tuple(_gap_row(ground, cell, is_named=is_named) for cell in chosen),
    )


def _gap_row(ground: Ground, cell: Cell, *, is_named: bool) -> tuple[str | Name | Interval | None, ...]:
    gap = cell.gap
    drawn = interval(gap.low, gap.ratio, gap.high) if gap.low is not None and gap.ratio is not None and gap.high is not None else None
    return (
        *((Name(ground.localities[cell.locality].name),) if is_named else ()),
        need_of(ground, cell),
        count(ground, cell.provision.local),
        ratio(ground.locale, gap.expected) if gap.expected is not None else "",
        ratio(ground.locale, gap.ratio) if gap.ratio is not None else "",
        drawn,
        plain(_(VERDICTS[gap.verdict])),
    )
