"""A record in words, field by field: for pages that show what somebody wants to change, to whoever wrote it and to whoever decides.

Lines are in the language of the page, but for what people wrote themselves, which is in English as listings are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel import Locale
from markupsafe import escape

from portal.directory.listings import pounds
from portal.directory.record import CostEntry, ServiceRecord, SessionEntry, VenueEntry
from portal.directory.spoken import say, say_closure
from portal.i18n.text import LazyString, gettext
from portal.i18n.text import lazy_gettext as _
from portal.taxonomy.terms import Taxonomy

THEIRS: Final = "en"
LABELS: Final[Mapping[str, LazyString]] = {
    "name": _("Name"),
    "description": _("What it does"),
    "status": _("Open or closed"),
    "alert": _("Notice"),
    "needs": _("Helps with"),
    "who_for": _("Who it is for"),
    "minimum_age": _("Youngest age"),
    "maximum_age": _("Oldest age"),
    "eligibility": _("Who can use it"),
    "how": _("How it happens"),
    "venues": _("Where and when"),
    "sessions": _("When"),
    "closures": _("When it is closed"),
    "areas": _("Areas"),
    "phones": _("Phone"),
    "email": _("E-mail"),
    "url": _("Web page"),
    "application_process": _("What to do first"),
    "wait_time": _("Waiting time"),
    "fees": _("Cost"),
    "costs": _("Prices"),
    "documents": _("What to bring"),
    "languages": _("Languages"),
    "interpretation": _("Interpreters"),
    "translations": _("In other languages"),
}
STATUSES: Final = {
    "active": _("Open"),
    "temporarily closed": _("Closed for a while"),
    "inactive": _("Not shown"),
    "defunct": _("Ended"),
}
HOW: Final = {
    "in-person": _("People come to a place"),
    "home": _("Comes to you at home"),
    "online": _("Online"),
    "phone": _("By phone"),
}


@dataclass(frozen=True)
class Line:
    """One line of words. `lang` is empty for the page's own language."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Speech:
    """What it takes to say a record: needs and audiences by name, the page's locale, and today, for times that are over."""

    taxonomy: Taxonomy
    locale: Locale
    today: date


def say_field(record: ServiceRecord, field: str, speech: Speech) -> tuple[Line, ...]:
    """What a record says in one field, line by line; nothing where it is empty."""
    said = _SPOKEN.get(field)
    if said is not None:
        return tuple(said(record, speech))
    written = getattr(record, field)
    if isinstance(written, int | float):
        return (Line(f"{written:g}"),)
    return tuple(Line(each, THEIRS) for each in (written or "").splitlines() if each)


def _status(record: ServiceRecord, _speech: Speech) -> Iterator[Line]:
    yield Line(escape(STATUSES[record.status]).striptags() if record.status in STATUSES else record.status)


def _needs(record: ServiceRecord, speech: Speech) -> Iterator[Line]:
    needs = speech.taxonomy.needs
    return (Line(gettext(needs[need].label).striptags()) if need in needs else Line(need, THEIRS) for need in record.needs)


def _who_for(record: ServiceRecord, speech: Speech) -> Iterator[Line]:
    known = speech.taxonomy.audiences
    return (Line(gettext(known[each].label).striptags()) if each in known else Line(each, THEIRS) for each in record.who_for)


def _how(record: ServiceRecord, _speech: Speech) -> Iterator[Line]:
    return (Line(escape(HOW[each]).striptags() if each in HOW else each) for each in record.how)


def _sessions(record: ServiceRecord, speech: Speech) -> Iterator[Line]:
    return _times(record.sessions, speech)


def _times(sessions: Iterable[SessionEntry], speech: Speech) -> Iterator[Line]:
    for session in sessions:
        sentence = say(session, (), speech.locale, speech.today).striptags()
        words = f"({session.note})" if session.note and sentence else session.note
        yield Line(" ".join(filter(None, (sentence, words))), "" if sentence else THEIRS)


def _closures(record: ServiceRecord, speech: Speech) -> Iterator[Line]:
    return (Line(say_closure(closure, speech.locale).striptags()) for closure in record.closures)


def _venues(record: ServiceRecord, speech: Speech) -> Iterator[Line]:
    for venue in record.venues:
        yield from _place(venue)
        yield from _times(venue.sessions, speech)
        yield from (Line(say_closure(closure, speech.locale).striptags()) for closure in venue.closures)


def _place(venue: VenueEntry) -> Iterator[Line]:
    if venue.is_confidential:
        yield Line(gettext("Secret address: residents see only that there is a place").striptags())
    written = (venue.name, venue.address, venue.city, venue.postcode)
    yield Line(", ".join(part for part in written if part), THEIRS)
    yield from (Line(each, THEIRS) for each in (venue.note, venue.directions, *venue.access) if each)


def _areas(record: ServiceRecord, _speech: Speech) -> Iterator[Line]:
    return (Line(area.name or area.extent, THEIRS) for area in record.areas)


def _phones(record: ServiceRecord, _speech: Speech) -> Iterator[Line]:
    return (Line(" · ".join(part for part in (it.number, it.extension, it.description) if part), THEIRS) for it in record.phones)


def _costs(record: ServiceRecord, _speech: Speech) -> Iterator[Line]:
    return (Line(": ".join(part for part in (cost.option, _price(cost)) if part), THEIRS) for cost in record.costs)


def _price(cost: CostEntry) -> str:
    amount = "" if cost.amount is None else pounds(cost.amount)
    return " ".join(part for part in (amount, cost.description) if part)


def _documents(record: ServiceRecord, _speech: Speech) -> Iterator[Line]:
    return (Line(document, THEIRS) for document in record.documents)


def _languages(record: ServiceRecord, speech: Speech) -> Iterator[Line]:
    return (Line(speech.locale.languages.get(each.code) or each.name or each.code) for each in record.languages)


def _translations(record: ServiceRecord, _speech: Speech) -> Iterator[Line]:
    for each in record.translations:
        yield Line(each.name, each.language)
        if each.summary:
            yield Line(each.summary, each.language)


_Says = Callable[[ServiceRecord, Speech], Iterator[Line]]
_SPOKEN: Final[Mapping[str, _Says]] = {
    "status": _status,
    "needs": _needs,
    "who_for": _who_for,
    "how": _how,
    "sessions": _sessions,
    "closures": _closures,
    "venues": _venues,
    "areas": _areas,
    "phones": _phones,
    "costs": _costs,
    "documents": _documents,
    "languages": _languages,
    "translations": _translations,
}


def filled_fields(records: Sequence[ServiceRecord]) -> tuple[str, ...]:
    """The fields in which any of these records says something, in the order of the record."""
    return tuple(name for name in LABELS if any(getattr(record, name) not in ("", (), None) for record in records))
