"""An adviser's desk: a call begun and ended, the menu by locality, and names and numbers texted to the caller.

Where a caller is, no finer than a locality, and kinds of help may be in an address; answers and telephone numbers never. All of it is
for advisers who are signed in, but for the end of a call: that forgets what was said whoever presses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter

from portal import clock
from portal.assessment.definition import HELP
from portal.assessment.forms import unplaced_message
from portal.assessment.keeping import Sitting
from portal.assessment.views import assessment_room, end, keep, this_sitting
from portal.db import writing
from portal.i18n.request import keep_arguments
from portal.localities.answer import Ambiguous, Place, Unknown
from portal.localities.place import place as find_place
from portal.mail import Carriers, Message, post_once
from portal.pack import Pack
from portal.search import wording
from portal.search.cards import card_of
from portal.signposting.advising.commonest import list_needs
from portal.signposting.advising.forms import MenuForm, TextForm, menu_form
from portal.signposting.advising.menu import Menu, make_menu
from portal.signposting.advising.texting import list_callable, mobile_number, short_text
from portal.signposting.plan import Suggestion
from portal.signposting.suggest import MOST_SERVICES
from portal.signposting.views import plan_of, signposts
from portal.ui.caching import never, onward

TEXTS: Final = "10 per minute; 300 per day"  # from one address, behind which a whole front door may sit
PLAN: Final = "plan"


@dataclass(frozen=True)
class AdvisingRoom:
    """What these pages are given. `commonest`: needs that callers ask about most; `address`: the site's public one."""

    commonest: tuple[str, ...]
    pack: Pack
    address: str
    secret: str
    carriers: Carriers


def install(app: Flask, of_language: str, room: AdvisingRoom, limiter: Limiter) -> None:
    """Serve the desk."""
    app.extensions["advising"] = room
    views = Blueprint("advising", __name__)
    views.add_url_rule("/adviser", "desk", desk)
    views.add_url_rule("/adviser/start", "start", start, methods=["POST"])
    views.add_url_rule("/adviser/end", "end", end_call, methods=["POST"])
    views.add_url_rule("/adviser/menu", "menu", menu)
    views.add_url_rule("/adviser/text", "text", limiter.limit(TEXTS, methods=["POST"])(text), methods=["GET", "POST"])
    views.add_url_rule("/adviser/texted", "texted", texted)
    app.register_blueprint(views, url_prefix=of_language)


def advising_room() -> AdvisingRoom:
    """What `install` was given."""
    room: AdvisingRoom = current_app.extensions["advising"]
    return room


def desk() -> Response:
    """Where a call begins."""
    return _desk(_menu_form())


def start() -> Response:
    """Questions with a new caller; what the one before said is gone."""
    return keep(onward(url_for("assessment.question", number=1)), Sitting(is_aloud=True))


def end_call() -> Response:
    """Forget the caller."""
    response = onward(url_for("advising.desk"))
    end(response)
    return response


def menu() -> Response:
    """The ten services to read out."""
    form = _menu_form()
    found = find_place(form.place.data or "", assessment_room().gazetteer)
    if isinstance(found, Ambiguous | Unknown):
        return _unplaced(form, found)
    if found and found.kind != "locality" and (locality := _locality(found)):  # so that no postcode stays in an address
        return onward(url_for("advising.menu", place=locality, group=form.group.data))
    made = _menu(form, found)
    keep_arguments(_asked(form))
    now = clock.local_now()
    page = render_template(
        "advising/menu.html",
        menu=made,
        form=form,
        asked=_asked(form),
        cards={one.hit.listing.id: card_of(one.hit, now, made.here) for one in made.services},
        most=MOST_SERVICES,
        taxonomy=signposts().searcher.taxonomy,
        wording=wording,
    )
    return never(page)


def text() -> Response:
    """What the caller would be sent; then, posted with a number, into the outbox."""
    services = _to_text()
    if services is None:
        return onward(url_for("assessment.ended"))
    room, form = advising_room(), TextForm(request.form)
    listings = [one.hit.listing for one in services]
    body = short_text(listings, room.pack, room.address)
    if request.method == "GET" or not form.validate():
        response = never(render_template("advising/text.html", form=form, body=body, count=len(list_callable(listings)), **_around()))
        response.status_code = 422 if form.errors else 200
        return response
    with writing(assessment_room().engine) as session:
        post_once(session, room.secret, Message("sms", mobile_number(form.to.data or ""), "", body), form.once.data or "")
    return onward(url_for("advising.texted", **_source()))


def texted() -> Response:
    """The text is on its way."""
    return never(render_template("advising/texted.html", **_around()))


def _menu_form() -> MenuForm:
    return menu_form(request.args, signposts().searcher.taxonomy)


def _asked(form: MenuForm) -> dict[str, Any]:
    return {name: value for name, value in (("place", form.place.data), ("group", form.group.data)) if value}


def _menu(form: MenuForm, here: Place | None) -> Menu:
    needs = list_needs(form.group.data or (), advising_room().commonest, signposts().searcher.taxonomy)
    return make_menu(signposts(), needs, here)


def _desk(form: MenuForm, choices: Sequence[str] = ()) -> Response:
    keep_arguments(_asked(form))
    sitting = this_sitting()
    response = never(render_template("advising/desk.html", form=form, choices=choices, asked=_asked(form), sitting=sitting))
    response.status_code = 422 if form.errors else 200
    return response


def _unplaced(form: MenuForm, found: Ambiguous | Unknown) -> Response:
    form.place.errors = [unplaced_message(found)]
    localities = [locality.name for locality in assessment_room().gazetteer.localities.values()]
    return _desk(form, [choice.label for choice in found.choices] if isinstance(found, Ambiguous) else localities)


def _locality(found: Place) -> str:
    known = assessment_room().gazetteer.locality_places.get(found.locality or "")
    return known.label if known else ""


def _to_text() -> tuple[Suggestion, ...] | None:
    """Services of the plan or of the menu that is to be texted; None when the call has ended."""
    if request.args.get("source") != PLAN:
        form = _menu_form()
        found = find_place(form.place.data or "", assessment_room().gazetteer)
        return _menu(form, found if isinstance(found, Place) else None).services
    sitting = this_sitting()
    return plan_of(sitting.answers).services if sitting and HELP in sitting.answers.chosen else None


def _source() -> dict[str, Any]:
    return {"source": PLAN} if request.args.get("source") == PLAN else _asked(_menu_form())


def _around() -> dict[str, Any]:
    """What the pages of a text share: where it came from, and whether it reaches anybody."""
    source = _source()
    keep_arguments(source)
    back = url_for("signposting.plan") if "source" in source else url_for("advising.menu", **source)
    return {"source": source, "back_to": back, "is_folder": advising_room().carriers.is_folder("sms")}
