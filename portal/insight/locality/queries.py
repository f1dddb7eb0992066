"""When pages of localities last changed: a session and the index in, a day for each locality out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from portal import clock
from portal.council.models import Kind
from portal.council.queries import list_entries
from portal.errors import IndexUnavailable
from portal.search.index import Index


def localities_changed(session: Session, index: Index, slugs: Sequence[str]) -> dict[str, date | None]:
    """For each of these localities the day in London on which its listings or the council's words about it last changed.

    Listings change for all at once, with the generation of the index that holds them. None where neither is known.
    """
    written = {entry.name: entry.changed_at for entry in list_entries(session, Kind.LOCALITY)}
    try:
        listed = [index.snapshot().generation.built_at]
    except IndexUnavailable:
        listed = []
    newest = {slug: max([*listed, *([written[slug]] if slug in written else [])], default=None) for slug in slugs}
    return {slug: moment.astimezone(clock.LONDON).date() if moment else None for slug, moment in newest.items()}
