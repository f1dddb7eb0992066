"""The rules of the page contract, one function each: a `Page` in, what is wrong with it out, in words."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from portal.i18n.languages import LANGUAGES, SOURCE, direction
from portal.ui.assets import STATIC

HEAVIEST: Final = 25 * 1024  # bytes of gzipped HTML
UNHELD: Final = {"hidden", "submit", "button", "image", "reset"}  # inputs that need no label
LISTED: Final = re.compile(r"^/\w\w/(services|organizations)/[0-9a-f-]{36}$")
LEFTOVERS: Final = re.compile(r"%\(\w+\)s|\{[{%]|&(lt|gt|amp|quot|#\d+);|</?(bdi|b|span)\b|\bUndefined\b|\bNone\b(?! of these)|Markup\(")
QUESTION: Final = re.compile(r"^/\w\w/questions/\d+$")
OWN_KINDS: Final = {"mailto", "tel", "sms", "otpauth"}
OWN_HOSTS: Final = {"localhost", "localhost:8000"}  # what a test asks, and the public address of its settings


@dataclass(frozen=True)
class Page:
    """A page as fetched and as a browser's parser reads it. `path` is without the query; `typed` is what came from a person."""

    response: TestResponse
    path: str
    app: Flask
    tree: Element
    errors: tuple[str, ...]
    typed: tuple[str, ...]

    @property
    def language(self) -> str:
        """The language that the path promises."""
        first = self.path.split("/")[1]
        return first if first in LANGUAGES and any(link.code == first for link in self.app.extensions["languages"]) else SOURCE

    @property
    def title(self) -> str:
        """What a tab and a history show."""
        found = self.tree.find(".//title")
        return "" if found is None else text_of(found)

    @property
    def is_sensitive(self) -> bool:
        """Whether it says of itself that nobody should be seen reading it."""
        return any(body.get("data-sensitive") is not None for body in self.all("body"))

    @cached_property
    def parents(self) -> dict[Element, Element]:
        """Element → its parent."""
        return {child: parent for parent in self.tree.iter() for child in parent}

    @cached_property
    def ids(self) -> Counter[str]:
        """How often each id is given."""
        return Counter(element.get("id", "") for element in self.tree.iter() if element.get("id") is not None)

    def all(self, *tags: str) -> list[Element]:
        """Elements of these kinds, in order."""
        return [element for element in self.tree.iter() if element.tag in tags]

    def above(self, element: Element) -> Iterator[Element]:
        """The element, its parent, and so on up."""
        yield element
        while (parent := self.parents.get(element)) is not None:
            yield (element := parent)

    def language_of(self, element: Element) -> str:
        """The language that an element is marked as."""
        return next((it.get("lang", "") for it in self.above(element) if it.get("lang")), "")


def read(response: TestResponse, path: str, app: Flask, typed: Sequence[str]) -> Page:
    """The page, parsed as HTML5."""
    tree, errors = _parsed(response.get_data(as_text=True))
    told = tuple(value for value in (*typed, *response.request.args.values()) if len(value) > 2)
    return Page(response, path, app, tree, errors, told)


