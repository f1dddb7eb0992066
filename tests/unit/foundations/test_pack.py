"""The content pack: what is missing or wrong is named; what it does not bring is the project's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.config import Settings, from_environment
from portal.errors import ContentError
from portal.pack import EXIT_TO, LEAST_CONTRAST, contrast_with_white, find_file, load_pack, read_yaml

PACK = """
site = "Doorstep Testing"
council = "Testing Council"
borough = "Testing"
brand = "#0b5c55"
languages = ["en", "tr"]
address = "1 Mill Street"
website = "https://testing.example.org"

[lines.front_door]
name = "Front door"
number = "01632 960 001"
hours = "Day and night"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Settings:
    (tmp_path / "pack").mkdir()
    (tmp_path / "base").mkdir()
    return replace(from_environment({}), content=tmp_path / "pack", base_content=tmp_path / "base")


def written(settings: Settings, text: str) -> Settings:
    (settings.content / "pack.toml").write_text(text, "utf-8")
    return settings


def test_a_whole_pack_is_read(folder: Settings) -> None:
    pack = load_pack(written(folder, PACK))
    assert (pack.site, pack.languages, pack.is_demo) == ("Doorstep Testing", ("en", "tr"), False)
    assert pack.borough_extents == ("testing",), "by default the borough's own name"
    assert (pack.front_door.id, pack.front_door.number, pack.front_door.email) == ("front_door", "01632 960 001", "")


def test_a_pack_may_say_where_exit_this_page_leads(folder: Settings) -> None:
    assert load_pack(written(folder, PACK)).exit_to == EXIT_TO
    elsewhere = "https://news.example.org/today?from=a"
    assert load_pack(written(folder, f'exit_to = "{elsewhere}"\n{PACK}')).exit_to == elsewhere


@pytest.mark.parametrize("key", ["site", "council", "borough", "brand", "languages", "address", "website"])
def test_a_missing_key_is_named(folder: Settings, key: str) -> None:
    lines = [line for line in PACK.splitlines() if not line.startswith(f"{key} ")]
    with pytest.raises(ContentError, match=rf"pack\.toml: '{key}' is missing"):
        load_pack(written(folder, "\n".join(lines)))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[lines.front_door]", "[lines.other]", "front_door"),
        ('number = "01632 960 001"', "", "number"),
        ('hours = "Day and night"', 'hours = "x"\nfax = "1"', "fax"),
        ('["en", "tr"]', '["tr"]', '"en"'),
        ('["en", "tr"]', '"english"', '"en"'),
        ('["en", "tr"]', "5", "kind"),
        ('site = "', 'site = ""', "pack.toml"),
        ("[lines.front_door]", "lines = 5\n[other]", "kind"),
        ('"#0b5c55"', '"0b5c55"', "#rrggbb"),
        ('"#0b5c55"', '"#0b5"', "#rrggbb"),
        ('"#0b5c55"', '"teal; } body { display: none"', "#rrggbb"),
        ('"#0b5c55"', "5", "#rrggbb"),
        ("[lines.front_door]", 'exit_to = "http://www.bbc.co.uk/weather"\n[lines.front_door]', "exit_to"),
        ("[lines.front_door]", 'exit_to = "javascript:alert(1)"\n[lines.front_door]', "exit_to"),
        ("[lines.front_door]", 'exit_to = "https://a.example/\'x"\n[lines.front_door]', "exit_to"),
        ("[lines.front_door]", 'exit_to = "https://example"\n[lines.front_door]', "exit_to"),
        ('"#0b5c55"', '"#767676"', "darker"),
        ('"#0b5c55"', '"#ffffff"', "1.0 with white"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(folder: Settings, before: str, after: str, words: str) -> None:
    assert before in PACK
    with pytest.raises(ContentError) as refused:
        load_pack(written(folder, PACK.replace(before, after)))
    assert words in str(refused.value)


def test_a_file_in_another_encoding_is_refused(folder: Settings) -> None:
    (folder.content / "pack.toml").write_bytes(PACK.replace("Testing Council", "Caf\xe9").encode("latin-1"))
    with pytest.raises(ContentError, match=r"pack\.toml"):
        load_pack(folder)


def test_the_pack_comes_before_the_project_and_either_will_do(folder: Settings) -> None:
    (folder.base_content / "urgent.yaml").write_text("theirs", "utf-8")
    assert find_file(folder, "urgent.yaml") == folder.base_content / "urgent.yaml"
    (folder.content / "urgent.yaml").write_text("ours", "utf-8")
    assert find_file(folder, "urgent.yaml") == folder.content / "urgent.yaml"
    with pytest.raises(ContentError, match="localities"):
        find_file(folder, "localities")


@pytest.mark.parametrize("text", ["a: [", "a: !!python/object/apply:os.system ['true']", "\x00"])
def test_broken_or_unsafe_yaml_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "some.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"some\.yaml"):
        read_yaml(tmp_path / "some.yaml")
    with pytest.raises(ContentError, match=r"none\.yaml"):
        read_yaml(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54), ("#595959", 7.0), ("#0000FF", 8.59), ("#ff0000", 4.0), ("#008000", 5.14)],
)
def test_contrast_is_as_the_guidelines_measure_it(colour: str, ratio: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(ratio, abs=0.01)


@settings(deadline=None)
@given(red=st.integers(0, 255), green=st.integers(0, 255), blue=st.integers(0, 255), more=st.integers(1, 60))
def test_a_darker_colour_has_more_contrast(red: int, green: int, blue: int, more: int) -> None:
    def spelt(*channels: int) -> str:
        return "#" + "".join(f"{max(0, channel):02x}" for channel in channels)

    lighter, darker = contrast_with_white(spelt(red, green, blue)), contrast_with_white(spelt(red - more, green - more, blue - more))
    assert 1 <= lighter <= darker <= 21.001


def test_the_demo_pack_has_contrast_to_spare() -> None:
    assert contrast_with_white(load_pack(from_environment({})).brand) > LEAST_CONTRAST


def test_open_data_have_a_licence_and_holes_an_address(folder: Settings) -> None:
    assert load_pack(written(folder, PACK)).licence.name == "Open Government Licence v3.0"
    theirs = '[licence]\nname = "CC BY 4.0"\nurl = "https://creativecommons.org/licenses/by/4.0/"\n'
    pack = load_pack(written(folder, f'security = "holes@example.org"\n{PACK}{theirs}'))
    assert (pack.licence.name, pack.security) == ("CC BY 4.0", "holes@example.org")
    with pytest.raises(ContentError, match=r"\[licence\]"):
        load_pack(written(folder, f'{PACK}[licence]\nname = "Ours"\nurl = "javascript:x"\n'))
    with pytest.raises(ContentError, match="security"):
        load_pack(written(folder, f'security = "ask anybody"\n{PACK}'))
