"""Whom each page is for: every blueprint has one audience, and a request from anybody else goes no further.

Asked before any view runs. Pages for everybody never look at who is signed in, so that they stay the same for all and cacheable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, make_response, render_template, request, url_for

from portal.accounts.audiences import PUBLIC, Audience, Level, may_see
from portal.accounts.signing.views import find_this_member
from portal.errors import ConfigError
from portal.i18n.text import marked
from portal.ui.caching import never, onward
from portal.web.resuming import hold_page

OF_BLUEPRINTS: Final[Mapping[str, Audience]] = {  # by blueprint, or by endpoint where one differs from its blueprint
    "advice": Audience.EVERYONE,
    "advising": Audience.ADVISER,
    "advising.end": Audience.EVERYONE,  # what a caller said can be forgotten even when the adviser's sign-in has ended
    "answering": Audience.EVERYONE,
    "asking": Audience.EVERYONE,
    "assessment": Audience.EVERYONE,
    "adding": Audience.EDITOR,
    "banners": Audience.COUNCIL_EDITOR,
    "briefs": Audience.COMMISSIONER,
    "changing": Audience.MEMBER,  # of whose listing is asked in each act: its editors', or the council's
    "claiming": Audience.EVERYONE,
    "claims": Audience.REVIEWER,
    "closing": Audience.MEMBER,
    "closing.closed": Audience.EVERYONE,
    "colleagues": Audience.ADMINISTRATOR,
    "council": Audience.COUNCIL_EDITOR,
    "desk": Audience.EDITOR,
    "directory": Audience.EVERYONE,
    "drilling": Audience.COMMISSIONER,
    "due": Audience.COUNCIL,
    "embedding": Audience.EVERYONE,
    "facts": Audience.COUNCIL_EDITOR,
    "feeds": Audience.REVIEWER,
    "figures": Audience.EDITOR,
    "formats": Audience.EVERYONE,
    "frame": Audience.EVERYONE,
    "freshness": Audience.EVERYONE,
    "freshness.texts": Audience.MEMBER,
    "health": Audience.SUPERVISOR,
    "home": Audience.EVERYONE,
    "insight": Audience.COMMISSIONER,
    "joining": Audience.EDITOR,
    "keepers": Audience.EDITOR,
    "keeping": Audience.COUNCIL,
    "places": Audience.COUNCIL_EDITOR,
    "reports": Audience.EDITOR,
    "reports.answer_for_council": Audience.COUNCIL,
    "reports.council": Audience.COUNCIL,
    "resuming": Audience.MEMBER,
    "reviewing": Audience.REVIEWER,
    "root": Audience.EVERYONE,
    "leaving": Audience.EVERYONE,
    "localities": Audience.EVERYONE,
    "offline": Audience.EVERYONE,
    "open_data": Audience.EVERYONE,
    "oruk": Audience.EVERYONE,
    "outcomes": Audience.COMMISSIONER,
    "past": Audience.MEMBER,  # of whose listing is asked in each act: its editors', or the council's
    "monthly": Audience.COMMISSIONER,
    "offer": Audience.COMMISSIONER,
    "people": Audience.MEMBER,
    "plans": Audience.EVERYONE,
    "quality": Audience.COUNCIL,
    "recovering": Audience.COUNCIL,
    "search": Audience.EVERYONE,
    "sharing": Audience.EVERYONE,
    "supposing": Audience.COMMISSIONER,
    "signing": Audience.EVERYONE,
    "signing.account": Audience.MEMBER,
    "signing.add_passkey": Audience.ENROLLING,
    "signing.app": Audience.ENROLLING,
    "signing.end_device": Audience.MEMBER,
    "signing.end_devices": Audience.MEMBER,
    "signing.new_passkey_options": Audience.ENROLLING,
    "signing.remove_app": Audience.MEMBER,
    "signing.remove_passkey": Audience.MEMBER,
    "signing.rename_passkey": Audience.MEMBER,
    "signing.second": Audience.ENROLLING,
    "signposting": Audience.EVERYONE,
    "sitemap": Audience.ENGINES,
    "spreadsheet": Audience.MEMBER,  # of whose organization is asked in each act: its editors', or the council's
    "states": Audience.EVERYONE,
    "urgent": Audience.EVERYONE,
    "well_known": Audience.ENGINES,
}


@dataclass(frozen=True)
class DeskLink:
    """A page that a desk's own bar leads to."""

    label: str
    endpoint: str


DESKS: Final = (  # in the order of the bar; a page is offered to those that it is for
    DeskLink(marked("My listings"), "desk.home"),
    DeskLink(marked("Adviser's desk"), "advising.desk"),
    DeskLink(marked("Notices and facts"), "council.desk"),
    DeskLink(marked("Waiting for review"), "reviewing.waiting"),
    DeskLink(marked("Who asks for listings"), "claims.waiting"),
    DeskLink(marked("Other directories"), "feeds.waiting"),
    DeskLink(marked("What people told us"), "reports.reports"),
    DeskLink(marked("Listings to check"), "due.due"),
    DeskLink(marked("Quality of listings"), "quality.table"),
    DeskLink(marked("Need and provision"), "insight.hub"),
    DeskLink(marked("Reports for the council"), "reports.council"),
    DeskLink(marked("Organisations"), "keeping.organizations"),
    DeskLink(marked("People"), "colleagues.people"),
    DeskLink(marked("Your account"), "signing.account"),
)


def audience_of(endpoint: str) -> Audience:
    """Whom an endpoint is for. Raises `ConfigError` for one that nobody gave an audience."""
    for name in (endpoint, endpoint.partition(".")[0]):
        if name in OF_BLUEPRINTS:
            return OF_BLUEPRINTS[name]
    raise ConfigError(f"{endpoint} has no audience: write it into portal/web/audiences.py.")


def install(app: Flask) -> None:
    """Let nobody pass for whom a page is not. Raises `ConfigError` for a route without an audience. Call it after every room's own."""
    for rule in app.url_map.iter_rules():
        audience_of(rule.endpoint)
    app.before_request(_refuse)
    app.jinja_env.globals["desk_links"] = app.extensions["desk links"] = _desk_links


def _desk_links() -> list[DeskLink]:
    """What the bar of a desk offers whoever is signed in. Called by pages of desks only."""
    member = find_this_member()
    return [desk for desk in DESKS if audience_of(desk.endpoint) not in PUBLIC and may_see(audience_of(desk.endpoint), member)]


def _refuse() -> Response | None:
    if request.endpoint is None:
        return None
    audience = audience_of(request.endpoint)
    if audience in PUBLIC:
        return None
    member = find_this_member()
    if may_see(audience, member):
        return None
    if member is not None and member.level is not Level.LINK:
        return never(make_response(render_template("web/not_yours.html"), 403))
    if request.method == "POST" and audience is not Audience.ENROLLING:
        return hold_page(is_half_way=member is not None)
    return _to_sign_in()


def _to_sign_in() -> Response:
    """On to signing in, or to its second step, and from there back to the page that was asked for.

    What was posted comes along in a page (`resuming`), but for a step of signing in itself: its codes and answers are worth nothing later.
    """
    wanted = request.path if request.method == "GET" else None
    step = "signing.sign_in" if find_this_member() is None else "signing.second"
    return onward(url_for(step, then=wanted))
