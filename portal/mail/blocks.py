"""The pieces that letters are made of. Their words are plain text, or what `gettext` gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. Line breaks are kept."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Heading:
    """What the blocks after it are about."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Link:
    """Where to go next: a button with a verb, and its address written out for whoever cannot press it. Best one in a letter."""

    text: str
    url: str


@dataclass(frozen=True)
class Code:
    """Digits or letters to type somewhere, large. Say before it what it is."""

    text: str


@dataclass(frozen=True)
class Item:
    """One line of a list, with an address where it has one, and lines beneath."""

    text: str
    url: str = ""
    lines: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Small:
    """Small print: what is good to know, at the end."""

    text: str
    language: str = ""


Block = Paragraph | Heading | Link | Code | Items | Small
