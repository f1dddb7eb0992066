"""The rooms that anybody may walk into: each room's views are put into the application here, in one list."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter

from portal.advice import views as advice
from portal.api import views as programs
from portal.api.formats import views as formats
from portal.api.formats.room import FormatsRoom
from portal.api.open_data import views as open_data
from portal.api.oruk import views as oruk
from portal.api.oruk.room import Land
from portal.api.oruk.room import open_room as open_oruk
from portal.assessment import views as assessment
from portal.config import Settings
from portal.directory import views as directory
from portal.insight.locality import views as localities
from portal.insight.locality.missing import Needing
from portal.insight.locality.views import LocalityRoom
from portal.search import views as search
from portal.search.embedding import views as embedding
from portal.sharing import views as sharing
from portal.sharing.answering import views as answering
from portal.sharing.asking import views as asking
from portal.sharing.offline import views as offline
from portal.sharing.plans import views as plans
from portal.signposting import views as signposting
from portal.signposting.advising import views as advising
from portal.urgent import views as urgent
from portal.web import frame, health, home, language_states, leaving, metrics, sitemap, well_known
from portal.web.headers import HEADERS
from portal.web.holdings import Holdings
from portal.web.limits import READS, Allowance


def open_rooms(app: Flask, holdings: Holdings, settings: Settings, limiter: Limiter) -> None:
    """Put every public room's views into `app`."""
    of_language = f"/<any({','.join(holdings.pack.languages)}):lang_code>"
    frame.install(app, holdings.pack, holdings.standing, holdings.directory_room.base_url)
    health.install(app, holdings.engine, holdings.index)
    metrics.install(app, holdings.engine, holdings.index, settings)
    home.install(app, of_language, holdings, settings.base_url)
    urgent.install(app, of_language, holdings.urgent_room)
    search.install(app, of_language, holdings.search_room)
    needing = Needing(holdings.areas.need, holdings.need_measures)
    place_room = LocalityRoom(holdings.search_room, holdings.standing, needing, holdings.pack.borough, settings.base_url)
    localities.install(app, of_language, place_room)
    embedding.install(app, of_language, settings.base_url)
    directory.install(app, of_language, holdings.directory_room)
    advice.install(app, of_language, holdings.advice_room)
    sharing.install(app, of_language, holdings.sharing_room)
    kept = offline.open_room(holdings.search_room, holdings.standing, frame.coloured_assets(holdings.pack), HEADERS)
    offline.install(app, of_language, kept)
    assessment.install(app, of_language, holdings.assessment_room, limiter)
    signposting.install(app, of_language, holdings.signposts)
    advising.install(app, of_language, holdings.advising_room, limiter)
    plans.install(app, of_language, holdings.plans_room, limiter)
    asking.install(app, of_language, holdings.asking_room, limiter)
    answering.install(app, of_language)
    leaving.install(app, of_language, assessment.end, holdings.pack.exit_to)
    allowance = Allowance(holdings.engine, settings.secret_key)
    programs.install(app)
    land = Land(holdings.taxonomy, holdings.search_room.searcher.extents)
    oruk_room = open_oruk(holdings.engine, holdings.pack, settings.base_url, land, allowance.spend)
    oruk.install(app, oruk_room)
    open_data.install(app, of_language, settings.base_url, READS)
    formats.install(app, FormatsRoom(oruk_room, settings.instance / "open data"))
    sitemap.install(app, holdings)
    well_known.install(app, of_language, holdings.pack, settings.base_url)
    language_states.install(app, of_language, settings)
