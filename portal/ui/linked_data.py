"""JSON-LD as schema.org has it: the nodes of a graph in, the text for a `<script type="application/ld+json">` out.

Nothing empty is written: who makes nodes leaves out what is not known by giving it as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from markupsafe import Markup

CONTEXT: Final = "https://schema.org"
Node = dict[str, Any]
_UNSAFE: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def graph(nodes: Iterable[Node]) -> Markup:
    """The nodes as one graph, safe inside a page."""
    text = json.dumps({"@context": CONTEXT, "@graph": [filled(node) for node in nodes]}, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))  # noqa: S704 - no "<", ">" or "&" is left in it


def filled(node: Node) -> Node:
    """The node without what is empty; empty itself if nothing but its type is left."""
    kept = {key: value for key, value in node.items() if value not in (None, "", [], {})}
    return kept if set(kept) - {"@type"} else {}


def web_page(address: str, name: str, language: str, about: str) -> Node:
    """The page at `address`, in `language` (a code), on the node with the id `about`."""
    return {"@type": "WebPage", "@id": address, "name": name, "inLanguage": language, "mainEntity": {"@id": about}}
