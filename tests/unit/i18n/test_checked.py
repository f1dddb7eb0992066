"""What native speakers have checked: read whole or refused; until then a draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.errors import ContentError
from portal.i18n.checked import load_checked


def written(folder: Path, text: str) -> Path:
    (folder / "checked.toml").write_text(text, "utf-8")
    return folder


def test_everything_but_english_is_a_draft_until_somebody_checked_it(tmp_path: Path) -> None:
    assert load_checked(tmp_path).is_draft("tr", "messages"), "no file, nothing checked"
    checked = load_checked(written(tmp_path, '[tr.messages]\nby = "Çınar Elders"\non = 2027-01-31\n'))
    assert [checked.is_draft("tr", part) for part in ("messages", "urgent", "search")] == [False, True, True]
    assert checked.is_draft("ur", "messages")
    assert not checked.is_draft("en", "messages")
    assert checked.checks["tr", "messages"].by == "Çınar Elders"


@pytest.mark.parametrize(
    "text",
    [
        '[xx.messages]\nby = "A"\non = 2027-01-31',
        '[tr.moon]\nby = "A"\non = 2027-01-31',
        '[tr.messages]\nby = ""\non = 2027-01-31',
        '[tr.messages]\nby = "A"\non = "soon"',
        '[tr.messages]\nby = "A"',
        'tr = "all of it"',
        "broken",
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError, match=r"checked\.toml"):
        load_checked(written(tmp_path, text))
