"""Text of other people's systems becomes plain text that can be shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.openreferral.rows import Action
from portal.directory.openreferral.values.plain_text import LONGEST_PROSE, clean_line, clean_prose

TAG = re.compile(r"<[A-Za-z/!?]")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>Tea &amp; talk.</p><p>Every <b>Tuesday</b></p>", "Tea & talk.\n\nEvery Tuesday"),
        ("Bring:<ul><li>a cup</li><li>a friend</li></ul>", "Bring:\n- a cup\n- a friend"),
        ("One<br/>two<BR>three", "One\ntwo\nthree"),
        ("&lt;p&gt;Hidden twice&lt;/p&gt;", "Hidden twice"),
        ("&amp;lt;p&amp;gt;Hidden three times", "Hidden three times"),
        ("<script>alert(1)</script>Safe<style>p{}</style>", "Safe"),
        ('<a href="javascript:alert(1)">Call us</a>', "Call us"),
        ("<!-- a note -->Seen", "Seen"),
        ("Fish &#38; chips&nbsp;&pound;3", "Fish & chips £3"),
    ],
)
def test_markup_goes_and_words_stay(written: str, kept: str) -> None:
    found = clean_prose(written)
    assert found.value == kept
    assert [remark.action for remark in found.remarks] == [Action.MENDED]


@pytest.mark.parametrize("written", ["Under 5s < 5 years", "Q&A; tea & cake", "AT&T", "3 < 4 & 5 > 2", "Ages 5-11", "x & y;"])
def test_signs_that_are_no_markup_are_left_alone(written: str) -> None:
    assert clean_prose(written) == (written, ())


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("Womenâ€™s CafÃ©", "Women’s Café"),
        ("Â£5 â€“ all ages", "£5 – all ages"),
        ("donâ€\x99t", "don’t"),
        ("TÃ¼rkÃ§e", "Türkçe"),
    ],
)
def test_letters_garbled_in_copying_are_put_right(garbled: str, meant: str) -> None:
    assert clean_prose(garbled).value == meant


@pytest.mark.parametrize(
    "written", ["Café – naïve façade £5", "Türkçe konuşulur", "Ærø", "Straße", "À la carte", "میں اکیلا ہوں", "ÂNGELA", "20°C ±1"]
)
def test_foreign_letters_are_not_taken_for_garbled_ones(written: str) -> None:
    assert clean_prose(written) == (written, ())


def test_characters_that_cannot_be_seen_go_and_joiners_stay() -> None:
    found = clean_prose("a\x00b\u202ec\u2066d\ufeff\u200be\u00adf\ud800g")
    assert found.value == "abcdefg"
    assert found.remarks
    assert clean_prose("می‌خواهم \u200d").value == "می‌خواهم \u200d"


def test_paragraphs_stay_and_other_space_closes_up() -> None:
    assert clean_prose("  One\t two \r\n\r\n\r\n\r\n three \n four ").value == "One two\n\nthree\nfour"
    assert clean_line(" One \n two ").value == "One two"


@pytest.mark.parametrize("written", ["N/A", "null", " n/a ", "-", "NA", "undefined"])
def test_words_that_say_nothing_are_nothing(written: str) -> None:
    found = clean_prose(written)
    assert found.value is None
    assert found.remarks[0].action is Action.MENDED


def test_a_text_that_never_ends_is_cut_at_a_word() -> None:
    found = clean_prose("word " * 10_000)
    assert isinstance(found.value, str)
    assert len(found.value) <= LONGEST_PROSE
    assert found.value.endswith("word…")


@pytest.mark.parametrize("written", [{"a": 1}, None, [{}], object()])
def test_what_is_no_text_is_refused(written: object) -> None:
    found = clean_prose(written)
    assert found.value is None
    assert found.remarks[0].action is Action.REFUSED


_SHARDS = st.sampled_from(
    [
        "<",
        ">",
        "&",
        "lt;",
        "&amp;",
        "&#60;",
        "<p",
        "script",
        "/",
        "!--",
        "p>",
        " ",
        "a",
        "é",
        "\0",
        "&lt",
        "&LT;",
        "&#x3c;b&gt;",
        "\u202e",
        "\n",
    ]
)


@given(st.one_of(st.text(), st.lists(_SHARDS, max_size=30).map("".join)))
def test_no_text_comes_out_with_markup_or_hidden_characters(written: str) -> None:
    value = clean_prose(written).value
    if isinstance(value, str):
        assert not TAG.search(value)
        assert not re.search("[\0\u202a-\u202e\u2066-\u2069\ud800-\udfff]", value)
        assert value == value.strip()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_clean_text_stays_as_it_is(written: str) -> None:
    once = clean_prose(written).value
    if isinstance(once, str) and not re.search("[<&]", once) and once.isascii():
        assert clean_prose(once).value in (once, None)
