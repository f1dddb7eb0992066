"""What the council wrote, in words, part by part: content in, labels and lines out; and what differs between two of them.

For pages that show how something was before, and what somebody else wrote meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from portal.council.banners import Banner, State, Tone
from portal.council.content import Amount, Check, Content, LineWords, PlaceWords
from portal.editing.differences import Marked, compare
from portal.editing.saying import Line
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.i18n.text import LazyString, gettext, locale, pgettext
from portal.i18n.text import lazy_gettext as _
from portal.ui.filters import short_date

TONES: Final[Mapping[Tone, LazyString]] = {Tone.INFO: _("Good to know"), Tone.CARE: _("Important")}
STATES: Final[Mapping[State, LazyString]] = {State.DRAFT: _("Draft"), State.UP: _("Put up"), State.DOWN: _("Taken down")}
ACTS: Final[Mapping[str, LazyString]] = {
    "add": _("Written"),
    "change": _("Changed"),
    "put up": _("Put up"),
    "take down": _("Taken down"),
    "put back": _("Put back as it was"),
}
Part = tuple[str, Line]


@dataclass(frozen=True)
class Difference:
    """A part that is not the same in two versions, with its label."""

    label: str
    marked: tuple[Marked, ...]


def differences(before: Content | None, after: Content | None) -> tuple[Difference, ...]:
    """What is in one and not in the other, part by part."""
    old, new = _by_label(before), _by_label(after)
    labels = [*old, *(label for label in new if label not in old)]
    pairs = ((label, tuple(old.get(label, ())), tuple(new.get(label, ()))) for label in labels)
    return tuple(Difference(label, compare(was, now)) for label, was, now in pairs if was != now)


def _by_label(content: Content | None) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for label, line in _parts(content) if content else ():
        if line.text:
            found.setdefault(label, []).append(line)
    return found


def _parts(content: Content) -> Iterator[Part]:
    match content:
        case Banner():
            yield from _of_banner(content)
        case Amount():
            yield gettext("Amount"), Line(content.amount)
            yield gettext("Where it was read"), Line(content.source)
            yield gettext("When it was read"), Line(short_date(locale(), content.read_on) if content.read_on else "")
        case LineWords():
            yield pgettext("of a telephone", "Number"), Line(content.number)
            yield gettext("Hours"), Line(content.hours, SOURCE)
        case Check():
            yield gettext("Still right on"), Line(short_date(locale(), content.checked_on))
        case PlaceWords():
            yield from _of_place(content)


def _of_banner(banner: Banner) -> Iterator[Part]:
    yield gettext("How it speaks"), Line(str(TONES[banner.tone]))
    yield gettext("First day"), Line(short_date(locale(), banner.starts_on))
    yield gettext("Last day"), Line(short_date(locale(), banner.ends_on))
    yield gettext("Where"), Line(banner.place, SOURCE) if banner.place else Line(gettext("Every page"))
    for code, words in banner.words.items():
        yield gettext("Words in %(language)s", language=_name(code)), Line(words, code)
    yield gettext("Web address"), Line(banner.url)
    for code, words in banner.link_words.items():
        yield gettext("Words of the link in %(language)s", language=_name(code)), Line(words, code)
    yield gettext("How it stands"), Line(str(STATES[banner.state]))


def _of_place(place: PlaceWords) -> Iterator[Part]:
    for code, words in place.about.items():
        for line in words.splitlines():
            yield gettext("About this place, in %(language)s", language=_name(code)), Line(line, code)
    for helper in place.helpers:
        said = " · ".join(part for part in (helper.name, helper.what.get(SOURCE, ""), helper.phone, helper.url) if part)
        yield gettext("Who helps here"), Line(said, SOURCE)
        for code, words in helper.what.items():
            if code != SOURCE:
                yield gettext("Who helps here, in %(language)s", language=_name(code)), Line(words, code)


def _name(code: str) -> str:
    return LANGUAGES[code].name if code in LANGUAGES else code
