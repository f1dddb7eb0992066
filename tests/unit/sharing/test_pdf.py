"""A plan as PDF: every script is in it, nothing typed is obeyed, and the same plan is the same file."""

from __future__ import annotations

import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from portal.errors import ConfigError
from portal.sharing.plans import pdf
from portal.sharing.plans.document import Document, Entry, Section, Words
from portal.sharing.plans.pdf import to_pdf

STEPS = {
    "en": ("Your next steps", "Move loose rugs out of the way."),
    "ar": ("خطواتك التالية", "أبعد السجاد غير المثبت عن الطريق."),
    "bn": ("আপনার পরবর্তী পদক্ষেপ", "আলগা পাপোশ পথ থেকে সরিয়ে রাখুন।"),
    "pa": ("ਤੁਹਾਡੇ ਅਗਲੇ ਕਦਮ", "ਢਿੱਲੇ ਗਲੀਚੇ ਰਾਹ ਵਿੱਚੋਂ ਹਟਾਓ।"),
    "pl": ("Twoje następne kroki", "Usuń luźne dywaniki z drogi, żeby się nie potknąć."),
    "tr": ("Sonraki adımlarınız", "Kaygan halıları yoldan çekin, düşmeyin."),
    "ur": ("آپ کے اگلے قدم", "ڈھیلے قالین راستے سے ہٹا دیں۔"),
}
HOSTILE = (
    '#panic("x")',
    "$x^2$ @ref <label>",
    "*bold* _it_ `raw`",
    "= Head",
    '"]);#read("/etc/passwd")',
    "W" * 1_500,
    "a\x07b\u202ec\ufdd0d",
)


def plan(language: str = "en", services: int = 3) -> Document:
    title, step = STEPS[language]
    lines = (Words(step), Words("Strength and balance classes.", "en"), Words("01632 960012"))
    service = Entry(Words("Calderwick Steady Steps", "en"), lines)
    return Document(
        title=title,
        language=language,
        site="Doorstep Calderwick",
        made_on="24.11.2026",
        intro=(step,),
        sections=(
            Section(title, step, (Entry(Words("Samaritans: 116 123", "en"), (Words(step),)),), is_urgent=True),
            Section(title, entries=(Entry(Words(step), (), is_tick=True),)),
            Section(title, entries=(service,) * services),
        ),
        closing=(step,),
    )


def inflated(file: bytes) -> bytes:
    """Every stream of a PDF that can be inflated, one after another."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file, re.DOTALL)
    return b"\n".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"\x78")


def letters(file: bytes) -> set[str]:
    """Every letter that somebody can copy out of a PDF: what its fonts say that their glyphs stand for, and spelt-out text."""
    streams = inflated(file)
    spelt = re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]+)>", streams) + re.findall(rb"/ActualText ?<FEFF([0-9A-F]+)>", streams)
    return set("".join(bytes.fromhex(text.decode()).decode("utf-16-be") for text in spelt))


def languages(file: bytes) -> set[str]:
    return {code.decode() for code in re.findall(rb"/Lang ?\((\w+)\)", file + inflated(file))}


def sizes(file: bytes) -> set[float]:
    return {float(size) for size in re.findall(rb"/f\d+ ([\d.]+) Tf", inflated(file))}


@pytest.mark.parametrize("language", STEPS)
def test_every_letter_of_a_plan_can_be_copied_out_of_it(language: str) -> None:
    said = "".join(STEPS[language]) + "Calderwick Steady Steps" + "01632 960012"
    assert set(said) - letters(to_pdf(plan(language))) - {" "} == set()


@pytest.mark.parametrize("language", STEPS)
def test_a_plan_is_tagged_and_says_its_language_title_and_site(language: str) -> None:
    file = to_pdf(plan(language))
    assert b"/StructTreeRoot" in file
    assert b"/Marked true" in file
    assert f"/Lang({language})/StructTreeRoot".encode() in file
    assert b"/DisplayDocTitle true" in file
    assert re.search(rb"/Title ?[(<]", file)
    assert b"/Author(Doorstep Calderwick)" in file
    assert b"<pdfuaid:part>1<" in file
    assert (b"/Direction/R2L" in file) == (language in {"ar", "ur"})


def test_words_of_another_language_are_marked_as_such() -> None:
    assert languages(to_pdf(plan("ur"))) == {"ur", "en"}
    urdu = Entry(Words("Steady Steps"), (Words(STEPS["ur"][1], "ur"),))
    assert languages(to_pdf(replace(plan(), sections=(Section("Steps", entries=(urdu,)),)))) == {"en", "ur"}


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_typed_is_shown_and_never_obeyed(text: str, language: str) -> None:
    entry = Entry(Words(text), (Words(text, "en"), Words(text, "ur")), is_tick=True)
    file = to_pdf(Document(text, language, text, text, (text,), (Section(text, text, (entry,), is_urgent=True),), (text,)))
    assert {letter for letter in text if letter.isprintable()} - letters(file) - {" "} == set()
    assert b"root:" not in inflated(file)


def test_a_telephone_number_is_not_broken_over_two_lines() -> None:
    assert "\u00a0" in letters(to_pdf(replace(plan(), intro=("Phone 01632 960001.",))))
    assert "\u00a0" not in letters(to_pdf(Document("Plan", "en", "Doorstep", "24 November 2026", ("From 9 to 5 on 3 days.",), ())))


def test_a_section_is_found_in_the_outline_under_what_was_typed() -> None:
    assert b"/Title(= Head #x $y)" in to_pdf(replace(plan(), sections=(Section("= Head #x $y"),)))


def test_a_letter_that_no_font_has_costs_the_claim_and_not_the_plan() -> None:
    file = to_pdf(replace(plan(), intro=("华 👩",)))
    assert b"/StructTreeRoot" in file
    assert b"pdfuaid" not in file


def test_a_language_with_its_script_or_region_is_taken_for_the_language() -> None:
    chinese = Entry(Words("Hua Ren", "zh-Hant"), ())
    assert "zh" in languages(to_pdf(replace(plan(), sections=(Section("Services", entries=(chinese,)),))))


@pytest.mark.parametrize("language", STEPS)
def test_the_same_plan_is_the_same_file_and_tells_no_time(language: str) -> None:
    file = to_pdf(plan(language))
    assert to_pdf(plan("en", services=1)) != file
    assert to_pdf(plan(language)) == file
    assert b"CreationDate" not in file
    assert b"CreateDate" not in file


@pytest.mark.parametrize("language", ["en", "ur"])
def test_large_print_is_set_in_18_point_and_more(language: str) -> None:
    small, large = sizes(to_pdf(plan(language))), sizes(to_pdf(plan(language), is_large=True))
    assert sorted(small)[1] >= 11  # the smallest is the foot of the page
    assert sorted(large)[1] >= 18
    assert min(large) > 14
    assert max(large) > 1.6 * max(small)


@pytest.mark.parametrize("language", STEPS)
def test_a_plan_of_forty_services_stays_below_300_kilobytes(language: str) -> None:
    assert len(to_pdf(plan(language, services=40))) < 300_000


def test_plans_that_are_made_at_once_do_not_mix() -> None:
    alone = {language: to_pdf(plan(language)) for language in STEPS}
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda language: to_pdf(plan(language)), [*STEPS] * 4))
    assert together == [*alone.values()] * 4


def test_without_fonts_it_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FONTS", tmp_path / "fonts")
    with pytest.raises(ConfigError, match="make assets"):
        to_pdf(plan())
