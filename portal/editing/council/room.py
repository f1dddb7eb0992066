"""What the pages of the council's desk are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from portal.advice.current import CurrentLibrary
from portal.advice.money import Money
from portal.council.standing import Standing
from portal.localities.collection import Locality
from portal.pack import Pack


@dataclass(frozen=True)
class CouncilRoom:
    """The database, what stands now, and what the files say: pages, amounts of money, the pack, localities by slug."""

    engine: Engine
    standing: Standing
    library: CurrentLibrary
    money: Money
    pack: Pack
    localities: Mapping[str, Locality]
