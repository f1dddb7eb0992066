"""An adviser's forms: where a caller is and what they ask about, and a number to text. Posted or asked in, values or words out."""

from __future__ import annotations

from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired

from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.sealing import is_token, new_token
from portal.signposting.advising.texting import mobile_number
from portal.taxonomy.terms import Taxonomy
from portal.typed import one_line
from portal.ui.choices import SelectChoice

LONGEST_PLACE: Final = 80
LONGEST_NUMBER: Final = 40


class MenuForm(Form):
    """Where, and which kinds of help; both may be left empty."""

    place = StringField(
        _("Where is the caller?"),
        description=_("An area or a postcode. Leave it empty for the whole area."),
        filters=[lambda typed: one_line(typed or "", LONGEST_PLACE)],
    )
    group = SelectMultipleField(_("What do they ask about?"), description=_("Leave it empty for what callers ask about most."), choices=[])


def menu_form(asked: MultiDict[str, str], taxonomy: Taxonomy) -> MenuForm:
    """What was asked; kinds of help that are not there are left out, so that an old address still answers."""
    known = MultiDict([("place", asked.get("place", "")), *(("group", one) for one in taxonomy.groups if one in asked.getlist("group"))])
    form = MenuForm(known)
    form.group.choices = [SelectChoice(group.id, _(group.label)) for group in taxonomy.groups.values()]
    return form


class TextForm(Form):
    """A number to text. `once` makes a second press of the button harmless."""

    to = StringField(
        _("Mobile number"),
        description=_("For example 07700 900123. We use it for this one text and do not keep it."),
        filters=[lambda typed: one_line(typed or "", LONGEST_NUMBER)],
        validators=[InputRequired(_("Type a mobile number"))],
    )
    once = HiddenField(default=new_token, filters=[lambda given: given if is_token(given or "") else new_token()])

    def validate_to(self, field: StringField) -> None:
        """It can be sent a text. Raises `ValidationError` in words."""
        if not mobile_number(field.data or ""):
            raise ValidationError(gettext("Write a mobile number like 07700 900123. Other numbers cannot get a text."))
