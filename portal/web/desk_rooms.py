"""The desks, for those who sign in: each desk's views are put into the application here, in one list."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter

from portal.accounts.people import views as offers
from portal.accounts.people.closing import views as closing
from portal.accounts.people.council import views as colleagues
from portal.accounts.people.keeping import views as keeping
from portal.accounts.people.recovering import views as recovering
from portal.accounts.signing import views as signing
from portal.accounts.signing.entering import views as entering
from portal.config import Settings
from portal.editing.claiming import views as claiming
from portal.editing.claiming.deciding import views as deciding
from portal.editing.council import views as council
from portal.editing.council.banners import views as banners
from portal.editing.council.facts import views as facts
from portal.editing.council.places import views as places
from portal.editing.desk import views as desk
from portal.editing.desk.changing import views as changing
from portal.editing.feeds import views as feeds
from portal.editing.feeds.room import FeedsRoom
from portal.editing.figures import views as figures
from portal.editing.freshness import views as freshness
from portal.editing.quality import views as quality
from portal.editing.reports import views as reports
from portal.editing.reviewing import views as reviewing
from portal.editing.reviewing.past import views as past
from portal.editing.spreadsheet import views as spreadsheet
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.insight.briefs import views as briefs
from portal.insight.briefs.views import BriefsRoom
from portal.insight.desk import views as insight
from portal.insight.desk.drilling import views as drilling
from portal.insight.desk.room import InsightRoom
from portal.insight.monthly import views as monthly
from portal.insight.monthly.views import MonthlyRoom
from portal.insight.offer import views as offer
from portal.insight.offer.views import OfferRoom
from portal.insight.outcomes import views as outcomes
from portal.insight.outcomes.views import OutcomesRoom
from portal.insight.supposing import views as supposing
from portal.insight.supposing.room import SupposingRoom
from portal.web import resuming
from portal.web.feeding import options_for_feeds
from portal.web.holdings import Holdings


def open_desks(app: Flask, holdings: Holdings, settings: Settings, limiter: Limiter) -> None:
    """Put signing in and every desk's views into `app`."""
    of_language = f"/<any({','.join(holdings.pack.languages)}):lang_code>"
    signing.install(app, holdings.signing_room)
    offers.install(app, of_language, holdings.people_room)
    closing.install(app, of_language, limiter)
    keeping.install(app, of_language, limiter)
    colleagues.install(app, of_language, limiter)
    recovering.install(app, of_language)
    entering.install(app, of_language, limiter)
    resuming.install(app, of_language)
    desk.install(app, of_language, holdings.desk_room, limiter)
    changing.install(app, of_language, limiter)
    figures.install(app, of_language)
    reviewing.install(app, of_language, holdings.reviewing_room, limiter)
    past.install(app, of_language, limiter)
    spreadsheet.install(app, of_language, holdings.spreadsheet_room, limiter)
    freshness.install(app, of_language, holdings.freshness_room, limiter)
    reports.install(app, of_language, holdings.reports_room)
    quality.install(app, of_language, holdings.quality_room)
    claiming.install(app, of_language, holdings.claiming_room, limiter)
    deciding.install(app, of_language, limiter)
    options = options_for_feeds(settings, holdings.taxonomy)
    feeds.install(app, of_language, FeedsRoom(holdings.engine, options, holdings.people_room.sender), limiter)
    council.install(app, of_language, holdings.council_room)
    banners.install(app, of_language, limiter)
    facts.install(app, of_language, limiter)
    places.install(app, of_language, limiter)
    insight.install(app, of_language, InsightRoom(holdings.figures, holdings.areas, holdings.taxonomy, holdings.engine))
    drilling.install(app, of_language)
    monthly.install(app, of_language, MonthlyRoom(holdings.engine, holdings.versions, holdings.taxonomy))
    briefs.install(app, of_language, BriefsRoom(holdings.figures, holdings.taxonomy, holdings.pack.borough, holdings.pack.site))
    supposing.install(app, of_language, SupposingRoom(holdings.engine, holdings.figures, holdings.taxonomy, _spoken(holdings)))
    offer.install(app, of_language, OfferRoom(holdings.engine, holdings.figures, holdings.taxonomy), limiter)
    outcomes.install(app, of_language, OutcomesRoom(holdings.engine, holdings.versions))


def _spoken(holdings: Holdings) -> dict[str, str]:
    """The pack's languages but English, by code, as their readers write them."""
    return {code: LANGUAGES[code].name for code in holdings.pack.languages if code != SOURCE}
