"""What the build made: names, weight, icons and the contrast of the colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from portal.errors import ConfigError, NotFound
from portal.ui.assets import STATIC, Assets, load_assets

PORTAL = STATIC.parents[1]
FRONTEND = PORTAL / "ui" / "frontend"
DRAWN = {path.stem for path in (FRONTEND / "icons").glob("*.svg")}
TOKENS = dict(re.findall(r"^\$([\w-]+): (#[0-9a-f]{6});", (FRONTEND / "scss" / "_tokens.scss").read_text("utf-8"), re.MULTILINE))
BUDGETS = {"app.css": 8192, "app.rtl.css": 8192, "app.js": 3072, "keep.js": 1536, "worker.js": 1536, "icons.svg": 4096}


def test_an_asset_has_an_address_below_the_prefix() -> None:
    assert Assets({"app.css": "app-1a.css"}, "/files/").url("app.css") == "/files/app-1a.css"


def test_a_name_that_was_not_built_is_refused() -> None:
    with pytest.raises(NotFound, match=r"app\.css"):
        Assets({"app.css": "app-1a.css"}).url("app.scss")


def test_a_missing_build_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="make assets"):
        load_assets(tmp_path)


def test_the_style_takes_the_colours_of_a_council_under_a_name_of_its_own() -> None:
    built, colours = load_assets(), ":root{--brand:#5b0c55;--brand-dark:#3f083b;--brand-pale:#f0e3ef}"
    coloured = built.in_colours(colours)
    for name in ("app.css", "app.rtl.css"):
        assert coloured.text(name).count("--brand:") == 1
        assert coloured.text(name).replace(colours, "") == re.sub(r":root\{--brand[^}]*\}", "", built.text(name))
        assert coloured.url(name) not in {built.url(name), built.in_colours(colours.replace("5b", "5c")).url(name)}
        assert coloured.url(name) == built.in_colours(colours).url(name)
    assert coloured.url("app.js") == built.url("app.js")


@pytest.mark.parametrize(("name", "most"), BUDGETS.items())
def test_each_asset_keeps_its_budget_compressed(name: str, most: int) -> None:
    compressed = STATIC / f"{load_assets().names[name]}.br"
    assert 0 < compressed.stat().st_size <= most


@pytest.mark.parametrize("ending", ["", ".br", ".gz"])
def test_every_text_asset_stands_beside_its_compressed_twins(ending: str) -> None:
    names = load_assets().names.values()
    assert [name for name in names if not name.endswith(".png") and not (STATIC / f"{name}{ending}").exists()] == []


def test_styles_name_no_other_host_and_no_government_typeface() -> None:
    for name in ("app.css", "app.rtl.css"):
        css = (STATIC / load_assets().names[name]).read_text("utf-8")
        assert not re.search(r"https?:|//[a-z]|url\(|GDS Transport|@font-face", css)


def test_no_style_asks_how_a_phone_is_held() -> None:
    """So none can lock a page to one way of holding it: axe need not read the style sheets for that on every page."""
    for path in STATIC.glob("*.css"):
        assert "orientation" not in path.read_text("utf-8"), path.name


def test_each_direction_has_its_own_style() -> None:
    left, right = ((STATIC / load_assets().names[name]).read_text("utf-8") for name in ("app.css", "app.rtl.css"))
    assert ".govuk-form-group--error{padding-left:15px" in left
    assert ".govuk-form-group--error{padding-right:15px" in right
    assert re.search(r"\.bar-of[^{}]*\{transform:scaleX\(-1\)", right), "a bar begins where reading does"


def test_every_icon_that_a_template_names_is_drawn() -> None:
    named = {
        name
        for template in PORTAL.glob("*/templates/**/*.html")
        for name in re.findall(r"\bicon\(['\"]([a-z-]+)['\"]\)", template.read_text("utf-8"))
    }
    assert "phone" in named
    assert named <= DRAWN


def test_every_icon_that_the_content_names_is_drawn() -> None:
    taxonomy = yaml.safe_load((PORTAL.parent / "content" / "taxonomy.yaml").read_text("utf-8"))
    assert {group["icon"] for group in taxonomy["groups"]} <= DRAWN


@pytest.mark.parametrize("path", sorted((FRONTEND / "icons").glob("*.svg")), ids=lambda path: path.stem)
def test_icons_are_line_drawings_of_one_size_and_take_the_colour_of_the_text(path: Path) -> None:
    drawing = path.read_text("utf-8")
    assert 'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"' in drawing
    assert "<style" not in drawing


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 7),
        ("ink", "focus", 7),
        ("ink", "mist", 7),
        ("quiet", "paper", 7),
        ("quiet", "mist", 7),
        ("brand", "paper", 7),
        ("brand-dark", "brand-pale", 7),
        ("ink", "brand-pale", 7),
        ("urgent", "paper", 7),
        ("ink", "urgent-pale", 7),
        ("urgent", "urgent-pale", 4.5),
        ("good", "good-pale", 4.5),
        ("care", "care-pale", 7),
        ("line", "paper", 4.5),
    ],
)
def test_colours_can_be_told_from_their_ground(text: str, ground: str, least: float) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= least


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two `#rrggbb` colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
