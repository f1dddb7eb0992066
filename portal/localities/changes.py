"""What one version of the localities has that another does not: two versions in; what is new, gone, renamed or drawn anew out.

Ground is compared by the wards or LSOAs that localities are made of, whose codes change when their borders do; where a pack has none,
by the outlines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from portal.localities.need import Measure
from portal.localities.versions import AreaVersion, Versions


@dataclass(frozen=True)
class Changes:
    """Slugs. `renamed` are localities of other names or addresses on the same ground, old → new; `redrawn` have other ground."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    renamed: Mapping[str, str]
    redrawn: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """What changed, for a terminal."""
        for what, slugs in (("New", self.new), ("Gone", self.gone), ("With other ground", self.redrawn)):
            if slugs:
                yield f"{what}: {', '.join(slugs)}."
        if self.renamed:
            yield f"With another name: {', '.join(f'{old} → {new}' for old, new in self.renamed.items())}."


def compare(before: AreaVersion, after: AreaVersion) -> Changes:
    """What changed from `before` to `after`."""
    same = same_ground(before, after)
    return Changes(
        new=tuple(slug for slug in after.localities if slug not in before.localities and slug not in same.values()),
        gone=tuple(slug for slug in before.localities if slug not in after.localities and slug not in same),
        renamed={old: new for old, new in same.items() if before.localities[old].name != after.localities[new].name or old != new},
        redrawn=tuple(slug for slug in after.localities if slug in before.localities and same.get(slug) != slug),
    )


def same_ground(before: AreaVersion, after: AreaVersion) -> Mapping[str, str]:
    """Localities that go on, whatever they are called: the slug before → the slug after. Figures of others cannot be held together."""
    later = {_ground(after, slug): slug for slug in after.localities}
    return {slug: later[ground] for slug in before.localities if (ground := _ground(before, slug)) in later}


def _ground(version: AreaVersion, slug: str) -> tuple[str, ...]:
    codes = version.localities[slug].codes
    return codes or (version.boundaries.areas[slug].normalize().wkt,)


def list_lines(versions: Versions, today: date) -> Iterator[str]:
    """Which localities there were, are and will be, for a terminal."""
    before: AreaVersion | None = None
    for version in versions.every:
        begin = f"From {_written(version.starts_on)}" if version.starts_on else "From the beginning"
        end = f" to {_written(version.ends_on)}" if version.ends_on else ""
        now = " (now)" if version.holds(today) else ""
        yield f"{begin}{end}{now}: {len(version.localities):,} localities."
        yield f"    Boundaries of {_written(version.collection.boundary_date)}: {version.collection.source}."
        yield f"    {_people(version)}"
        if before:
            yield from (f"    {line}" for line in compare(before, version).lines())
        before = version


def _people(version: AreaVersion) -> str:
    residents = version.need.whole(Measure.RESIDENTS)
    if residents is None:
        return "Who lives there is not known: no table of need was given."
    return f"{residents:,} residents, {len(version.need.sources):,} measures: {version.need.sources[Measure.RESIDENTS].title}."


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
