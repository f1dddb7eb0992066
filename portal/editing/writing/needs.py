"""What it helps with: needs, ticked among those that people's own words speak of, or in the whole list."""

from __future__ import annotations

from typing import Final

import msgspec
from wtforms import Field, Form, SelectMultipleField, ValidationError

from portal.directory.record import ServiceRecord
from portal.editing.writing.fields import paragraphs
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import Posted
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.taxonomy.terms import Need

MOST_NEEDS: Final = 8
LONGEST_WORDS: Final = 500


class NeedsForm(Form):
    """Needs to tick, and words to look for more."""

    words = paragraphs(
        _("What do people say when they come to you? (optional)"),
        LONGEST_WORDS,
        _("In their own words, such as “I get lonely” or “Mum keeps falling”. We look for the kinds of help that fit."),
    )
    needs = SelectMultipleField(_("It helps with"), validate_choice=False)

    def validate_needs(self, field: Field) -> None:
        """Raises `ValidationError` in words for none or too many."""
        number = len(set(field.data or ()))
        if not number:
            raise ValidationError(gettext("Tick at least one thing that it helps with, so that people can find it"))
        if number > MOST_NEEDS:
            raise ValidationError(gettext("Tick the %(most)s that matter most, or fewer", most=MOST_NEEDS))


class NeedsPage(Writing):
    """What it helps with. `first` are needs shown unfolded: those ticked, and those that the words speak of."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        known = [need for need in record.needs if need in offer.taxonomy.needs]
        self.form = NeedsForm(posted, data={"words": "", "needs": known})
        self.chosen = tuple(need for need in dict.fromkeys(self.form.needs.data or ()) if need in offer.taxonomy.needs)
        self.form.needs.data = list(self.chosen)

    @property
    def forms(self) -> tuple[Form, ...]:
        """The one form."""
        return (self.form,)

    @property
    def found(self) -> tuple[str, ...]:
        """Needs that the words speak of, and those of the listing itself where nobody wrote any."""
        written = self.form.words.data or f"{self.record.name}. {self.record.description}"
        return tuple(need for need in self.offer.needs_in(written) if need in self.offer.taxonomy.needs)

    @property
    def first(self) -> tuple[Need, ...]:
        """Needs to show first: ticked ones, then found ones."""
        return tuple(self.offer.taxonomy.needs[need] for need in dict.fromkeys((*self.chosen, *self.found)))

    def result(self) -> ServiceRecord:
        """The record with its needs: those that were there in their order, new ones after. Ids that we do not know stay."""
        kept = [need for need in self.record.needs if need in self.chosen or need not in self.offer.taxonomy.needs]
        return msgspec.structs.replace(self.record, needs=tuple(dict.fromkeys((*kept, *self.chosen))))
