"""The content pack: what a council changes without a programmer. A folder in, a frozen `Pack` out.

A file that the pack does not have is taken from the project's own `content/`, so that a pack may be as small as its
`pack.toml` and its localities.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from portal.config import Settings
from portal.errors import ContentError

LEAST_CONTRAST: Final = 7.0
EXIT_TO: Final = "https://www.bbc.co.uk/weather"
_E_MAIL: Final = re.compile(r"[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_ELSEWHERE: Final = re.compile(r"""https://[\w-]+(\.[\w-]+)+(/[^\s\\"'<>]*)?""", re.ASCII)


@dataclass(frozen=True)
class Line:
    """A telephone line of the council's own, in its words."""

    id: str
    name: str
    number: str
    hours: str
    email: str = ""
    url: str = ""
    cost: str = ""


@dataclass(frozen=True)
class Licence:
    """Under which terms others may use what this site opens: a name that people know, and the https:// address of its text."""

    name: str = "Open Government Licence v3.0"
    url: str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


@dataclass(frozen=True)
class Pack:
    """Who runs this site and how it presents itself. `lines` by id: `front_door` is always there.

    `exit_to` is the page elsewhere that "Exit this page" leads to. `as_of` is the day on which the pack's own listings were true, where
    they are an example and not to grow old. `licence` is that of the open data; `security` the e-mail or https:// address for whoever
    finds a hole in the site, where it is not the front door's.
    """

    site: str
    council: str
    borough: str
    borough_extents: tuple[str, ...]
    brand: str
    languages: tuple[str, ...]
    lines: Mapping[str, Line]
    address: str
    website: str
    is_demo: bool
    exit_to: str = EXIT_TO
    as_of: date | None = None
    licence: Licence = Licence()
    security: str = ""

    @property
    def front_door(self) -> Line:
        """The number that always answers."""
        return self.lines["front_door"]


def find_file(settings: Settings, name: str) -> Path:
    """The pack's file of this name, or the project's own. Raises `ContentError` when neither is there."""
    for folder in (settings.content, settings.base_content):
        if (folder / name).exists():
            return folder / name
    raise ContentError(f"{name} is neither in the pack {settings.content} nor in {settings.base_content}.")


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, read by libyaml (ten times as fast). Raises `ContentError` with the place of what is wrong."""
    try:
        return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: {error}") from error


def load_pack(settings: Settings) -> Pack:
    """Read `pack.toml`. Raises `ContentError`, naming the key, for what is missing or wrong."""
    path = find_file(settings, "pack.toml")
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        pack = _pack(raw)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}") from error
    except KeyError as error:
        raise ContentError(f"{path}: {error.args[0]!r} is missing.") from error
    except (TypeError, AttributeError) as error:
        raise ContentError(f"{path}: a key is missing, not known or not of its kind: {error}") from error
    _check(path, pack)
    return pack


def _pack(raw: dict[str, Any]) -> Pack:
    lines = {name: Line(id=name, **{key: str(value) for key, value in line.items()}) for name, line in raw["lines"].items()}
    return Pack(
        site=raw["site"],
        council=raw["council"],
        borough=raw["borough"],
        borough_extents=tuple(str(extent).casefold() for extent in raw.get("borough_extents", [raw["borough"]])),
        brand=str(raw["brand"]),
        languages=tuple(raw["languages"]),
        lines=lines,
        address=raw["address"],
        website=raw["website"],
        is_demo=bool(raw.get("demo", False)),
        exit_to=str(raw.get("exit_to", EXIT_TO)),
        as_of=raw.get("as_of"),
        licence=Licence(**raw.get("licence", {})),
        security=str(raw.get("security", "")),
    )


def _check(path: Path, pack: Pack) -> None:
    if "front_door" not in pack.lines:
        raise ContentError(f"{path}: [lines.front_door] is missing: every page needs a number that answers.")
    if "en" not in pack.languages:
        raise ContentError(f'{path}: languages must hold "en", which other languages fall back to.')
    if not _ELSEWHERE.fullmatch(pack.exit_to):
        raise ContentError(f"{path}: exit_to must be the https:// address of a page that anybody may be seen on, not {pack.exit_to!r}.")
    _check_open(path, pack)
    if pack.as_of is not None and (not isinstance(pack.as_of, date) or isinstance(pack.as_of, datetime)):
        raise ContentError(f"{path}: as_of must be a day like 2026-11-24, not {pack.as_of!r}.")
    contrast = contrast_with_white(pack.brand)
    if contrast < LEAST_CONTRAST:
        raise ContentError(
            f"{path}: brand {pack.brand} has a contrast of {contrast:.1f} with white and {LEAST_CONTRAST:.0f} is the least: "
            "choose a darker colour."
        )


def _check_open(path: Path, pack: Pack) -> None:
    if not pack.licence.name or not _ELSEWHERE.fullmatch(pack.licence.url):
        raise ContentError(f"{path}: [licence] must have a name, and a url that starts with https://, not {pack.licence.url!r}.")
    if pack.security and not (_ELSEWHERE.fullmatch(pack.security) or _E_MAIL.fullmatch(pack.security)):
        raise ContentError(f"{path}: security must be an e-mail address or start with https://, not {pack.security!r}.")


def contrast_with_white(colour: str) -> float:
    """WCAG 2.2 contrast ratio of `#rrggbb` with white (1 to 21). Raises `ContentError` for another spelling."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ContentError(f"brand must be written #rrggbb, not {colour!r}.")
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
