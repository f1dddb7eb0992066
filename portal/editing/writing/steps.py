"""The steps in which a listing is written: one page each, in the order in which somebody new is led through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from portal.editing.writing.areas import AreasPage
from portal.editing.writing.closing import OpenPage
from portal.editing.writing.cost import CostPage
from portal.editing.writing.languages import AccessPage, TranslationsPage
from portal.editing.writing.needs import NeedsPage
from portal.editing.writing.page import Writing
from portal.editing.writing.places import PlacesPage
from portal.editing.writing.plain import AboutPage, WhoPage
from portal.editing.writing.starting import StartPage
from portal.editing.writing.times import TimesForm
from portal.i18n.text import LazyString
from portal.i18n.text import lazy_gettext as _


@dataclass(frozen=True)
class Step:
    """One page. `title` is its heading; `fields` are those of the record that it is about."""

    id: str
    title: LazyString
    page: type[Writing]
    fields: tuple[str, ...]


STEPS: Final = (
    Step("about", _("Name and what it does"), AboutPage, ("name", "description")),
    Step("who", _("Who it is for"), WhoPage, ("who_for", "minimum_age", "maximum_age", "eligibility")),
    Step("where", _("Where it happens"), PlacesPage, ("how", "venues")),
    Step("times", _("When it happens"), TimesForm, ("sessions", "closures")),
    Step("cost", _("What it costs"), CostPage, ("fees", "costs")),
    Step("start", _("How people start"), StartPage, ("phones", "email", "url", "application_process", "wait_time", "documents")),
    Step("access", _("Access and languages"), AccessPage, ("languages", "interpretation")),
    Step("areas", _("Areas"), AreasPage, ("areas",)),
    Step("needs", _("What it helps with"), NeedsPage, ("needs",)),
    Step("words", _("In other languages"), TranslationsPage, ("translations",)),
)
CLOSING: Final = Step("open", _("Close or pause it"), OpenPage, ("status", "alert"))
BY_ID: Final = {step.id: step for step in (*STEPS, CLOSING)}


def step_after(step: Step) -> Step | None:
    """The next one for somebody new; nothing after the last."""
    number = STEPS.index(step) + 1
    return STEPS[number] if number < len(STEPS) else None
