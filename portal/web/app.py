"""The application: settings in, a Flask application out, with every room's views and what they share.

What a process holds (database engine, pack, taxonomy, places, index) is made once, here, and handed to the rooms.
"""

from __future__ import annotations

from functools import partial
from wsgiref.headers import Headers

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal.config import Settings
from portal.i18n import request as i18n
from portal.i18n import untranslated
from portal.i18n.request import page_language
from portal.i18n.text import locale
from portal.ui import components, keeping, turns
from portal.ui.assets import STATIC
from portal.ui.posting import refuse_other_sites
from portal.web import audiences, errors, headers, limits, rendering
from portal.web.desk_rooms import open_desks
from portal.web.frame import coloured_assets
from portal.web.holdings import hold
from portal.web.logs import number_requests
from portal.web.rooms import open_rooms
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
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/calendar", "application/json", "application/xml", "application/atom+xml"],
    )
    app.session_interface = _NoSessions()
    number_requests(app, is_behind_proxy=settings.trusted_proxies > 0)
    rendering.install(app)
    i18n.install(app, holdings.pack.languages, settings.translations)
    components.install(app.jinja_env, coloured_assets(holdings.pack), locale)
    turns.install(app.jinja_env)
    keeping.install(app.jinja_env, lambda: page_language().code)
    app.before_request(_refuse_other_sites)
    headers.install(app, settings.production)
    errors.install(app)
    limiter = limits.install(app, holdings.engine, settings.secret_key)
    open_rooms(app, holdings, settings, limiter)
    open_desks(app, holdings, settings, limiter)
    audiences.install(app)
    app.extensions["tending"] = partial(tend_for_ever, settings, holdings)
    app.extensions["ending"] = partial(end, holdings)
    Compress(app)
    untranslated.install(app)
    _serve_files(app, settings)
    return app


class _NoSessions(SessionInterface):
    """Flask keeps nothing about whoever asks: signing in, answers and lists have cookies of their own."""

    def open_session(self, app: Flask, request: Request) -> None:
        """None for anybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to save."""


def _refuse_other_sites() -> None:
    refuse_other_sites(request)


def _give_headers(given: Headers, _path: str, _url: str) -> None:
    for name, value in headers.OF_FILES.items():
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