@lru_cache(maxsize=200)
def _parsed(text: str) -> tuple[Element, tuple[str, ...]]:
    """The tree of a page, which nobody may change, and its mistakes. More than a quarter of pages come again as they were."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(text)
    return tree, tuple(f"{code} {details or ''} in line {at[0]}" for at, code, details in parser.errors)


def text_of(element: Element) -> str:
    """All text in an element, in one line."""
    return " ".join("".join(element.itertext()).split())


def words_of(element: Element) -> str:
    """What is heard of an element: its label or its text."""
    return element.get("aria-label") or text_of(element)


Rule = Callable[[Page], Iterator[str]]


def _is_html5(page: Page) -> Iterator[str]:
    yield from (f"not valid HTML5: {error}" for error in page.errors)
    if not page.response.get_data(as_text=True).lstrip().lower().startswith("<!doctype html>"):
        yield "no <!doctype html>"
    if page.response.content_type != "text/html; charset=utf-8":
        yield f"Content-Type is {page.response.content_type}"


def _weighs_little(page: Page) -> Iterator[str]:
    weight = len(gzip.compress(page.response.get_data(), 6))
    if weight >= HEAVIEST:
        yield f"{weight} bytes gzipped; {HEAVIEST} is the most"


def _has_one_heading_and_its_title(page: Page) -> Iterator[str]:
    headings, title = page.all("h1"), page.title
    if len(headings) != 1 or not text_of(headings[0]):
        yield f"{len(headings)} elements h1; one with words is wanted"
        return
    if QUESTION.match(page.path):
        if text_of(headings[0]) in title or not any(letter.isdigit() for letter in title):
            yield f"the title {title!r} says what is asked: histories and shared screens show it"
        return
    start, *rest = title.split(text_of(headings[0]), 1)
    is_error = any("govuk-error-summary" in it.get("class", "").split() for it in page.all("div"))
    if not rest or bool(start) != is_error or (start and not start.endswith(": ")) or not rest[0].startswith(" – "):
        yield f"the title {title!r} does not begin with the h1 {text_of(headings[0])!r}" + (' after "Error: "' if is_error else "")
    if page.language == SOURCE and start not in ("", "Error: "):
        yield f"the title begins with {start!r}"


def _tells_no_secret_in_its_title(page: Page) -> Iterator[str]:
    title = page.title
    seen = page.app.extensions.setdefault("contract titles", {})
    if page.path.endswith("/search") and seen.setdefault((page.path, page.response.status_code), title) != title:
        yield f"the title {title!r} changes with the question: histories and shared screens show it"


def _speaks_its_language(page: Page) -> Iterator[str]:
    root = page.tree
    if (root.get("lang"), root.get("dir")) != (page.language, direction(page.language)):
        yield f"html says lang={root.get('lang')!r} dir={root.get('dir')!r} on a page in {page.language}"
    for element in page.tree.iter():
        code = element.get("lang")
        if code is not None and element.get("dir") is None and direction(code) != direction(page.language):
            yield f"<{element.tag} lang={code}> reads the other way and has no dir: {text_of(element)[:40]!r}"
    holders = [item for item in page.all("li") if item.get("data-service")]
    names = [(link, item) for item in holders for head in ("h2", "h3") for link in item.findall(f"{head}/a")]
    if LISTED.match(page.path) and page.response.status_code == 200:
        names += [(heading, page.tree) for heading in page.all("h1")]
    for name, holder in names:
        english_beside = [it for it in holder.iter("p") if it.get("class") == "small" and page.language_of(it) == "en" and text_of(it)]
        if page.language_of(name) != "en" and not english_beside:
            yield f"a listing's name is neither marked as English nor has its English beside: {text_of(name)!r}"


def _gives_each_id_once(page: Page) -> Iterator[str]:
    yield from (f"id={name!r} is there {count} times" for name, count in page.ids.items() if count > 1 or not name.strip())
    for element in page.tree.iter():
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            missing = [word for word in element.get(name, "").split() if word not in page.ids]
            if missing:
                yield f"<{element.tag} {name}> speaks of ids that are not there: {missing}"


def _labels_every_control(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label") if text_of(label)}
    for control in page.all("input", "select", "textarea"):
        inside = any(it.tag == "label" and text_of(it) for it in page.above(control))
        if control.get("type") in UNHELD or inside or control.get("id") in labelled or control.get("aria-label"):
            continue
        yield f"<{control.tag} name={control.get('name')!r}> has no label"
    for item in page.all("button", "a", "summary"):
        if not words_of(item):
            yield f"<{item.tag} {item.attrib}> has no words"
    yield from _labels_every_group(page)


def _labels_every_group(page: Page) -> Iterator[str]:
    groups = Counter(control.get("name") for control in page.all("input") if control.get("type") in ("radio", "checkbox"))
    for control in page.all("input"):
        if control.get("type") not in ("radio", "checkbox") or groups[control.get("name")] < 2:
            continue
        legends = [it.find("legend") for it in page.above(control) if it.tag == "fieldset"]
        if not any(legend is not None and text_of(legend) for legend in legends):
            yield f"{control.get('type')} {control.get('name')!r} is in a group without a legend"


def _links_every_error(page: Page) -> Iterator[str]:
    messages = [it for it in page.all("p", "span") if "govuk-error-message" in it.get("class", "").split()]
    summaries = [it for it in page.all("div") if "govuk-error-summary" in it.get("class", "").split()]
    links = [link.get("href", "") for summary in summaries for link in summary.iter("a")]
    if messages and not summaries:
        yield "errors have no summary"
    for message in messages:
        described = [it for it in page.tree.iter() if message.get("id") in it.get("aria-describedby", "").split()]
        if not described:
            yield f"no control is described by the error {text_of(message)!r}"
        ids = {it.get("id") for near in described for it in near.iter() if it.get("id")}
        if described and not any(link.removeprefix("#") in ids for link in links):
            yield f"the summary has no link to the error {text_of(message)!r}"


def _keeps_script_and_style_out(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        inline = [name for name in element.attrib if name == "style" or name.startswith("on")]
        if inline:
            yield f"<{element.tag}> has {', '.join(inline)}"
    if page.all("style"):
        yield "a <style> element"
    for script in page.all("script"):
        if script.get("type") == "application/ld+json":
            json.loads(script.text or "")
        elif script.get("type") != "module" or not script.get("src") or (script.text or "").strip():
            yield f"a script that is neither data nor a module of its own: {script.attrib}"


def _links_lead_somewhere(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        name = {"form": "action", "link": "href", "a": "href", "use": "href", "script": "src", "img": "src"}.get(str(element.tag))
        link = element.get(name) if name else None
        if link is None:
            continue
        problem = _about_anchor(page, link) if link.startswith("#") else _about_link(page, element, link)
        if problem:
            yield f"<{element.tag} {name}={link[:120]!r}> {problem}"


def _about_anchor(page: Page, link: str) -> str:
    return "" if link.removeprefix("#") in page.ids else "leads to nothing on this page"


def _about_link(page: Page, element: Element, link: str) -> str:
    parts = urlsplit(link)
    if parts.scheme in OWN_KINDS:
        return "" if parts.path else "leads nowhere"
    if parts.netloc and parts.netloc not in OWN_HOSTS:
        return "" if element.tag == "a" and parts.scheme in ("http", "https") else "comes from another host"
    if parts.path.startswith("/static/") and (STATIC / parts.path.removeprefix("/static/")).is_file():
        return _about_file(parts.path.removeprefix("/static/"), parts.fragment)
    return _about_route(page.app, parts.path, element.get("method", "get") if element.tag == "form" else "get")


def _about_route(app: Flask, path: str, method: str) -> str:
    if not path.startswith("/"):
        return "is no address of this site"
    try:
        app.url_map.bind("localhost").match(unquote(path), method.upper())
    except RequestRedirect:
        return "leads there only by a redirect"
    except HTTPException as error:
        return f"matches no route for {method.upper()}: {error.name}"
    return ""


@cache
def _about_file(name: str, fragment: str) -> str:
    return "" if not fragment or f'id="{fragment}"' in (STATIC / name).read_text("utf-8") else "names an icon that is not in the sprite"


def _describes_or_hides_every_picture(page: Page) -> Iterator[str]:
    yield from (f"<img src={image.get('src')!r}> has no alt" for image in page.all("img") if image.get("alt") is None)
    for drawing in page.all("svg"):
        is_hidden = any(it.get("aria-hidden") == "true" for it in page.above(drawing))
        is_named = drawing.get("role") == "img" and (drawing.get("aria-label") or drawing.find("title") is not None)
        if not is_hidden and not is_named:
            yield f"an svg is neither hidden nor labelled: {drawing.attrib}"


def _escapes_what_was_typed(page: Page) -> Iterator[str]:
    body = page.response.get_data(as_text=True)
    yield from (
        f"typed text comes back unescaped: {value[:60]!r}" for value in page.typed if re.search("[<>&\"']", value) and value in body
    )


def _writes_numbers_left_to_right(page: Page) -> Iterator[str]:
    for link in page.all("a"):
        href = link.get("href", "")
        if not href.startswith("tel:"):
            continue
        numbers = ["".join(re.findall(r"[\d+]", text_of(it))) for it in link.iter("bdi") if it.get("dir") == "ltr"]
        if not any(number and number.startswith(href.removeprefix("tel:")) for number in numbers):
            yield f"the number of {href} is not in <bdi dir=ltr>: {text_of(link)!r}"


def _leaves_no_scaffolding(page: Page) -> Iterator[str]:
    hidden = {it for outer in page.all("script", "textarea") for it in outer.iter()}
    for element in page.tree.iter():
        texts = [] if element in hidden else [element.text or ""]
        for text in (*texts, element.tail or "", element.get("aria-label", "")):
            if (found := LEFTOVERS.search(text)) and not any(found.group() in value for value in page.typed):
                yield f"{found.group()!r} is left in the text {' '.join(text.split())[:60]!r}"


def _has_its_frame(page: Page) -> Iterator[str]:
    if page.app.extensions["languages"] and len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} elements main"
    viewport = next((it.get("content", "") for it in page.all("meta") if it.get("name") == "viewport"), "")
    if "width=device-width" not in viewport or "user-scalable" in viewport or "maximum-scale" in viewport:
        yield f"the viewport is {viewport!r}"
    shown = [it for it in page.all("a", "button", "input") if all(up.get("hidden") is None for up in page.above(it))]
    first = [it.get("href") for it in shown]
    wanted = [f"/{page.language}/exit", "#main"] if page.is_sensitive else ["#main"]
    if first[: len(wanted)] != wanted:
        yield f"the first things to reach should be {wanted}, the way out and the link that skips, and are {first[: len(wanted)]}"
    if not any(it.get("href") == f"/{page.language}/urgent" for it in page.all("a")):
        yield "no link to urgent help"


def _keeps_quiet_where_it_must(page: Page) -> Iterator[str]:
    if not page.is_sensitive:
        return
    for form in page.all("form"):
        typed = [it for it in form.iter() if it.tag in ("input", "select", "textarea") and it.get("type") not in UNHELD]
        kept = [it.get("autocomplete") for it in (form, *typed) if it.get("autocomplete") not in (None, "off")]
        if kept or (typed and form.get("autocomplete") != "off"):
            yield f"a form on a page that nobody should be seen reading lets the browser remember what is typed: {form.attrib} {kept}"
    robots = next((it.get("content", "") for it in page.all("meta") if it.get("name") == "robots"), "")
    if "no-store" in page.response.headers.get("Cache-Control", "") and robots != "noindex":
        yield "a sensitive page of somebody's own is open to search engines"


RULES: Final[tuple[Rule, ...]] = (
    _is_html5,
    _weighs_little,
    _has_one_heading_and_its_title,
    _tells_no_secret_in_its_title,
    _speaks_its_language,
    _gives_each_id_once,
    _labels_every_control,
    _links_every_error,
    _keeps_script_and_style_out,
    _links_lead_somewhere,
    _describes_or_hides_every_picture,
    _escapes_what_was_typed,
    _writes_numbers_left_to_right,
    _leaves_no_scaffolding,
    _has_its_frame,
    _keeps_quiet_where_it_must,
)
