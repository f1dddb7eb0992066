"""Markdown as authors write it in, safe HTML out: no HTML of their own, no pictures, and links only to where links may lead.

Four things are ours. `{{council}}` and its kin are filled from the pack, `{{money.…}}` from the table of amounts; a line whose
placeholder has nothing to fill it is left out. Telephone numbers and money are isolated, so that they read left to right in
every language. Words in another language are written `[Contains OS data](lang:en)` and marked as such. Links within the site
are written as names (`page:staying-steady`, `site:contact`, `need:food`, `advice:`, `urgent:`, `home:`) that `resolve_links`
turns into addresses when the page is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markupsafe import Markup, escape

from portal.errors import ContentError
from portal.i18n.languages import SOURCE, direction
from portal.ui.filters import dialable

_PLACEHOLDER: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_ISOLATED: Final = re.compile(r"(£\d[\d,]*(?:\.\d\d)?|\d+(?: \d+)+)")
_NAMED: Final = r"(?:page|site|need|lang):[a-z0-9-]+$|(?:urgent|home|advice):$"
_NUMBER: Final = re.compile(r"[+\d][\d ]*")
_ALLOWED: Final = re.compile(rf"https?://[^/]|tel:\+?\d+$|#|/(?!/)|{_NAMED}")
_INNER: Final = re.compile(r'href="(page|site|need|urgent|home|advice):([a-z0-9-]*)"')


@dataclass(frozen=True)
class InnerLink:
    """A link within the site by name: `kind` is page, site or need with a `name`, or advice, urgent or home without."""

    kind: str
    name: str


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """A title or a lead with its placeholders filled, as plain text. Raises `ContentError` for one that is not known."""
    _check_placeholders(text, values)
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def render(markdown: str, values: Mapping[str, str], language: str) -> Markup:
    """The body of a page. `values` has every placeholder, empty where this council or this year has nothing for it.

    Raises `ContentError` for a placeholder that is not known and for a heading of the first rank.
    """
    _check_placeholders(markdown, values)
    kept = "\n".join(line for line in markdown.splitlines() if all(values[name] for name in _PLACEHOLDER.findall(line)))
    env = {"fills": {name: _fill(name, value, language) for name, value in values.items() if value}}
    tokens = _MARKDOWN.parse(kept, env)
    if any(token.type == "heading_open" and token.tag == "h1" for token in tokens):
        raise ContentError("a heading with one # is the page's title, which the front matter holds: use ## and below.")
    _mark_links(tokens)
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env))  # noqa: S704 - rendered with HTML off


def list_inner_links(body: Markup) -> tuple[InnerLink, ...]:
    """The links within the site, in order."""
    return tuple(InnerLink(kind, name) for kind, name in _INNER.findall(body))


def resolve_links(body: Markup, address: Callable[[InnerLink], str]) -> Markup:
    """`body` with every link within the site given its `address`. Quotes in text are escaped, so only links can match."""
    filled = _INNER.sub(lambda found: f'href="{escape(address(InnerLink(found[1], found[2])))}"', body)
    return Markup(filled)  # noqa: S704 - was Markup, and addresses are escaped


def _check_placeholders(text: str, values: Mapping[str, str]) -> None:
    if unknown := sorted(set(_PLACEHOLDER.findall(text)) - values.keys()):
        raise ContentError(f"{{{{{unknown[0]}}}}} is not a placeholder: there are {', '.join(values)}.")


def _fill(name: str, value: str, language: str) -> Markup:
    if name == "front_door_number":
        return Markup('<a href="tel:{}"><bdi dir="ltr">{}</bdi></a>').format(dialable(value), value)
    if name == "email":
        return Markup('<a href="mailto:{}"><bdi dir="ltr">{}</bdi></a>').format(value, value)
    if name == "website":
        return Markup('<a href="{}"><bdi dir="ltr">{}</bdi></a>').format(value, value.split("://", 1)[-1].rstrip("/"))
    if name.startswith("money."):
        return Markup('<bdi dir="ltr">{}</bdi>').format(value)
    if language == SOURCE:
        return escape(value)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(value)


def _mark_links(tokens: Sequence[Token]) -> None:
    """Turn links to `lang:…` into spans, and isolate what is dialled. Links do not nest, so the next end is the one that belongs."""
    marking = dialling = False
    for token in (child for parent in tokens for child in parent.children or ()):
        href = str(token.attrs.get("href", ""))
        if token.type == "link_open":
            dialling = href.startswith("tel:")
        elif token.type == "text" and dialling and _NUMBER.fullmatch(token.content):
            token.meta["is_number"] = True
        if token.type == "link_open" and href.startswith("lang:"):
            marking = True
            token.tag, code = "span", href.removeprefix("lang:")
            token.attrs = {"lang": code, "dir": direction(code)}
        elif token.type == "link_close" and marking:
            marking = False
            token.tag = "span"
        if token.type == "link_close":
            dialling = False


def _show_text(_renderer: RendererProtocol, tokens: Sequence[Token], at: int, _options: Any, env: MutableMapping[str, Any]) -> str:
    if tokens[at].meta.get("is_number"):
        return f'<bdi dir="ltr">{escape(tokens[at].content)}</bdi>'
    pieces = _PLACEHOLDER.split(tokens[at].content)  # text, name, text, name, … text
    return "".join(str(env["fills"][piece]) if odd % 2 else _isolate(piece) for odd, piece in enumerate(pieces))


def _isolate(text: str) -> str:
    pieces = _ISOLATED.split(text)
    return "".join(f'<bdi dir="ltr">{escape(piece)}</bdi>' if odd % 2 else str(escape(piece)) for odd, piece in enumerate(pieces))


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.disable(["image", "code"])
    markdown.validateLink = lambda url: bool(_ALLOWED.match(url))  # type: ignore[method-assign]  # the library's own way to say which links pass
    markdown.add_render_rule("text", _show_text)
    return markdown


_MARKDOWN: Final = _markdown()
