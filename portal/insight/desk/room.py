"""What the commissioners' pages are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from portal.insight.figures import Figures
from portal.localities.collection import Locality
from portal.localities.need import NeedTable
from portal.localities.versions import AreaVersion
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class InsightRoom:
    """The figures, the localities of today, the names of needs, and the database for the names of services."""

    figures: Figures
    areas: AreaVersion
    taxonomy: Taxonomy
    engine: Engine

    @property
    def localities(self) -> Mapping[str, Locality]:
        """By slug, in the pack's order."""
        return self.areas.localities

    @property
    def need(self) -> NeedTable:
        """How many people live there."""
        return self.areas.need
