"""Offers and the forms that make them: what a key names, and what may be typed as an address or a name."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from portal.accounts.audiences import Role
from portal.accounts.people.forms import InviteForm, invite_form
from portal.accounts.people.offers import Offer, find_offer
from portal.accounts.people.wording import ACTS, ROLES, WORK

APP = Flask(__name__)
Babel(APP)
CLUB = uuid.uuid4()


def form(**typed: str) -> InviteForm:
    """The form as posted."""
    return invite_form(("en", "ur"), "en", MultiDict({"email": "sam@example.org", **typed}))


@pytest.mark.parametrize("offer", [*(Offer(role=role) for role in Role), Offer(organization_id=CLUB)])
def test_the_key_of_an_offer_leads_back_to_it(offer: Offer) -> None:
    assert find_offer(offer.key) == offer


@pytest.mark.parametrize("key", ["", "king", "Reviewer", "\x00", "9" * 40, "None", "editor"])
def test_other_keys_lead_to_nothing(key: str) -> None:
    assert find_offer(key) is None


def test_every_role_has_a_name_and_says_what_it_is_for() -> None:
    assert set(ROLES) == set(WORK) == set(Role)
    assert len(set(ACTS.values())) == len(ACTS)


@pytest.mark.parametrize("typed", ["sam@example.org", " Sam@Example.ORG ", "sam@EXAMPLE.org\n"])
def test_one_address_has_one_form(typed: str) -> None:
    with APP.test_request_context():
        posted = form(email=typed)
        assert posted.validate()
    assert posted.invitee.email == "sam@example.org"


@pytest.mark.parametrize(
    "typed", ["sam", "sam@", "sam@localhost", "a@b@c.org", "sam@example.org, x@example.org", "Sam <sam@example.org>", "x" * 300]
)
def test_what_is_no_address_is_said(typed: str) -> None:
    with APP.test_request_context():
        posted = form(email=typed)
        assert not posted.validate()
        assert posted.email.errors == ["Write an e-mail address like name@example.com"]


@pytest.mark.parametrize("typed", ["https://example.org", "WWW.example", "win@example.org", "<b>", "a\\b", "x" * 81])
def test_a_name_carries_no_address(typed: str) -> None:
    with APP.test_request_context():
        posted = form(name=typed)
        assert not posted.validate()
        assert len(posted.name.errors) == 1


@pytest.mark.parametrize("typed", ["Zoë O’Neill-Çelik", "محمد علی", "সামিরা", "Ỳ"])
def test_names_of_all_languages_are_names(typed: str) -> None:
    with APP.test_request_context():
        posted = form(name=typed)
        assert posted.validate()
    assert posted.invitee.name == typed


@pytest.mark.parametrize(("typed", "chosen"), [("ur", "ur"), ("pl", "en"), ("", "en"), ("\x00", "en")])
def test_only_languages_of_the_site_can_be_chosen(typed: str, chosen: str) -> None:
    with APP.test_request_context():
        assert form(language=typed).invitee.language == chosen
