"""Words that would run, lead away or break a page where they are not kept words, and a look at a page for what came of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import html5lib

HOSTILE: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>alert(1)",
    "javascript:alert(1)//",
    "<a href=javascript:alert(1)>press</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7*7 }}${7*7}<%= 7*7 %>",
    "%(name)s %s {0}",
    "\u202e<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>*{display:none}</style><base href=//evil.example>",
    '<form action=//evil.example><input name=q autofocus onfocus="alert(1)">',
)
EVENTS: Final = re.compile(r"^on[a-z]+$")
OURS: Final = {"module", "application/ld+json"}


def injected(body: str) -> Iterator[str]:
    """What in a page could run, or lead away, that the site did not put there."""
    document = html5lib.parse(body, namespaceHTMLElements=False)
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and (element.get("type") not in OURS or "alert" in (element.get("src") or "")):
            yield f"a script of type {element.get('type')}"
        if element.tag in ("iframe", "base", "object", "embed") or (element.tag == "img" and element.get("src") == "x"):
            yield element.tag
        yield from (f"{element.tag} {name}" for name in element.attrib if EVENTS.match(name))
        for name in ("href", "src", "action", "formaction"):
            if re.match(r"\s*(javascript|data|//evil)", element.get(name) or "", re.IGNORECASE):
                yield f"{element.tag} {name}={element.get(name)}"
