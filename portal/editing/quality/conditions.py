"""What each measure counts, as the database asks it: numbers and the lists behind them come from the same conditions. No I/O."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, or_, select, true

from portal import clock
from portal.directory.freshness import RECENT_MONTHS, oldest_within
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.reports import ListingReport
from portal.editing.freshness.queries import is_kept
from portal.editing.links.models import CheckedLink
from portal.editing.quality.measures import Measure
from portal.editing.quality.measuring import is_measured
from portal.editing.quality.models import Quality

TROUBLES: Final = (Measure.UNCHECKED, Measure.INCOMPLETE, Measure.HARD, Measure.BROKEN, Measure.REPORTED)  # what makes WORK


def conditions() -> dict[Measure, ColumnElement[bool]]:
    """What each measure counts, of listings joined as `of_listings` joins them."""
    recent = oldest_within(RECENT_MONTHS, clock.today())
    broken = select(CheckedLink.url).where(CheckedLink.broken_since.is_not(None))
    websites = select(Organization.id).where(Organization.website.in_(broken))
    found: dict[Measure, ColumnElement[bool]] = {
        Measure.UNCHECKED: or_(Service.assured_date.is_(None), Service.assured_date < recent),
        Measure.INCOMPLETE: Quality.is_complete.is_(False),
        Measure.HARD: Quality.is_plain.is_(False),
        Measure.BROKEN: or_(Service.url.in_(broken), Service.organization_id.in_(websites)),
        Measure.REPORTED: Service.id.in_(select(ListingReport.service_id).where(ListingReport.closed_at.is_(None))),
        Measure.UNKEPT: ~is_kept(),
        Measure.UNMEASURED: Quality.service_id.is_(None),
    }
    return {**found, Measure.ALL: true(), Measure.WORK: or_(*(found[measure] for measure in TROUBLES))}


def of_listings(rule: str, *columns: Any) -> Select[Any]:
    """These columns of public listings and, where they are measured as they are now, of their measures."""
    joined = select(*columns).select_from(Service).outerjoin(Quality, is_measured(rule))
    return joined.where(Service.status.in_(PUBLIC_STATUSES))
