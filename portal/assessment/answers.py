"""What somebody has answered so far: frozen; each change gives new answers. As bytes only to be sealed.

Text is what people typed, made safe to keep; everything else is ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from portal.assessment.definition import Assessment

STRENGTHS: Final = ("works", "helpers", "better", "step")
CONTACT: Final = ("interpreter", "bsl", "large-print", "easy-read", "no-calls")
LONGEST_TEXT: Final = 400
SELF: Final = "me"


@dataclass(frozen=True)
class Answers:
    """`chosen`: question → options. `place` as typed. `texts`: strengths in their own words. `ways`: how to be contacted, in `language`.

    `done`: pages that were answered though nothing need be said on them.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    ways: tuple[str, ...] = ()
    language: str = ""
    done: tuple[str, ...] = ()

    def choosing(self, question: str, options: Sequence[str]) -> Answers:
        """With this answer in place of the one before."""
        return replace(self, chosen={**self.chosen, question: tuple(options)})

    def doing(self, page: str, **changes: object) -> Answers:
        """With a page of free answers done."""
        return replace(self, done=(*(each for each in self.done if each != page), page), **changes)  # type: ignore[arg-type]  # fields

    @property
    def is_for_self(self) -> bool:
        """Whether the person who answers is the person it is about."""
        return SELF in self.chosen.get("who", (SELF,))


def kept(answers: Answers, assessment: Assessment) -> Answers:
    """Only what the questions still know, and still ask after the other answers: an answer that leads nowhere now is forgotten."""
    known = {
        question: tuple(option for option in options if question not in assessment.by_id or option in assessment.by_id[question].by_id)
        for question, options in answers.chosen.items()
    }
    asked = {question.id for question in assessment.list_asked(known)}
    return replace(answers, chosen={name: options for name, options in known.items() if options and (name in asked or name == "help")})


def to_bytes(answers: Answers) -> bytes:
    """Small, for sealing."""
    return msgspec.json.encode(answers)


def from_bytes(data: bytes) -> Answers:
    """What `to_bytes` wrote. Raises `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(data, type=Answers)
