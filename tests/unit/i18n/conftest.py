"""Catalogues of the tests' own, as translators may send them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset={charset}\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Writer = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a catalogue with this body; answers the folder of all catalogues."""

    def written(body: str, language: str = "tr", plurals: str = "nplurals=2; plural=(n != 1);", charset: str = "utf-8") -> Path:
        path = tmp_path / language / "LC_MESSAGES" / "portal.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER.format(language=language, plurals=plurals, charset=charset) + body, "utf-8")
        return tmp_path

    return written
