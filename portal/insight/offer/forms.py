"""The form of a promise: what was typed in, a promise or messages in words out. No database."""

from __future__ import annotations

from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, SelectMultipleField, StringField, ValidationError

from portal.editing.council.fields import version_field
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.insight.offer.promises import MOST, Condition, Promise
from portal.insight.offer.wording import CONDITIONS
from portal.taxonomy.terms import Taxonomy
from portal.typed import one_line, whole_number
from portal.ui.choices import SelectChoice

LONGEST: Final = 20


class PromiseForm(Form):
    """What every area should have. Make one with `promise_form`, which says what is `offered`."""

    offered: frozenset[str] = frozenset()
    version = version_field()
    need = SelectField(_("Which kind of help?"), validate_choice=False)
    minimum = StringField(
        _("How many services, at least?"),
        description=_("Each area should have this many that people there can use. It is often 1."),
        filters=[lambda typed: one_line(typed or "", LONGEST)],
    )
    conditions = SelectMultipleField(
        _("What should they be? (optional)"),
        description=_("A service counts only if it is everything that you tick."),
        validate_choice=False,
    )

    def validate_need(self, field: SelectField) -> None:
        """One that is offered. Raises `ValidationError` in words."""
        if field.data not in self.offered:
            raise ValidationError(gettext("Choose which kind of help."))

    def validate_minimum(self, field: StringField) -> None:
        """A number that can be promised. Raises `ValidationError` in words."""
        if not 1 <= (whole_number(field.data or "") or 0) <= MOST:
            raise ValidationError(gettext("Write a whole number from 1 to %(most)s.", most=MOST))

    def validate_conditions(self, field: SelectMultipleField) -> None:
        """Only what is offered. Raises `ValidationError` in words."""
        if not set(field.data or ()) <= set(Condition):
            raise ValidationError(gettext("Tick only what is in the list."))

    def refuse_twice(self) -> None:
        """Say that this is promised already."""
        self.need.errors = [gettext("This is promised already, with the same ticks. Change that promise, or choose something else here.")]

    @property
    def promise(self) -> Promise:
        """The promise of a valid form."""
        return Promise(
            str(self.need.data), whole_number(self.minimum.data or "") or 1, frozenset(map(Condition, self.conditions.data or ()))
        )


def promise_form(taxonomy: Taxonomy, promise: Promise | None, posted: MultiDict[str, str] | None = None) -> PromiseForm:
    """The form, filled from what was posted, else from the promise there is, else for a new one."""
    given = {"need": promise.need, "minimum": str(promise.minimum), "conditions": list(promise.said)} if promise else {"minimum": "1"}
    form = PromiseForm(posted, data=given)
    form.offered = frozenset(taxonomy.needs)
    form.need.choices = [SelectChoice("", _("Choose one")), *(SelectChoice(key, label) for key, label in _needs(taxonomy))]
    form.conditions.choices = [SelectChoice(condition.value, _(label)) for condition, label in CONDITIONS.items()]
    return form


def _needs(taxonomy: Taxonomy) -> list[tuple[str, str]]:
    """Every need by its name, in the order of the alphabet."""
    named = [(need.id, gettext(need.label)) for need in taxonomy.needs.values()]
    return sorted(((key, name[:1].upper() + name[1:]) for key, name in named), key=lambda each: each[1].casefold())
