"""Signing in on a phone, in a real browser: the first time by a link, then a passkey made and used with the browser's own authenticator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from accounts import make_person
from axe import violations
from desks import AUTHENTICATOR
from driving import enter, follow, overflow, path_of, small_targets, watched
from playwright.sync_api import Browser, Page, expect
from serving import Served
from sqlalchemy import Engine
from waiting import wait_until

from portal.accounts.models import Person
from portal.db import open_engine

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def database(served: Served) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{served.state / 'instance' / 'portal.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture
def amina(database: Engine, request: pytest.FixtureRequest) -> Person:
    """Somebody of this test's own."""
    return make_person(database, f"{abs(hash(request.node.name))}@example.org", name="Amina")


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[Page]:
    """A phone with an authenticator, at the site's own name: passkeys belong to names."""
    with watched(chromium, own_address(served)) as page:
        page.show = give_authenticator(page)  # type: ignore[attr-defined]  # for tests that say when its owner is there
        yield page


def own_address(served: Served) -> str:
    return served.url.replace("127.0.0.1", "localhost")


def give_authenticator(page: Page, **changes: Any) -> Callable[..., None]:
    """An authenticator inside the phone; a function that says whether its owner shows who they are, and is there to choose at all.

    While its owner is there, it answers at once, also what a page offers among what the browser fills in.
    """
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, **changes}})

    def verify(*, is_owner: bool = True, is_there: bool = True) -> None:
        session.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": is_owner})
        session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": made["authenticatorId"], "enabled": is_there})

    return verify


def newest_mail(served: Served, email: str, since: int = 0) -> str:
    """The text of the newest e-mail to somebody, once there are more than `since`."""

    def come() -> list[str]:  # the server's own thread sends them
        return [body for to, body in map(read, sorted((served.state / "instance" / "outbox").glob("*.eml"))) if to == email][since:]

    return wait_until(come, "no e-mail came")[-1]


def read(path: Path) -> tuple[str, str]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body
    return str(message["To"]), body.get_content()


def ask(page: Page, served: Served, person: Person) -> str:
    """Ask for a link; the e-mail."""
    page.goto("/en/sign-in")
    page.get_by_label("Your e-mail address").fill(person.email or "")
    follow(page.get_by_role("button", name="Send me a link"))
    assert path_of(page) == "/en/sign-in/sent"
    return newest_mail(served, person.email or "")


def link_in(mail: str) -> str:
    found = re.search(r"http://localhost:\d+/en/sign-in/link/\S+", mail)
    assert found
    return found[0]


def test_the_first_time_by_a_link_then_by_passkey(phone: Page, served: Served, amina: Person) -> None:
    phone.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")  # one that offers nothing in the field
    phone.goto(link_in(ask(phone, served, amina)))
    follow(phone.get_by_role("button", name="Sign in"))
    assert phone.get_by_role("heading", level=1).inner_text() == "Set up how you sign in"
    assert phone.get_by_text("This browser cannot make passkeys").is_hidden()
    phone.get_by_role("button", name="Set up a passkey").click()
    phone.wait_for_url("**/en/account")
    follow(phone.get_by_role("button", name="Sign out", exact=True))
    follow(phone.get_by_role("link", name="Sign in again"))
    phone.get_by_role("button", name="Use a passkey").click()
    phone.wait_for_url("**/en/account")
    assert phone.get_by_text(amina.email or "").is_visible()


def test_a_passkey_is_offered_in_the_field_and_the_plain_way_stays(phone: Page, served: Served, amina: Person) -> None:
    phone.goto(link_in(ask(phone, served, amina)))
    follow(phone.get_by_role("button", name="Sign in"))
    phone.get_by_role("button", name="Set up a passkey").click()
    phone.wait_for_url("**/en/account")
    follow(phone.get_by_role("button", name="Sign out", exact=True))
    phone.show(is_there=False)  # type: ignore[attr-defined]  # of the fixture
    with phone.expect_response("**/sign-in/passkey/options"):
        phone.get_by_role("link", name="Sign in again").click()
    field = phone.get_by_label("Your e-mail address")
    assert field.get_attribute("autocomplete") == "username webauthn"
    field.fill("somebody")  # nothing is in the way of who types
    assert path_of(phone) == "/en/sign-in"
    phone.show()  # type: ignore[attr-defined]  # as above: the next offer is taken up at once, as by whoever chooses it in the field
    phone.goto("/en/sign-in")
    phone.wait_for_url("**/en/account")


