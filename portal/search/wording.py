"""The sentence above the results and the words of filters: results in, text in the page's language out.

Whole sentences are given to translators, one for each case, so that each language can order and bend them as it must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal

from babel.lists import format_list
from markupsafe import Markup

from portal.i18n.text import gettext, locale, marked, ngettext
from portal.search.quoting import unquoted
from portal.search.results import Relaxation, SearchResults
from portal.taxonomy.terms import Access, Audience, Need, Taxonomy

LONGEST_QUOTE: Final = 60
SIGNED: Final = ("bfi", "bsl")

WHEN: Final = {
    "now": marked("Open now"),
    "day": marked("In the daytime"),
    "evening": marked("In the evening"),
    "weekend": marked("At the weekend"),
}
HOW: Final = {
    "in-person": marked("You go there"),
    "home": marked("Comes to you"),
    "online": marked("Online"),
    "phone": marked("By phone"),
}
AGES: Final = {
    "0-15": marked("Children under 16"),
    "16-25": marked("16 to 25"),
    "26-64": marked("26 to 64"),
    "65": marked("65 and over"),
}
OURS: Final[Mapping[str, Mapping[str, str]]] = {"cost": {"free": marked("Free")}, "when": WHEN, "how": HOW, "age": AGES}
GROUPS: Final = {
    "need": marked("What would help"),
    "who": marked("Who it is for"),
    "age": marked("Age"),
    "when": marked("When"),
    "cost": marked("Cost"),
    "how": marked("How"),
    "access": marked("Getting in and taking part"),
    "speaks": marked("Languages spoken"),
    "within": marked("How far"),
}


def summary(results: SearchResults, taxonomy: Taxonomy) -> Markup:
    """What is shown, in one sentence: how many, for what, where."""
    asked = _asked_for(results, taxonomy)
    text = unquoted(results.query.text)[:LONGEST_QUOTE]
    if results.here:
        return _here(results.total, asked, text, _strong(results.here.label))
    if asked:
        return ngettext(
            "%(num)s service that can help with %(needs)s.", "%(num)s services that can help with %(needs)s.", results.total, needs=asked
        )
    if text:
        return ngettext("%(num)s service for “%(text)s”.", "%(num)s services for “%(text)s”.", results.total, text=_isolated(text))
    return ngettext("%(num)s service.", "%(num)s services.", results.total)


def _here(num: int, asked: Markup | None, text: str, place: Markup) -> Markup:
    if asked:
        return ngettext(
            "%(num)s service that can help with %(needs)s in or near %(place)s.",
            "%(num)s services that can help with %(needs)s in or near %(place)s.",
            num,
            needs=asked,
            place=place,
        )
    if text:
        return ngettext(
            "%(num)s service for “%(text)s” in or near %(place)s.",
            "%(num)s services for “%(text)s” in or near %(place)s.",
            num,
            text=_isolated(text),
            place=place,
        )
    return ngettext("%(num)s service in or near %(place)s.", "%(num)s services in or near %(place)s.", num, place=place)


def _asked_for(results: SearchResults, taxonomy: Taxonomy) -> Markup | None:
    asked = dict.fromkeys((*results.query.need, *results.question.needs))
    labels = [_strong(gettext(taxonomy.needs[need].label)) for need in asked if need in taxonomy.needs]
    if not labels:
        return None
    style: Literal["or", "standard"] = "or" if len(results.query.need) > 1 else "standard"
    return Markup(format_list(labels, style=style, locale=locale()))  # noqa: S704 - each label is escaped already


def near(label: str) -> str:
    """What a list of services at a place is called; `label` empty for everywhere."""
    return str(gettext("Services near %(place)s", place=label) if label else gettext("Services near you"))


def needs(ids: Iterable[str], taxonomy: Taxonomy) -> Markup:
    """Needs in words, as a list."""
    return _list([gettext(taxonomy.needs[need].label) for need in ids])


def people(ids: Iterable[str], taxonomy: Taxonomy) -> Markup:
    """Audiences in words, as a list."""
    return _list([gettext(taxonomy.audiences[audience].label) for audience in ids if audience in taxonomy.audiences])


def _list(labels: Sequence[Markup]) -> Markup:
    return Markup(format_list(labels, locale=locale()))  # noqa: S704 - each label is escaped already


def _strong(text: str) -> Markup:
    return Markup("<b><bdi>{}</bdi></b>").format(text)


def _isolated(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)


def wider(relaxation: Relaxation) -> Markup:
    """A wider question as a link says it: how many, and what was let go."""
    num, kind = relaxation.count, relaxation.kind
    if kind == "wider":
        miles = int(relaxation.query.within)
        return ngettext("%(num)s if you look within %(miles)s miles", "%(num)s if you look within %(miles)s miles", num, miles=miles)
    say = WIDER.get(kind, WIDER["all"])
    return say(num)


WIDER: Final[Mapping[str, Callable[[int], Markup]]] = {
    "within": lambda num: ngettext("%(num)s if you look further away", "%(num)s if you look further away", num),
    "place": lambda num: ngettext("%(num)s in any area", "%(num)s in any area", num),
    "need": lambda num: ngettext("%(num)s with any kind of help", "%(num)s with any kind of help", num),
    "who": lambda num: ngettext("%(num)s for anybody", "%(num)s for anybody", num),
    "age": lambda num: ngettext("%(num)s for any age", "%(num)s for any age", num),
    "when": lambda num: ngettext("%(num)s at other times", "%(num)s at other times", num),
    "cost": lambda num: ngettext("%(num)s if it may cost something", "%(num)s if it may cost something", num),
    "how": lambda num: ngettext(
        "%(num)s in any way: there, at home, online or by phone", "%(num)s in any way: there, at home, online or by phone", num
    ),
    "access": lambda num: ngettext("%(num)s without those access needs", "%(num)s without those access needs", num),
    "speaks": lambda num: ngettext("%(num)s in any language", "%(num)s in any language", num),
    "all": lambda num: ngettext("%(num)s if you take away every choice", "%(num)s if you take away every choice", num),
}


def choice_label(group: str, value: str, taxonomy: Taxonomy) -> str:
    """A value of a filter in words."""
    if group == "speaks":
        return gettext("British Sign Language") if value in SIGNED else str(locale().languages.get(value, value))
    if group == "within":
        return ngettext("Within %(num)s mile", "Within %(num)s miles", int(value))
    if group in OURS:
        return gettext(OURS[group].get(value, value))
    if group == "need":
        named: Need | Audience | Access | None = taxonomy.needs.get(value)
    else:
        named = taxonomy.audiences.get(value) if group == "who" else taxonomy.access.get(value)
    return gettext(named.label if named else value)
