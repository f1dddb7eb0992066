"""A plan in words, for paper, a file or a message: a `Plan` in, a `Document` in the page's language out.

The words are those of the plan page; what a page says of each service is handed in as lines, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portal import clock
from portal.assessment.needs import Told
from portal.i18n.languages import SOURCE
from portal.i18n.request import page_language
from portal.i18n.text import gettext, locale
from portal.i18n.untranslated import without_signs
from portal.pack import Pack
from portal.sharing.plans.document import Document, Entry, Section, Words
from portal.signposting.plan import Plan, Suggestion
from portal.signposting.steps import SmallStep
from portal.ui.filters import short_date
from portal.urgent.cards import Card, Contact

MOST_REASONS: Final = 2


@dataclass(frozen=True)
class Writer:
    """What a plan is written with: the pack, and what a page says of a service, line by line."""

    pack: Pack
    lines_of: Callable[[Suggestion], Sequence[str]]

    def write(self, plan: Plan) -> Document:
        """The whole plan."""
        return Document(
            title=_("Your next steps"),
            language=page_language().code,
            site=self.pack.site,
            made_on=short_date(locale(), clock.today()),
            intro=(_("From what you told us. Take one step at a time."),),
            sections=tuple(section for section in self._sections(plan) if section.entries),
            closing=(_("This plan does not decide what you can get."), _("In danger? Call 999.")),
        )

    def _sections(self, plan: Plan) -> Iterator[Section]:
        yield Section(_("Urgent help"), entries=tuple(_urgent(card) for card in plan.urgent), is_urgent=True)
        own = [_tick(Words(plan.own_step))] if plan.own_step else []
        yield Section(_("Small steps for this week"), entries=(*own, *_ticks(plan.steps)))
        yield Section(_("Local help"), entries=tuple(self._service(one) for one in plan.services))
        yield Section(_("Ask for a care assessment"), _("You can say: “I would like an assessment.”"), (self._front_door(),))
        yield Section(_("Good to know"), entries=tuple(Entry(None, (Words(page.title, page.language),)) for page in plan.advice))
        yield Section(_("What you can do yourself"), entries=tuple(_ticks(plan.self_help)))

    def _service(self, suggestion: Suggestion) -> Entry:
        listing = suggestion.hit.listing
        own = listing.in_language(page_language().code)
        beside = (Words(listing.name, SOURCE),) if own else ()
        phone = (Words(_("Call %(number)s", number=listing.phone)),) if listing.phone else ()
        reason = _("Because you told us:") + " " + "; ".join(_reason(told) for told in suggestion.because[:MOST_REASONS])
        title = Words(own.name, own.language) if own else Words(listing.name, SOURCE)
        return Entry(title, (*beside, Words(reason), *map(Words, self.lines_of(suggestion)), *phone), is_tick=True)

    def _front_door(self) -> Entry:
        door = self.pack.front_door
        return Entry(Words(door.name, SOURCE), (Words(_("Call %(number)s", number=door.number)), Words(door.hours, SOURCE)))


def _(message: str, **values: object) -> str:
    """As `gettext`, for what is no page."""
    return without_signs(gettext(message, **values))


def _reason(told: Told) -> str:
    if told.question and told.option:
        return f"{_(told.question.short)} – {_(told.option.label)}"
    return f"“{told.words}”"


def _urgent(card: Card) -> Entry:
    return Entry(Words(_(card.title)), tuple(Words(f"{_name(contact)}: {contact.number or contact.sms}") for contact in card.contacts[:3]))


def _name(contact: Contact) -> str:
    return contact.name if contact.is_local else _(contact.name)


def _ticks(steps: Sequence[SmallStep]) -> Iterator[Entry]:
    return (_tick(Words(_(step.label))) for step in steps)


def _tick(words: Words) -> Entry:
    return Entry(None, (words,), is_tick=True)
