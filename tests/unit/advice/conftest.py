"""A small council with its own pages: a pack, the project's content beside it, and what it takes to write pages into both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal.advice.page import SITE_SLUGS
from portal.config import Settings, from_environment
from portal.pack import Line, Pack

TAXONOMY = """
groups: [{id: money, label: "Money", icon: money}, {id: about, label: "Getting about", icon: walk}]
outcomes: []
audiences: []
access: []
needs: [{id: food, group: money, label: "food when money is short", outcomes: []}]
"""
MONEY = """
names: {limit: {label: The limit}, grant: {label: The grant}}
years:
  2026:
    limit: {amount: "£23,250", source: "https://www.gov.uk/limits", checked_on: 2026-11-01}
"""
ENGLISH = """+++
title = "{title}"
lead = "In short."
owner = "{{{{council}}}}"
reviewed_on = 2026-11-01
review_by = 2027-05-01
sources = [{{name = "Source", url = "https://www.gov.uk/source", checked_on = 2026-11-01}}]
{more}
+++
{body}
"""
TRANSLATION = """+++
title = "{title}"
lead = "Kısaca."
owner = "{{{{council}}}}"
reviewed_on = 2026-11-02
translates = "{translates}"
{more}
+++
{body}
"""

Writer = Callable[..., Path]


@pytest.fixture
def pack() -> Pack:
    """A council with everything but an e-mail address."""
    door = Line("front_door", "Care Line", "01632 960 001", "Weekdays", email="")
    return Pack(
        "Doorstep",
        "Town & Vale",
        "Vale",
        (),
        "#0b5c55",
        ("en", "tr"),
        {"front_door": door},
        "1 High St",
        "https://vale.example.org/",
        is_demo=True,
    )


@pytest.fixture
def settings(tmp_path: Path, write: Writer) -> Settings:
    """Settings of this council: `pack/` is its own, `project/` holds the taxonomy, amounts of money and the pages of the site."""
    (tmp_path / "project" / "taxonomy.yaml").write_text(TAXONOMY, "utf-8")
    (tmp_path / "project" / "money.yaml").write_text(MONEY, "utf-8")
    for slug in SITE_SLUGS:
        write(f"project/site/{slug}/en.md", title=slug.title())
    return replace(from_environment({}), content=tmp_path / "pack", base_content=tmp_path / "project")


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Writes a page: English unless it is given what it translates."""
    (tmp_path / "project").mkdir()

    def write_page(name: str, body: str = "Text.", title: str = "Title", more: str = "", translates: str = "") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        form = TRANSLATION if translates else ENGLISH
        more = f'who = "For you."\n{more}' if "/advice/" in name else more
        path.write_text(form.format(title=title, more=more, translates=translates, body=body), "utf-8")
        return path

    return write_page
