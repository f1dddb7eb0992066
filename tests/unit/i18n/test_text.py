"""Messages on a page: whatever a catalogue holds, the page stands, is escaped, and at worst is English."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask import Flask, g, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from portal.i18n import request as i18n
from portal.i18n.request import page_language
from portal.i18n.text import gettext, in_language, lazy_gettext, marked, ngettext, pgettext
from portal.i18n.untranslated import END, START

TRANSLATED = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Urgent help"
msgstr "<script>alert(1)</script>"

msgid "Hello %(name)s"
msgstr "<b>%(name)s</b> & merhaba"

msgid "Renamed %(name)s"
msgstr "%(isim)s"

msgid "Stray %(name)s"
msgstr "%(name)s 100%"

msgid "Wrong kind %(name)s"
msgstr "%(name)d"

msgid "Unclosed %(name)s"
msgstr "%(name"

msgid "%(num)s place"
msgid_plural "%(num)s places"
msgstr[0] "bir <i>yer</i>"
msgstr[1] "%(num)s yer"

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] "%(gun)s"
msgstr[1] "%(gun)s"

msgctxt "of a door"
msgid "Open"
msgstr "Açık <u>"

msgid "100% free"
msgstr "%100 ücretsiz"
"""

Speak = Callable[[str], object]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("translations")
    compile_unchecked(folder, "tr", TRANSLATED)
    app = Flask(__name__)
    i18n.install(app, ("en", "tr", "ur"), folder)
    app.add_url_rule("/<lang_code>/", "home.home", lambda: "")  # where the links to other languages lead
    return app


def compile_unchecked(folder: Path, language: str, text: str) -> None:
    """As somebody would who goes round our check."""
    path = folder / language / "LC_MESSAGES" / "portal.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, read_po(io.BytesIO(text.encode()), locale=language))


@contextmanager
def speaking(app: Flask, language: str) -> Iterator[None]:
    with app.test_request_context():
        g.lang_code = language
        yield


def test_a_translation_is_escaped_and_so_are_the_values_in_it(app: Flask) -> None:
    with speaking(app, "tr"):
        assert gettext("Urgent help") == Markup("&lt;script&gt;alert(1)&lt;/script&gt;")
        assert gettext("Hello %(name)s", name="<img>") == Markup("&lt;b&gt;&lt;img&gt;&lt;/b&gt; &amp; merhaba")
        assert gettext("Hello %(name)s", name=Markup("<bdi>Ayşe</bdi>")) == Markup("&lt;b&gt;<bdi>Ayşe</bdi>&lt;/b&gt; &amp; merhaba")
        assert pgettext("of a door", "Open") == Markup("Açık &lt;u&gt;")
        assert ngettext("%(num)s place", "%(num)s places", 1) == Markup("bir &lt;i&gt;yer&lt;/i&gt;")


def test_the_same_holds_within_a_template(app: Flask) -> None:
    with speaking(app, "tr"):
        page = render_template_string(
            "{{ _('Urgent help') }} {{ _('Hello %(name)s', name='<i>') }} {{ ngettext('%(num)s place', '%(num)s places', 3) }}"
        )
    assert "<" not in page
    assert page.endswith("3 yer")


@pytest.mark.parametrize("kind", ["Renamed", "Stray", "Wrong kind", "Unclosed"])
def test_a_translation_whose_placeholders_do_not_fit_is_english(app: Flask, kind: str) -> None:
    with speaking(app, "tr"):
        assert gettext(f"{kind} %(name)s", name="<Ayşe>") == Markup("{} &lt;Ayşe&gt;").format(kind)


def test_plurals_that_do_not_fit_are_english_of_the_right_number(app: Flask) -> None:
    with speaking(app, "tr"):
        assert ngettext("%(num)s day", "%(num)s days", 1) == "1 day"
        assert ngettext("%(num)s day", "%(num)s days", 1234) == "1.234 days", "with the language's own separator"


def test_what_is_not_translated_is_english_between_signs_where_the_page_is_not(app: Flask) -> None:
    for language, start, end in (("en", "", ""), ("ur", START, END)):
        with speaking(app, language):
            assert gettext("Urgent help") == f"{start}Urgent help{end}"
            assert pgettext("of a door", "Open") == f"{start}Open{end}"
            assert ngettext("%(num)s place", "%(num)s places", 0) == f"{start}0 places{end}"
    with speaking(app, "tr"):
        assert gettext("Never %(seen)s", seen=1) == f"{START}Never 1{END}"


def test_a_per_cent_sign_is_itself_where_nothing_is_filled_in(app: Flask) -> None:
    with speaking(app, "tr"):
        assert gettext("100% free") == "%100 ücretsiz"


def test_words_written_before_a_request_are_looked_up_when_shown(app: Flask) -> None:
    label = lazy_gettext("Hello %(name)s", name="A")
    with speaking(app, "en"):
        assert str(label) == "Hello A"
    with speaking(app, "tr"):
        assert "merhaba" in str(label)
    assert marked("Urgent help") == "Urgent help"


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    translated=st.text(alphabet=st.sampled_from("%()sdnamexy09.*-+ #<>&\"'{}"), max_size=25) | st.text(max_size=20),
    value=st.text(max_size=10) | st.integers(),
)
def test_no_translation_can_break_a_page_or_bring_markup(
    app: Flask, monkeypatch: pytest.MonkeyPatch, translated: str, value: object
) -> None:
    class Catalogue(NullTranslations):
        def ugettext(self, _message: str) -> str:
            return translated

    monkeypatch.setattr("portal.i18n.text.get_translations", Catalogue)
    with speaking(app, "tr"):
        shown = gettext("Hello %(name)s", name=value)
        plain = gettext("Hello")
    assert isinstance(shown, Markup)
    assert not set(shown + plain) & set("<>\"'")


def test_a_page_speaks_the_language_of_its_address_and_of_nothing_else(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "tr"}):
        assert page_language().code == "en"
    with speaking(app, "tr"):
        assert page_language().name == "Türkçe"
    with speaking(app, "xx"):
        assert page_language().code == "en"
    assert page_language().code == "en"


def test_what_is_said_again_is_said_in_the_language_of_each_page(app: Flask) -> None:
    """Words are kept once they were said, for no other language than theirs."""
    turkish = "&lt;script&gt;alert(1)&lt;/script&gt;"
    for _ in range(2):
        for code, said in (("en", "Urgent help"), ("tr", turkish), ("en", "Urgent help")):
            with speaking(app, code):
                assert gettext("Urgent help") == said
    with speaking(app, "tr"):
        assert [in_language("en", "Urgent help"), gettext("Urgent help")] == ["Urgent help", turkish]
