"""Which language a script speaks for: plainly, or not at all."""

from __future__ import annotations

import pytest

from portal.i18n.scripts import written_in


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("আমার মা পড়ে যান", ("bn",)),
        ("ਮੇਰੀ ਮਾਂ ਡਿੱਗ ਪਈ", ("pa",)),
        ("میری ماں گر گئی ہے", ("ur",)),
        ("أمي وقعت على الأرض", ("ar",)),
        ("مدد", ("ur", "ar")),
        ("my mum keeps falling", ()),
        ("upadła mi mama", ()),
        ("kendimi yalnız hissediyorum", ()),
        ("GP کا", ()),
        ("", ()),
        ("12345 !?", ()),
    ],
)
def test_a_script_speaks_for_its_languages(text: str, codes: tuple[str, ...]) -> None:
    assert written_in(text) == codes
