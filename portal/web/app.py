"""The application: settings in, a Flask application out, with every room's views and what they share.

What a process holds (database engine, pack, taxonomy, places, index) is made once, here, and handed to the rooms.
"""

from __future__ import annotations

from functools import partial
from importlib import resources
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, request
from flask_compress import Compress
from flask_limiter import Limiter
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import portal
from portal.accounts.people import views as offers
from portal.accounts.people.closing import views as closing
from portal.accounts.people.council import views as colleagues
from portal.accounts.people.keeping import views as keeping
from portal.accounts.people.recovering import views as recovering
from portal.accounts.signing import views as signing
from portal.accounts.signing.entering import views as entering
from portal.advice import views as advice
from portal.assessment import views as assessment
from portal.config import Settings
from portal.directory import views as directory
from portal.editing.claiming import views as claiming
from portal.editing.claiming.deciding import views as deciding
from portal.editing.council import views as council
from portal.editing.council.banners import views as banners
from portal.editing.council.facts import views as facts
from portal.editing.council.places import views as places
from portal.editing.desk import views as desk
from portal.editing.desk.changing import views as changing
from portal.editing.figures import views as figures
from portal.editing.freshness import views as freshness
from portal.editing.quality import views as quality
from portal.editing.reports import views as reports
from portal.editing.reviewing import views as reviewing
from portal.editing.reviewing.past import views as past
from portal.editing.spreadsheet import views as spreadsheet
from portal.i18n import request as i18n
from portal.i18n import untranslated
from portal.search import localities
from portal.search import views as search
from portal.sharing import views as sharing
from portal.sharing.answering import views as answering
from portal.sharing.asking import views as asking
from portal.sharing.plans import views as plans
from portal.signposting import views as signposting
from portal.signposting.advising import views as advising
from portal.ui import components, turns
from portal.ui.assets import STATIC, load_assets
from portal.ui.posting import refuse_other_sites
from portal.urgent import views as urgent
from portal.web import audiences, errors, frame, headers, health, home, language_states, leaving, limits, resuming, sitemap
from portal.web.holdings import Holdings, hold
from portal.web.tending import end, tend_for_ever

LARGEST_BODY = 64 * 1024
LARGEST_FORM_PARTS = 60


def create_app(settings: Settings) -> Flask:
    """The application for `settings`. Raises `ConfigError` or `ContentError`, saying what to mend."""
    holdings = hold(settings)
    app = Flask("portal", static_folder=None, template_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=LARGEST_FORM_PARTS,
        TRUSTED_HOSTS=settings.trusted_hosts,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/calendar", "application/json"],
    )
    _prepare_templates(app)
    i18n.install(app, holdings.pack.languages, settings.translations)
    components.install(app.jinja_env, load_assets(), i18n.locale)
    turns.install(app.jinja_env)
    app.before_request(_refuse_other_sites)
    headers.install(app, settings.production)
    errors.install(app)
    limiter = limits.install(app, holdings.engine, settings.secret_key)
    _open_rooms(app, holdings, settings, limiter)
    app.extensions["tending"] = partial(tend_for_ever, settings, holdings)
    app.extensions["ending"] = partial(end, holdings)
    Compress(app)
    untranslated.install(app)
    _serve_files(app, settings)
    return app


def _prepare_templates(app: Flask) -> None:
    rooms = sorted(Path(str(resources.files(portal))).glob("*/templates"))
    app.jinja_loader = ChoiceLoader([FileSystemLoader(room) for room in rooms])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _open_rooms(app: Flask, holdings: Holdings, settings: Settings, limiter: Limiter) -> None:
    of_language = f"/<any({','.join(holdings.pack.languages)}):lang_code>"
    frame.install(app, holdings.pack, holdings.standing, holdings.directory_room.base_url)
    health.install(app, holdings.engine)
    home.install(app, of_language, holdings)
    urgent.install(app, of_language, holdings.urgent_room)
    search.install(app, of_language, holdings.search_room)
    localities.install(app, of_language, holdings.standing)
    directory.install(app, of_language, holdings.directory_room)
    advice.install(app, of_language, holdings.advice_room)
    sharing.install(app, of_language, holdings.sharing_room)
    assessment.install(app, of_language, holdings.assessment_room, limiter)
    signposting.install(app, of_language, holdings.signposts)
    advising.install(app, of_language, holdings.advising_room, limiter)
    plans.install(app, of_language, holdings.plans_room, limiter)
    asking.install(app, of_language, holdings.asking_room, limiter)
    answering.install(app, of_language)
    leaving.install(app, of_language, assessment.end, holdings.pack.exit_to)
    sitemap.install(app, holdings)
    language_states.install(app, of_language, settings)
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
    council.install(app, of_language, holdings.council_room)
    banners.install(app, of_language, limiter)
    facts.install(app, of_language, limiter)
    places.install(app, of_language, limiter)
    audiences.install(app)


def _refuse_other_sites() -> None:
    refuse_other_sites(request)


def _give_headers(given: Headers, _path: str, _url: str) -> None:
    for name, value in headers.HEADERS.items():
        given[name] = value


def _serve_files(app: Flask, settings: Settings) -> None:
    files = WhiteNoise(
        app.wsgi_app,
        immutable_file_test=lambda _path, url: "-" in url.rsplit("/", 1)[-1],
        allow_all_origins=False,
        add_headers_function=_give_headers,
    )
    files.add_files(str(STATIC), prefix="static/")
    app.wsgi_app = files  # type: ignore[method-assign]  # Flask's own way to wrap an application
    if settings.trusted_proxies:
        number = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=0)  # type: ignore[method-assign]  # as above
