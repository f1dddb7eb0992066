"""What somebody shares: frozen, and sealed as it was agreed to. Labels are kept in English and looked up in the reader's language.

`tell` makes it from the answers and the plan: how to be reached always, everything else only as it was ticked. The page on which
somebody agrees and the page that a recipient sees are made from the same `Shared`, by the same template.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from portal.assessment.answers import Answers
from portal.assessment.definition import HELP, NOT_SURE, Assessment
from portal.assessment.forms import ABOUT_CONTACT
from portal.assessment.needs import list_told
from portal.i18n.text import marked
from portal.signposting.plan import Plan
from portal.taxonomy.terms import Taxonomy

ANSWERS: Final = "answers"
GOOD: Final = "good"
STEPS: Final = "steps"
SERVICES: Final = "services"
SECTIONS: Final = (ANSWERS, GOOD, STEPS, SERVICES)
_GOOD: Final = ("works", "helpers", "better")  # of STRENGTHS; the fourth is a step


@dataclass(frozen=True)
class Reach:
    """How somebody can be reached. `language` is a code, `ways` are English labels such as "Not by phone call"."""

    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    ways: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a question is called and what was chosen, in English."""

    about: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class OwnWords:
    """Words as they were typed; `about` is the id of what was asked."""

    about: str
    words: str


@dataclass(frozen=True)
class Shared:
    """All that a recipient sees. `place` as it was typed, part of the answers. `services` by their English names."""

    reach: Reach = field(default_factory=Reach)
    message: str = ""
    answers: tuple[Answer, ...] = ()
    place: str = ""
    good: tuple[OwnWords, ...] = ()
    own_step: str = ""
    steps: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    def packed(self) -> bytes:
        """As bytes, to be sealed."""
        return msgspec.json.encode(self)

    @classmethod
    def unpacked(cls, packed: bytes) -> Shared:
        """What `packed` gave. Raises `msgspec.DecodeError` for anything else."""
        return msgspec.json.decode(packed, type=cls)


@dataclass(frozen=True)
class Told:
    """What there is to share from: somebody's answers and the plan made of them, with the words they are told in."""

    answers: Answers
    plan: Plan
    assessment: Assessment
    taxonomy: Taxonomy

    def sections(self) -> tuple[str, ...]:
        """Those that hold something."""
        whole = self.share(Reach(), "", SECTIONS)
        held = {ANSWERS: whole.answers or whole.place, GOOD: whole.good, STEPS: whole.own_step or whole.steps, SERVICES: whole.services}
        return tuple(section for section in SECTIONS if held[section])

    def share(self, reach: Reach, message: str, sections: tuple[str, ...]) -> Shared:
        """Only what was ticked."""
        has_answers, has_steps = ANSWERS in sections, STEPS in sections
        return Shared(
            reach=reach,
            message=message,
            answers=tuple(self._answers()) if has_answers else (),
            place=self.answers.place if has_answers else "",
            good=tuple(self._good()) if GOOD in sections else (),
            own_step=self.plan.own_step if has_steps else "",
            steps=tuple(step.label for step in self.plan.steps) if has_steps else (),
            services=tuple(one.hit.listing.name for one in self.plan.services) if SERVICES in sections else (),
        )

    def reach(self, name: str, phone: str, email: str, language: str) -> Reach:
        """How to reach somebody, with the ways that they like; `language` where they chose none."""
        ways = tuple(ABOUT_CONTACT[way] for way in self.answers.ways if way in ABOUT_CONTACT)
        return Reach(name, phone, email, self.answers.language or language, ways)

    def _answers(self) -> Iterator[Answer]:
        told = [(one.question, one.option) for one in list_told(self.assessment, self.answers) if one.question and one.option]
        for question_id in dict.fromkeys(question.id for question, _ in told):
            here = [(question, option) for question, option in told if question.id == question_id]
            yield Answer(here[0][0].short, tuple(option.label for _, option in here))
        chosen = self.answers.chosen.get(HELP, ())
        topics = [self.taxonomy.groups[topic.group].label for topic in self.assessment.offered_topics if topic.id in chosen]
        if NOT_SURE in chosen:
            topics.append(marked("Not sure: ask me about all of it"))
        if topics:
            yield Answer(marked("What would help"), tuple(topics))

    def _good(self) -> Iterator[OwnWords]:
        yield from (OwnWords(about, self.answers.texts[about]) for about in _GOOD if self.answers.texts.get(about))
