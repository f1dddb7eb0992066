"""What the pages of spreadsheets are given when they are installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from portal.editing.spreadsheet.words import Words, words_of
from portal.localities.gazetteer import Gazetteer
from portal.pack import Pack
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class SpreadsheetRoom:
    """The database, and the words that cells are written and read with."""

    engine: Engine
    words: Words


def open_room(engine: Engine, taxonomy: Taxonomy, pack: Pack, gazetteer: Gazetteer) -> SpreadsheetRoom:
    """The room of a pack."""
    return SpreadsheetRoom(engine, words_of(taxonomy, _areas(pack, gazetteer)))


def _areas(pack: Pack, gazetteer: Gazetteer) -> Mapping[str, str]:
    """Names of areas by extent: the borough, its localities, the country."""
    borough = {pack.borough_extents[0]: pack.borough} if pack.borough_extents else {}
    return (
        borough | {slug: locality.name for slug, locality in gazetteer.localities.items()} | {"england": "England", "uk": "United Kingdom"}
    )
