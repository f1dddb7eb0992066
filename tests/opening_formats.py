"""The room of open data on any database, for tests that need no application."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from portal.api.formats.room import FormatsRoom
from portal.api.oruk.room import Land, open_room
from portal.config import Settings
from portal.pack import find_file, load_pack
from portal.taxonomy.terms import load_taxonomy
from portal.web.holdings import open_index


def formats_room(engine: Engine, settings: Settings, folder: Path) -> FormatsRoom:
    """What `settings` name, on the database of `engine`; files are kept in `folder`."""
    pack, taxonomy = load_pack(settings), load_taxonomy(find_file(settings, "taxonomy.yaml"))
    land = Land(taxonomy, open_index(settings, engine, pack, taxonomy).searcher.extents)
    return FormatsRoom(open_room(engine, pack, settings.base_url, land, lambda: 0), folder)
