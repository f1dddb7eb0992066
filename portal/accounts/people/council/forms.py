"""Administrators' forms: a colleague asked to take on a role, and somebody looked for. What was typed in, values or words out."""

from __future__ import annotations

from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, StringField
from wtforms.validators import InputRequired

from portal.accounts.audiences import Role
from portal.accounts.people.forms import InviteForm, offer_languages
from portal.accounts.people.wording import ROLES
from portal.i18n.text import lazy_gettext as _
from portal.typed import one_line
from portal.ui.choices import SelectChoice

LONGEST_SEARCH: Final = 100


class ColleagueForm(InviteForm):
    """Who is asked to do what for the council."""

    role = RadioField(_("What do they do?"), validators=[InputRequired(_("Choose what they do"))])


def colleague_form(offered: tuple[str, ...], likely: str, posted: MultiDict[str, str] | None = None) -> ColleagueForm:
    """The form, as posted or empty."""
    form = ColleagueForm(posted)
    form.role.choices = [SelectChoice(role.value, _(ROLES[role])) for role in Role]
    offer_languages(form.language, offered, likely)
    return form


class RoleForm(Form):
    """One more thing for somebody with an account to do."""

    role = RadioField(_("Ask them to do more"), validators=[InputRequired(_("Choose what they do"))])


def role_form(roles: tuple[Role, ...], posted: MultiDict[str, str] | None = None) -> RoleForm:
    """The form for roles that they do not have."""
    form = RoleForm(posted)
    form.role.choices = [SelectChoice(role.value, _(ROLES[role])) for role in roles]
    return form


class FindForm(Form):
    """Somebody to look for. Posted, so that no name stands in an address."""

    words = StringField(
        _("Name or e-mail address"),
        filters=[lambda typed: one_line(typed or "", LONGEST_SEARCH)],
        validators=[InputRequired(_("Write a name or an e-mail address"))],
    )
