"""The page of urgent help: made once for each language when a process starts, and sent from there.

It needs neither the database nor the index. A copy of each lies in the instance folder, so that a web server in front can
send it while this application is down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import Blueprint, Flask, Response, render_template

from portal.i18n.request import page_language
from portal.pack import Pack
from portal.ui.caching import public
from portal.urgent.cards import Card
from portal.urgent.listening import UrgentWords

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class UrgentRoom:
    """The cards by id, gravest first; what to listen for; and where copies of the pages go."""

    cards: Mapping[str, Card]
    listening: UrgentWords
    pack: Pack
    copies: Path


def install(app: Flask, of_language: str, room: UrgentRoom) -> None:
    """Serve the page in every language."""
    views = Blueprint("urgent", __name__)
    pages: dict[str, str] = {}

    @views.get("/urgent")
    def urgent() -> Response:
        code = page_language().code
        if code not in pages:
            pages[code] = render_template("urgent/urgent.html", cards=tuple(room.cards.values()))
            _keep_copy(room.copies / f"{code}.html", pages[code])
        return public(pages[code])

    app.register_blueprint(views, url_prefix=of_language)


def _keep_copy(path: Path, page: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, "utf-8")
    except OSError as error:  # a full or read-only disk must not take the page away
        log.warning("no copy of the urgent page", reason=str(error))
