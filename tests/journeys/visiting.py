"""A person at the site, so that journeys read as stories: look at a screen, follow a link by its words, fill in a form and send it.

Script is off here: what a `Visitor` can do, everybody can. Pages are held to the contract by the client that fetches them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

from contract_rules import Page, text_of
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HELD = ("input", "textarea", "select")


@dataclass(frozen=True)
class Screen:
    """What somebody sees, and the address that they see it at."""

    client: FlaskClient
    response: TestResponse

    @property
    def page(self) -> Page:
        """The page as the contract read it."""
        page: Page = self.response.page  # type: ignore[attr-defined]  # put there by CheckedClient
        return page

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status_code

    @property
    def path(self) -> str:
        """The path of the address."""
        return str(self.response.request.path)

    @property
    def query(self) -> dict[str, list[str]]:
        """What the address asks."""
        return {key: sorted(values) for key, values in parse_qs(urlsplit(self.response.request.url).query).items()}

    @property
    def heading(self) -> str:
        """The h1."""
        return text_of(self.page.all("h1")[0])

    @cached_property
    def text(self) -> str:
        """Everything in the main part, in one line."""
        return text_of(self.page.all("main")[0])

    @property
    def services(self) -> list[str]:
        """Ids of the services listed, in order."""
        return [item.get("data-service", "") for item in self.page.all("li") if item.get("data-service")]

    @property
    def names(self) -> list[str]:
        """Names of the services listed, in order."""
        return [text_of(link) for item in self.page.all("li") if item.get("data-service") for link in next(iter(item)).iter("a")]

    def part(self, name: str) -> str:
        """The text of the element with this id; empty where there is none."""
        return next((text_of(it) for it in self.page.tree.iter() if it.get("id") == name), "")

    def link(self, words: str) -> str:
        """Where the first link leads whose words hold `words`."""
        found = [it.get("href", "") for it in self.page.all("a") if words in text_of(it)]
        assert found, f"no link says {words!r} at {self.path}: {[text_of(it) for it in self.page.all('a')]}"
        return found[0]

    def follow(self, words: str) -> Screen:
        """Tap the first link whose words hold `words`."""
        return visit(self.client, self.link(words))

    def send(self, button: str, **filled: Any) -> Screen:
        """Fill in the form with this button and press it; a field that is not there cannot be filled in."""
        form, pressed = self._form(button)
        fields = _as_found(form)
        unknown = set(filled) - {it.get("name") for it in form.iter() if it.tag in HELD}
        assert not unknown, f"the form {button!r} at {self.path} has no {unknown}"
        fields |= {name: value if isinstance(value, list) else [value] for name, value in filled.items()}
        if pressed.get("name"):
            fields[pressed.get("name", "")] = [pressed.get("value", "")]
        action, is_post = form.get("action") or self.path, form.get("method") == "post"
        sent: dict[str, Any] = {"data": fields} if is_post else {"query_string": fields}
        return Screen(self.client, self.client.open(action, method="POST" if is_post else "GET", follow_redirects=True, **sent))

    def _form(self, words: str) -> tuple[Element, Element]:
        for form in self.page.all("form"):
            for button in form.iter("button"):
                if text_of(button).startswith(words):
                    return form, button
        said = [text_of(button) for button in self.page.all("button")]
        raise AssertionError(f"no button says {words!r} at {self.path}: {said}")

    def filled_in(self, name: str) -> str:
        """What a field of the page holds."""
        found = [it for it in self.page.tree.iter() if it.tag in HELD and it.get("name") == name and it.get("type") != "hidden"]
        assert found, f"no field {name!r} at {self.path}"
        chosen = [it for it in found if it.get("type") not in ("radio", "checkbox") or it.get("checked") is not None]
        return _value(chosen[0]) if chosen else ""


def visit(client: FlaskClient, address: str) -> Screen:
    """Open an address, as a person who was given it."""
    return Screen(client, client.get(address.partition("#")[0], follow_redirects=True))


def _as_found(form: Element) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for it in form.iter():
        if it.tag not in HELD or not it.get("name") or (it.get("type") in ("radio", "checkbox") and it.get("checked") is None):
            continue
        fields.setdefault(it.get("name", ""), []).append(_value(it))
    return fields


def _value(control: Element) -> str:
    if control.tag == "textarea":
        return (control.text or "").removeprefix("\n")
    if control.tag == "select":
        options = list(control.iter("option"))
        return next((it for it in options if it.get("selected") is not None), options[0]).get("value", "")
    return control.get("value", "on" if control.get("type") in ("radio", "checkbox") else "")
