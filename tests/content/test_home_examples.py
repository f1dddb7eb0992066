"""What the home page gives as examples of a question is understood, in every language."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import pytest

from portal.config import CHECKOUT
from portal.i18n.catalogues import read_catalogue
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.search.laywords import LayWords, load_laywords
from portal.taxonomy.terms import load_taxonomy
from portal.taxonomy.words import words

HINT: Final = "For example: “My mum keeps falling”, or “I look after my husband and I'm worn out”"
QUOTED: Final = re.compile(r"[«“„”]\s*([^«»“”„]+?)\s*[»”“]")


@cache
def lay_words() -> LayWords:
    """The books, read when the first example is looked at: other workers, which only collect this file, need not."""
    return load_laywords(CHECKOUT / "search_index", load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_examples_of_the_home_page_are_heard(language: str) -> None:
    message = None if language == SOURCE else read_catalogue(CHECKOUT / "translations", language).get(HINT)
    assert language == SOURCE or message is not None
    examples = QUOTED.findall(str(message.string) if message else HINT)
    heard = [set(lay_words().spoken(words(it), language).hear(words(it), language).needs) for it in examples]
    assert len(heard) == 2, examples
    assert "falls" in heard[0], examples[0]
    assert heard[1] & {"carer-support", "carer-break"}, examples[1]
