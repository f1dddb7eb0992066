"""Whether a description reads easily: English text in, the sentences that are long and the words that are hard out. Pure.

A reading age of about 10: sentences of at most 25 words, everyday words. It names the sentence, so that there is something to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from portal.directory.record import ServiceRecord
from portal.editing.checks.hint import Hint
from portal.i18n.text import gettext

LONGEST_SENTENCE: Final = 25  # words
LONG_WORD: Final = 13  # letters
MOST_HINTS: Final = 4  # more would be a telling-off
SHOUTED: Final = 12  # capital letters together
PLAIN_WORDS: Final = {  # what organisations write → what neighbours say
    "accessing": "getting",
    "assessment": "talk about what you need",
    "beneficiaries": "people",
    "client": "person",
    "clients": "people",
    "commence": "start",
    "commissioned": "paid for",
    "delivered": "run",
    "eligible": "you can get it if",
    "empower": "help",
    "empowering": "helping",
    "enquiries": "questions",
    "facilitate": "help",
    "facilitated": "run",
    "facilitates": "helps",
    "holistic": "whole",
    "interventions": "help",
    "multidisciplinary": "different kinds of staff",
    "participants": "people",
    "pathway": "way",
    "person-centred": "made for you",
    "prior to": "before",
    "provision": "help",
    "referral": "someone asks for you",
    "referrals": "people sent to us",
    "service user": "person",
    "service users": "people",
    "signpost": "point",
    "signposting": "pointing people to help",
    "stakeholders": "people",
    "utilise": "use",
    "vulnerable": "who need extra help",
    "wraparound": "all-round",
}
_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_HARD: Final = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, PLAIN_WORDS), key=len, reverse=True))})\b", re.IGNORECASE)


def reading(record: ServiceRecord) -> Iterator[Hint]:
    """What would make the description easier to read, at most `MOST_HINTS`."""
    found = [*_long_sentences(record.description), *_hard_words(record.description), *_shouting(record)]
    yield from found[:MOST_HINTS]


def sentences(text: str) -> list[str]:
    """The sentences of a text, and the lines that are none."""
    return [part.strip() for part in _END.split(text) if part.strip()]


def _long_sentences(text: str) -> Iterator[Hint]:
    for sentence in sentences(text):
        number = len(_WORD.findall(sentence))
        if number > LONGEST_SENTENCE:
            yield Hint("about", gettext("This sentence has %(number)s words. Could you cut it in two?", number=number), sentence)


def _hard_words(text: str) -> Iterator[Hint]:
    for word in dict.fromkeys(found.group().casefold() for found in _HARD.finditer(text)):
        yield Hint("about", gettext("“%(word)s” is hard to read. You could write “%(plain)s”.", word=word, plain=PLAIN_WORDS[word]))
    known = " ".join(PLAIN_WORDS)
    for word in dict.fromkeys(_WORD.findall(text)):
        if len(word) >= LONG_WORD and word.casefold() not in known and word.islower():
            yield Hint("about", gettext("“%(word)s” is a long word. Is there a shorter one?", word=word))


def _shouting(record: ServiceRecord) -> Iterator[Hint]:
    for text in (record.name, record.description):
        letters = [letter for letter in text if letter.isalpha()]
        if len(letters) >= SHOUTED and sum(map(str.isupper, letters)) > 0.6 * len(letters):
            yield Hint("about", gettext("Words all in capitals are hard to read. Write them in small letters."), text[:80])
