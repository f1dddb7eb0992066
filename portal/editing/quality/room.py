"""What the council's pages of quality are given."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from portal.editing.quality.placing import Ground


@dataclass(frozen=True)
class QualityRoom:
    """The database, and the borough whose areas listings are counted in."""

    engine: Engine
    ground: Ground
