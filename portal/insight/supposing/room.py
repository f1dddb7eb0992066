"""What the page of what if is given."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from portal.insight.figures import Figures
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class SupposingRoom:
    """The database, the figures of services, what needs are called, and the languages that a service may be given in, by code."""

    engine: Engine
    figures: Figures
    taxonomy: Taxonomy
    languages: dict[str, str]