def test_digits_shown_on_one_device_are_pasted_on_another(phone: Page, served: Served, amina: Person, chromium: Browser) -> None:
    mail = ask(phone, served, amina)
    with watched(chromium, own_address(served)) as other:
        other.goto(link_in(mail))
        digits = other.locator(".six-digits-shown").inner_text()
        assert other.get_by_role("main").get_by_role("button").count() == 0
    field = phone.get_by_label("The six digits")
    assert (field.get_attribute("autocomplete"), field.get_attribute("inputmode")) == ("one-time-code", "numeric")
    field.focus()
    phone.evaluate("text => document.execCommand('insertText', false, text)", f" {digits} ")
    enter(field)
    assert path_of(phone) == "/en/sign-in/second"


def test_an_owner_who_does_not_show_themself_is_told_what_to_do(chromium: Browser, served: Served) -> None:
    with watched(chromium, own_address(served)) as page:
        verify = give_authenticator(page)
        verify(is_owner=False)
        page.goto("/en/sign-in")
        page.get_by_role("button", name="Use a passkey").click()
        page.get_by_role("alert").get_by_text("Nothing was chosen").wait_for()
        expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()


def test_the_same_device_is_not_added_twice(phone: Page, served: Served, amina: Person) -> None:
    phone.goto(link_in(ask(phone, served, amina)))
    follow(phone.get_by_role("button", name="Sign in"))
    phone.get_by_role("button", name="Set up a passkey").click()
    phone.wait_for_url("**/en/account")
    phone.get_by_role("button", name="Add a passkey on this device").click()
    phone.get_by_role("alert").get_by_text("has a passkey for your account already").wait_for()


def test_without_script_there_is_a_link_and_no_dead_button(chromium: Browser, served: Served, amina: Person) -> None:
    with watched(chromium, own_address(served), java_script_enabled=False) as page:
        mail = ask(page, served, amina)
        page.goto(link_in(mail))
        follow(page.get_by_role("button", name="Sign in"))
        assert page.get_by_role("button", name="passkey").count() == 0
        assert page.get_by_text("This browser cannot make passkeys").is_visible()
        follow(page.get_by_role("link", name="Set up an app"))
        assert path_of(page) == "/en/account/app"


def test_this_machines_number_leads_to_its_name(chromium: Browser, served: Served) -> None:
    with watched(chromium, own_address(served)) as page:
        page.watch.own = (served.url, own_address(served), "data:")  # type: ignore[attr-defined]  # both are this site
        page.goto(f"{served.url}/en/sign-in")
        assert page.url == f"{own_address(served)}/en/sign-in"


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_fits_a_phone_and_anybody_can_use_it(chromium: Browser, served: Served, amina: Person, language: str) -> None:
    with watched(chromium, own_address(served), bypass_csp=True) as page:
        page.watch.is_expecting_errors = True  # type: ignore[attr-defined]  # one page is of a link that is over
        give_authenticator(page)
        problems: list[str] = []

        def look(path: str = "") -> None:
            if path:
                page.goto(f"/{language}{path}")
            problems.extend(f"{path_of(page)}: {it}" for it in (*overflow(page), *small_targets(page), *violations(page)))

        link = link_in(ask(page, served, amina))
        look("/sign-in")
        look("/sign-in/sent")
        look("/sign-in/link/x")
        with watched(chromium, own_address(served), bypass_csp=True) as other:
            other.goto(link.replace("/en/", f"/{language}/"))
            problems.extend(f"digits: {it}" for it in (*overflow(other), *small_targets(other), *violations(other)))
        page.goto(link.replace("/en/", f"/{language}/"))
        look()
        follow(page.locator("main form button"))
        look()
        look("/account/app")
        page.goto(f"/{language}/sign-in/second")
        page.locator("form[data-passkey] button").click()
        page.wait_for_url("**/account")
        look()
        look("/signed-out")
        assert problems == []
