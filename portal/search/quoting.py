"""Words in quotation marks: a typed text in, the phrases in it and the rest of the text out; and a `Question` of both.

A phrase is two or more words between marks that are clearly a pair, whichever marks a language uses and whichever way round a keyboard
gave them. An apostrophe is none, nor is a mark that stands alone, nor one that stands for inches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

import regex

from portal.search.laywords import LayWords
from portal.search.understanding import MOST_TERMS, MOST_WORDS, Lexicon, Question, Term, understand
from portal.taxonomy.words import LONGEST_TEXT, words

Phrase = tuple[str, ...]

_MARKS: Final = frozenset('"“”„‟＂«»‹›‘')
_LETTER: Final = r"[\w\p{M}]"
_PAIR: Final = regex.compile(
    "|".join(
        (
            # a mark that opens does so anywhere, as after an Arabic "and"; one that may be either must not touch a word on its outer side
            rf'(?:[“„‟]|(?<!{_LETTER})["”＂])(?P<said>[^"“”„‟＂]++)(?:”|["“‟＂](?!{_LETTER}))',
            r"«(?P<said>[^«»]++)»|»(?P<said>[^«»]++)«|‹(?P<said>[^‹›]++)›|›(?P<said>[^‹›]++)‹",
            rf"(?<!{_LETTER})‘(?P<said>(?:[^‘’]|(?<={_LETTER})’(?={_LETTER}))++)’(?!{_LETTER})",
        )
    )
)


def phrases_in(text: str) -> tuple[tuple[Phrase, ...], str]:
    """The phrases of a text, as folded words, and the text without them."""
    if _MARKS.isdisjoint(text):  # as in most questions
        return (), text[:LONGEST_TEXT]
    found: dict[Phrase, None] = {}

    def taken(pair: regex.Match[str]) -> str:
        phrase = words(pair["said"])[:MOST_WORDS]
        if len(phrase) < 2:
            return str(pair[0])
        found[phrase] = None
        return " "

    rest = _PAIR.sub(taken, text[:LONGEST_TEXT])
    return tuple(found), rest


def unquoted(text: str) -> str:
    """A text without the marks around the whole of it, to be shown between marks of ours."""
    whole = None if _MARKS.isdisjoint(text) else _PAIR.fullmatch(text.strip())
    return str(whole["said"]).strip() if whole else text


def understand_quoted(text: str, language: str, laywords: LayWords, lexicon: Lexicon) -> Question:
    """The question in `text`, whose phrases are looked for as they stand: nothing in them is mended, translated or heard as a need."""
    plain = understand(text, language, laywords, lexicon)
    phrases, rest = phrases_in(text)
    if not phrases:
        return plain
    question = understand(rest, language, laywords, lexicon)
    terms = {term.word: term for term in (*_terms(phrases, laywords.english), *question.terms)}
    return replace(question, words=plain.words, terms=tuple(terms.values()), phrases=phrases, plain=plain)


def _terms(phrases: Sequence[Phrase], nothing: frozenset[str]) -> Sequence[Term]:
    """The words of phrases that say something, or all of them where none does."""
    quoted = tuple(dict.fromkeys(chain.from_iterable(phrases)))
    telling = [word for word in quoted if word not in nothing]
    return [Term(word) for word in (telling or quoted)[:MOST_TERMS]]
