"""Takes the words of content files to translators: a YAML file in, its labels and sentences out, for Babel's extraction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

import yaml

TRANSLATED: Final = frozenset({"label", "title", "call_if", "steps", "hours", "cost", "for", "other_ways", "name", "why", "short"})

Message = tuple[int, str, str, list[str]]


def content(file: IO[bytes], _keywords: object, _comment_tags: object, _options: object) -> Iterator[Message]:
    """Every text below a key of `TRANSLATED`, as (line, function, message, comments). Files of rules have none."""
    node = yaml.compose(file.read().decode("utf-8"))
    seen: set[str] = set()
    for line, text in _texts(node, wanted=False):
        if text not in seen and any(letter.isalpha() for letter in text):
            seen.add(text)
            yield line, "gettext", text, []


def _texts(node: Any, *, wanted: bool) -> Iterable[tuple[int, str]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _texts(value, wanted=key.value in TRANSLATED and not _is_ids(key.value, value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _texts(item, wanted=wanted)
    elif isinstance(node, yaml.ScalarNode) and wanted and node.tag.endswith(":str"):
        yield node.start_mark.line + 1, node.value


def _is_ids(key: str, value: Any) -> bool:
    """`for` holds ids where it is a list (outcomes) and words where it is a sentence (contacts)."""
    return key == "for" and isinstance(value, yaml.SequenceNode)
