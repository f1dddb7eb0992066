"""Forms of claims: posted or empty in, what somebody tells us or messages in words out. No database, no network."""

from __future__ import annotations

import re
from typing import Final

from wtforms import Form, StringField, ValidationError

from portal.accounts.addresses import LONGEST, normal
from portal.editing.claiming.told import Founding, Told
from portal.editing.writing.fields import line, paragraphs
from portal.editing.writing.starting import link_of
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _

LONGEST_NAME: Final = 80
LONGEST_LINE: Final = 120
LONGEST_WORDS: Final = 600
_NO_NAME: Final = re.compile(r"[/@<>\\]|www\.", re.IGNORECASE)  # names go where addresses would be pressed
_NUMBER: Final = re.compile(r"(?:\D*\d){3,20}\D*", re.ASCII)


class AddressForm(Form):
    """Who claims, by their address alone."""

    email = line(
        _("Your e-mail address"),
        LONGEST,
        _("Best is one that ends like your organisation's website. We write to you there."),
        _("Write your e-mail address"),
    )

    def validate_email(self, field: StringField) -> None:
        """It is an address. Raises `ValidationError` in words."""
        if not normal(field.data or ""):
            raise ValidationError(gettext("Write an e-mail address like name@example.com"))

    def told(self, language: str) -> Told:
        """What a valid form says, on a page in `language`."""
        return Told(email=normal(self.email.data or ""), language=language)


class WhoForm(AddressForm):
    """Who claims, so that a person can check it."""

    name = line(_("Your name"), LONGEST_NAME, needed=_("Write your name"))
    role = line(
        _("What you do there"), LONGEST_LINE, _("Such as “I am the secretary” or “I run the Tuesday group”."), _("Write what you do there")
    )
    phone = line(_("Your phone number (optional)"), LONGEST_LINE, _("So that we can ring you if we have a question."))

    def validate_name(self, field: StringField) -> None:
        """It is a name. Raises `ValidationError` in words."""
        if _NO_NAME.search(field.data or ""):
            raise ValidationError(gettext("Write a name only, without an address"))

    def validate_phone(self, field: StringField) -> None:
        """It can be dialled. Raises `ValidationError` in words."""
        _check_number(field.data or "")


class ClaimForm(WhoForm):
    """Who claims an organization that is listed."""

    proof = paragraphs(
        _("How can we check it?"),
        LONGEST_WORDS,
        _("Such as a page of your website with your name, or somebody there whom we can ring. No copies of papers, please."),
        _("Write how we can check it"),
    )

    def told(self, language: str) -> Told:
        """What a valid form says, on a page in `language`."""
        return Told(
            email=normal(self.email.data or ""),
            name=self.name.data or "",
            role=self.role.data or "",
            phone=self.phone.data or "",
            proof=self.proof.data or "",
            language=language,
        )


class MissingForm(WhoForm):
    """An organization that is missing, and who tells us of it."""

    organization = line(_("Name of the organisation"), LONGEST_LINE, needed=_("Write the name of the organisation"))
    about = paragraphs(
        _("What it does, in a sentence"),
        LONGEST_WORDS,
        _("Such as “A lunch club for older people, every Tuesday.”"),
        _("Write what it does, in a sentence"),
    )
    website = line(_("Its website (optional)"), LONGEST_LINE * 2, _("Such as www.example.org"))
    organization_phone = line(_("Its phone number (optional)"), LONGEST_LINE, _("The one that people can ring. We show it."))
    where = line(_("Where it is, or which area it covers"), LONGEST_LINE, needed=_("Write where it is, or which area it covers"))

    def validate_website(self, field: StringField) -> None:
        """It is a web address. Raises `ValidationError` in words."""
        if field.data and not link_of(field.data):
            raise ValidationError(gettext("Write a web address like www.example.org, or leave it empty"))

    def validate_organization_phone(self, field: StringField) -> None:
        """It can be dialled. Raises `ValidationError` in words."""
        _check_number(field.data or "")

    @property
    def founding(self) -> Founding:
        """The organization of a valid form."""
        return Founding(
            name=self.organization.data or "",
            about=self.about.data or "",
            website=link_of(self.website.data or ""),
            phone=self.organization_phone.data or "",
            where=self.where.data or "",
        )

    def told(self, language: str) -> Told:
        """What a valid form says, on a page in `language`."""
        return Told(
            email=normal(self.email.data or ""),
            name=self.name.data or "",
            role=self.role.data or "",
            phone=self.phone.data or "",
            language=language,
            founding=self.founding,
        )


class ReasonForm(Form):
    """Why we say no."""

    reason = paragraphs(
        _("Why not?"),
        LONGEST_WORDS,
        _("We send it to them, and keep it in the history: write no names."),
        _("Write why, so that they know what to do"),
    )


def _check_number(typed: str) -> None:
    if typed and not _NUMBER.fullmatch(typed):
        raise ValidationError(gettext("Write a phone number like 01632 960001, or leave it empty"))
