"""What the Open Referral UK addresses are given."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import clock
from portal.api.oruk.choosing import Chooser
from portal.api.oruk.records import Records
from portal.api.oruk.services import Ground
from portal.api.oruk.vocabulary import Vocabulary
from portal.history.queries import get_head
from portal.localities.gazetteer import Gazetteer
from portal.pack import Pack
from portal.search.areas import Extents
from portal.taxonomy.terms import Taxonomy

FORM: Final = "1"  # of what is given: another one makes every kept copy old
Spend = Callable[[], int]  # seconds for which whoever asks must wait; 0: go on


@dataclass(frozen=True)
class OrukRoom:
    """The database, what records are made with, and how often somebody may ask."""

    engine: Engine
    pack: Pack
    base_url: str
    records: Records
    vocabulary: Vocabulary
    spend: Spend


@dataclass(frozen=True)
class Land:
    """Where the directory is: its words for needs and areas."""

    taxonomy: Taxonomy
    extents: Extents


def open_room(engine: Engine, pack: Pack, base_url: str, land: Land, spend: Spend) -> OrukRoom:
    """The room, from what the process holds."""
    vocabulary = Vocabulary(land.taxonomy)
    towns = _towns(land.extents.gazetteer, pack.borough)
    records = Records(Ground(vocabulary, towns), Chooser(vocabulary, land.extents))
    return OrukRoom(engine, pack, base_url, records, vocabulary, spend)


def tag_of(session: Session, room: OrukRoom, address: str) -> str:
    """Another text (letters and digits) whenever `address` may answer something else: it does on another day, too."""
    about = (FORM, get_head(session), clock.today(), room.vocabulary.mark, room.base_url, room.pack.licence, address)
    return hashlib.sha256(repr(about).encode()).hexdigest()[:32]


def _towns(gazetteer: Gazetteer, borough: str) -> Callable[[str], str]:
    def town(postcode: str) -> str:
        place = gazetteer.postcodes.find("".join(postcode.split()).upper()) if postcode.isascii() else None
        return borough if place is not None and place.locality else ""

    return town
