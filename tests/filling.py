"""Forms of a page as a browser would send them: a response in, the fields of its largest form, with what stands in them, out."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

Filled = dict[str, str | list[str]]


def filled(response: TestResponse, **changes: str | list[str]) -> Filled:
    """What the page's largest form would send, with `changes` (dashes of names as underscores are not turned: pass a dict for those)."""
    forms = [form for form in response.page.all("form") if form.get("method") == "post"]  # type: ignore[attr-defined]  # of CheckedClient
    form = max(forms, key=lambda one: len(list(one.iter())))
    found: dict[str, list[str]] = {}
    for field in form.iter():
        name, value = field.get("name"), _value(field)
        if name and value is not None and field.tag in ("input", "textarea", "select"):
            found.setdefault(name, []).append(value)
    return {**{name: values if len(values) > 1 else values[0] for name, values in found.items()}, **changes}


def _value(field: Element) -> str | None:
    if field.tag == "textarea":
        return (field.text or "").removeprefix("\n")
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return chosen[0].get("value", "") if chosen else None
    if field.get("type") in ("checkbox", "radio"):
        return field.get("value", "on") if field.get("checked") is not None else None
    return field.get("value", "")
