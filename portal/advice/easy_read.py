"""Easy Read versions of pages, in English: a YAML file each in, short lines with a picture beside each out, ready to show.

A line is one or two short sentences; `**bold**` marks a hard word that the next sentence explains. Placeholders and links are
those of `rendering`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from portal.advice.page import SITE_SLUGS
from portal.advice.rendering import fill_text, render
from portal.errors import ContentError, NotFound
from portal.i18n.languages import SOURCE
from portal.pack import read_yaml

FOLDER: Final = "easy-read"
URGENT: Final = "urgent"


@dataclass(frozen=True)
class Line:
    """A picture of the sprite `pictures.svg`, and what is said beside it: safe HTML whose inner links are still names."""

    picture: str
    text: Markup


@dataclass(frozen=True)
class Part:
    """Lines under a heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class EasyRead:
    """The Easy Read of the page `slug`: an advice page, a page about the site, or urgent help."""

    slug: str
    title: str
    parts: tuple[Part, ...]

    @property
    def endpoint(self) -> str:
        """Where the whole page is, for `url_for`."""
        if self.slug == URGENT:
            return "urgent.urgent"
        return f"advice.{self.slug.replace('-', '_')}" if self.slug in SITE_SLUGS else "advice.page"


def load_easy_reads(folders: tuple[Path, ...], values: Mapping[str, str]) -> Mapping[str, EasyRead]:
    """Every `easy-read/*.yaml` of the folders by slug; a later folder's file wins. Raises `ContentError`, naming the file."""
    paths = {path.stem: path for folder in folders for path in sorted((folder / FOLDER).glob("*.yaml"))}
    return {slug: _read(slug, path, values) for slug, path in paths.items()}


def get_easy_read(all_of_them: Mapping[str, EasyRead], slug: str) -> EasyRead:
    """The Easy Read of a page. Raises `NotFound`."""
    if slug not in all_of_them:
        raise NotFound(f"no Easy Read of {slug!r}")
    return all_of_them[slug]


def _read(slug: str, path: Path, values: Mapping[str, str]) -> EasyRead:
    raw = read_yaml(path)
    try:
        parts = tuple(Part(fill_text(part["heading"], values), tuple(_lines(part, values))) for part in raw["parts"])
        return EasyRead(slug, fill_text(raw["title"], values), parts)
    except (KeyError, TypeError) as error:
        raise ContentError(f"{path}: needs title and parts; a part needs heading and lines; a line picture and text ({error}).") from error
    except ContentError as error:
        raise ContentError(f"{path}: {error}") from error


def _lines(part: dict[str, Any], values: Mapping[str, str]) -> list[Line]:
    lines = [Line(line["picture"], render(line["text"], values, SOURCE)) for line in part["lines"]]
    return [line for line in lines if line.text.strip()]  # empty where a placeholder has nothing to fill it
