"""What translators send is checked before it is compiled; what is unsafe never is, and English stands in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from portal.config import CHECKOUT
from portal.errors import ContentError
from portal.i18n import catalogues
from portal.i18n.catalogues import compile_all, count_whole, extract, problems, read_catalogue, update
from portal.i18n.languages import LANGUAGES, choose, direction

GOOD = """
msgid "Urgent help"
msgstr "Acil yardım"

msgid "%(num)s place"
msgid_plural "%(num)s places"
msgstr[0] "%(num)s yer"
msgstr[1] "%(num)s yerler"

msgid "Open until %(time)s"
msgstr "%(time)s saatine kadar açık"
"""


def compiled(folder: Path, language: str = "tr") -> Path:
    return folder / language / "LC_MESSAGES" / "portal.mo"


def test_a_sound_catalogue_is_compiled_whole(write) -> None:
    folder = write(GOOD)
    assert list(compile_all(folder)) == ["tr: 3 messages"]
    with compiled(folder).open("rb") as file:
        assert read_mo(file).get("Urgent help").string == "Acil yardım"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('msgid "A"\nmsgstr "<b>A</b>"', "markup"),
        ('msgid "A"\nmsgstr "<script>alert(1)</script>"', "markup"),
        ('msgid "A"\nmsgstr "</p>"', "markup"),
        ('msgid "A"\nmsgstr "<!-- -->"', "markup"),
        ('msgid "A"\nmsgstr "&#60;b&#62;"', "markup"),
        ('msgid "A"\nmsgstr "&nbsp;"', "markup"),
        ('msgid "At %(place)s"\nmsgstr "%(yer)s"', "placeholders"),
        ('msgid "At %(place)s"\nmsgstr "orada"', "placeholders"),
        ('msgid "At %(place)s"\nmsgstr "%(place)s %(secret)s"', "placeholders"),
        ('msgid "At %(place)s"\nmsgstr "%(place)s %s"', "placeholders"),
        ('msgid "At %(place)s"\nmsgstr "%(place)s %(place)999999999s"', "placeholders"),
        ('msgid "At %(place)s"\nmsgstr "%(place)s 100%"', "placeholders"),
        ('msgid "At %(place)s"\nmsgstr "%(place)d"', "placeholders"),
        ('msgid "A"\nmsgstr "%(place)s"', "placeholders"),
        ('msgid "%(num)s day"\nmsgid_plural "%(num)s days"\nmsgstr[0] "%(num)s gün"', "plural forms"),
        ('msgid "%(num)s in %(place)s"\nmsgid_plural "%(num)s in %(place)s"\nmsgstr[0] "%(num)s"\nmsgstr[1] "%(place)s"', "placeholders"),
    ],
)
def test_an_unsafe_message_stops_its_catalogue(write, body: str, words: str) -> None:
    folder = write(f"{GOOD}\n{body}\n")
    with pytest.raises(ContentError, match=words) as refused:
        list(compile_all(folder))
    assert str(compiled(folder).with_suffix(".po")) in str(refused.value)
    assert not compiled(folder).exists()


@pytest.mark.parametrize(
    "plurals",
    [
        "nplurals=2; plural=n/0;",
        "nplurals=2; plural=n%0;",
        "nplurals=2; plural=n;",
        "nplurals=2; plural=2;",
        "nplurals=2; plural=__import__('os');",
        "nplurals=2; plural=(((n;",
        "nplurals=2; plural=n**n**n;",
        "nplurals=2; plural=" + "(" * 90 + "n" + ")" * 90 + ";",
        "nplurals=2; plural=n==999 ? 7 : 0;",
    ],
)
def test_a_rule_for_plurals_that_would_break_a_page_stops_its_catalogue(write, plurals: str) -> None:
    folder = write(GOOD, plurals=plurals)
    with pytest.raises(ContentError, match="rule for plurals"):
        list(compile_all(folder))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_for_plurals_of_all_our_languages_are_sound(write, language: str) -> None:
    catalogue = catalogues.Catalog(locale=language)
    assert list(compile_all(write("", language, f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"))) == [
        f"{language}: 0 messages"
    ]


@pytest.mark.parametrize(
    "body",
    [
        'msgid "A"\nmsgstr[x] "B"',
        'msgstr "before its English"\nthis is nothing',
        'msgid "A"\nmsgid "B"\nwhat is this',
    ],
)
def test_a_file_that_cannot_be_read_is_named(write, body: str) -> None:
    folder = write(body)
    with pytest.raises(ContentError, match=r"portal\.po"):
        list(compile_all(folder))


def test_an_unknown_encoding_and_a_missing_file_are_named(write) -> None:
    with pytest.raises(ContentError, match=r"portal\.po"):
        read_catalogue(write(GOOD, charset="no-such-thing"), "tr")
    with pytest.raises(ContentError, match=r"portal\.po"):
        read_catalogue(write(GOOD), "pl")


def test_a_broken_catalogue_does_not_take_a_sound_one_with_it(write) -> None:
    folder = write(GOOD)
    write('msgid "A"\nmsgstr "<b>"', "ur")
    with pytest.raises(ContentError, match="/ur/"):
        list(compile_all(folder))
    assert compiled(folder).exists()
    assert not compiled(folder, "ur").exists()


def test_doubtful_and_empty_translations_are_not_shown(write) -> None:
    folder = write('#, fuzzy\nmsgid "A"\nmsgstr "belki"\n\nmsgid "B"\nmsgstr ""\n')
    assert list(compile_all(folder)) == ["tr: 0 messages"]
    with compiled(folder).open("rb") as file:
        assert [message.id for message in read_mo(file) if message.id] == []


def test_words_of_code_templates_and_content_are_all_found() -> None:
    found = {message.id: {place for place, _ in message.locations} for message in extract() if message.id}
    assert "portal/directory/forms.py" in found["It has closed or moved"]
    assert any(place.endswith(".html") for place in found["Urgent help"])
    assert "content/urgent.yaml" in found["Someone is in danger right now"]
    assert "content/taxonomy.yaml" in found["falls and balance"]
    assert not [text for text in found if isinstance(text, str) and text.startswith("http")]


@pytest.fixture
def small_template(monkeypatch: pytest.MonkeyPatch) -> None:
    template = catalogues.Catalog(domain="portal")
    for message in ("Urgent help", "Open until %(time)s", "New words"):
        template.add(message, locations=[("portal/search/x.py", 0)])
    template.add("Words elsewhere", locations=[("portal/directory/x.py", 0)])
    template.add(("%(num)s place", "%(num)s places"), locations=[("portal/x.py", 0)])
    monkeypatch.setattr(catalogues, "extract", lambda: template)


@pytest.mark.usefixtures("small_template")
def test_what_is_unsafe_is_said_for_each_language_and_what_is_missing_where_no_word_may_be(write) -> None:
    folder = write(GOOD.replace("Acil yardım", "Acil <i>"))
    found = problems(folder, ["en", "tr"])
    assert [line for line in found if "not translated" in line] == ["tr: not translated: 'New words'"]
    assert [line for line in found if "markup" in line] == ["tr: markup in a message: 'Acil <i>'"]
    assert len(found) == 2
    assert "rule for plurals" in problems(write(GOOD, plurals="nplurals=2; plural=n/0;"), ["tr"])[0]


@pytest.mark.usefixtures("small_template")
def test_the_state_counts_what_is_whole(write) -> None:
    folder = write(GOOD)
    update(folder, ["en", "tr"])
    assert (count_whole(folder, "en"), count_whole(folder, "tr")) == ((5, 5), (3, 5))


@pytest.mark.usefixtures("small_template")
def test_new_words_are_taken_in_old_ones_go_and_a_second_time_changes_nothing(write) -> None:
    folder = write(GOOD + '\nmsgid "Gone"\nmsgstr "Gitti"\n')
    update(folder, ["en", "tr", "pl"])
    catalogue = read_catalogue(folder, "tr")
    assert {message.id for message in catalogue if message.id} == {
        "Urgent help",
        "Open until %(time)s",
        "New words",
        "Words elsewhere",
        ("%(num)s place", "%(num)s places"),
    }
    assert catalogue.get("Urgent help").string == "Acil yardım"
    assert not catalogue.obsolete
    files = sorted(folder.rglob("*.po*"))
    assert [path.relative_to(folder).as_posix() for path in files] == [
        "pl/LC_MESSAGES/portal.po",
        "portal.pot",
        "tr/LC_MESSAGES/portal.po",
    ]
    before = [path.read_bytes() for path in files]
    update(folder, ["en", "tr", "pl"])
    assert [path.read_bytes() for path in files] == before


def test_the_project_s_own_catalogues_are_safe() -> None:
    for path in (CHECKOUT / "translations").glob("*/LC_MESSAGES/portal.po"):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name)
        assert [it for message in catalogue if message.id for it in catalogues._unsafe(catalogue, message)] == []


def test_languages_are_chosen_in_the_pack_s_order_and_unknown_ones_named() -> None:
    assert [it.code for it in choose(("ur", "en"))] == ["ur", "en"]
    with pytest.raises(ContentError, match="xx, EN"):
        choose(("en", "xx", "EN"))


def test_directions_are_of_the_script() -> None:
    assert [direction(code) for code in ("ur", "ar", "tr", "en", "nonsense")] == ["rtl", "rtl", "ltr", "ltr", "ltr"]
