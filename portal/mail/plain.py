"""A letter as plain text: blocks in, text out. Addresses stand on lines of their own, so that every mail program finds their end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from portal.i18n.untranslated import without_signs
from portal.mail.blocks import Block, Code, Item, Items, Link


def to_text(blocks: Sequence[Block], site: str = "") -> str:
    """The letter, its blocks apart by an empty line, with the site's name at its foot."""
    parts = [*(_part(block) for block in blocks), site]
    return "\n\n".join(part for part in parts if part)


def plain(words: str) -> str:
    """Words as they are read: `Markup`, as `gettext` gives it, without its escapes, and no sign of a missing translation."""
    return without_signs(Markup(words).unescape() if hasattr(words, "__html__") else words)  # noqa: S704 - it says that it is markup


def _part(block: Block) -> str:
    match block:
        case Link(text, url):
            return f"{plain(text)}\n{url}"
        case Code(text):
            return f"    {text}"
        case Items(items):
            return "\n".join(line for item in items for line in _item(item))
        case _:
            return plain(block.text)


def _item(item: Item) -> Iterator[str]:
    yield f"- {plain(item.text)}"
    yield from (f"  {plain(line)}" for line in item.lines)
    if item.url:
        yield f"  {item.url}"
