"""What is written once: by language and values, bounded, and only by macros that see nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import DictLoader, Environment
from markupsafe import Markup

from portal.ui import keeping

PORTAL = Path(keeping.__file__).parents[1]
USED = re.compile(r"kept_part\((\w+)")
IMPORTED = re.compile(r'{% from "(?P<file>[^"]+)" import (?P<names>.*?)(?P<context> with context)? %}')


def test_a_part_is_written_once_in_each_language_for_each_values() -> None:
    said, language = [], "en"

    def say(text: str) -> str:
        said.append((language, text))
        return f"{language} {text}"

    env = Environment(autoescape=True, loader=DictLoader({"part": "{% macro part(it) %}<b>{{ say(it) }}</b>{% endmacro %}"}))
    env.globals["say"] = say
    keeping.install(env, lambda: language)
    page = env.from_string("{% from 'part' import part %}{{ kept_part(part, it) }}{{ kept_part(part, it) }}")
    assert page.render(it="a&b") == "<b>en a&amp;b</b>" * 2
    assert page.render(it=Markup("&amp;")) == "<b>en &amp;amp;</b>" * 2, "what the macro escapes is escaped"
    language = "ur"
    assert page.render(it="a&b") == "<b>ur a&amp;b</b>" * 2
    assert said == [("en", "a&b"), ("en", "&amp;"), ("ur", "a&b")]


def test_every_kept_macro_is_imported_without_context() -> None:
    seen = 0
    for path in PORTAL.glob("*/templates/**/*.html"):
        text = path.read_text()
        for name in set(USED.findall(text)):
            found = [it for it in IMPORTED.finditer(text) if re.search(rf"\b{name}\b", it["names"].replace(f"{name} as", ""))]
            assert len(found) == 1, f"{path}: {name}"
            assert not found[0]["context"], f"{path}: {name} would not say what it depends on"
            seen += 1
    assert seen > 4
