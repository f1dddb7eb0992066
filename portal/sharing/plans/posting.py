"""A plan as an e-mail: a `Document` in; a message with the same plain text as the file, and the same words in HTML, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from portal.mail import Message
from portal.mail.letter import Block, Heading, Item, Items, Letter, Paragraph, Small
from portal.sharing.plans.document import Document, Section, Words, readable, to_text


def to_message(document: Document, to: str, brand: str) -> Message:
    """The e-mail to one address, in the language of the document."""
    letter = Letter(document.title, "", tuple(_blocks(document)), document.language, document.site, brand)
    return replace(letter.message(to), body=to_text(document))


def _blocks(document: Document) -> Iterator[Block]:
    own = document.language
    yield Heading(readable(document.title, own))
    yield Small(readable(document.made_on, own))
    yield from (Paragraph(readable(part, own)) for part in document.intro)
    for section in document.sections:
        yield Heading(readable(section.title, own))
        yield from [Paragraph(readable(section.intro, own))] if section.intro else []
        yield from [Items(tuple(_items(section, own)))] if section.entries else []
    yield from (Paragraph(readable(part, own)) for part in document.closing)


def _items(section: Section, own: str) -> Iterator[Item]:
    for entry in section.entries:
        first, *rest = [entry.title, *entry.lines] if entry.title else entry.lines
        yield Item(_said(first, own), lines=tuple(_said(words, own) for words in rest), language=first.language)


def _said(words: Words, own: str) -> str:
    return readable(words.text, own, words.language)
