"""The reference on the page of open data: every address, and every parameter with where it works. From the tables that are served; pure.

It stays in English, as the names of the standard do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.api.description.document import summary_of
from portal.api.oruk.parameter import LISTS, Answer
from portal.api.oruk.parameters import PARAMETERS


@dataclass(frozen=True)
class Explained:
    """A line of the reference: what stands there to be copied, what it means, what it may be and where."""

    code: str
    meaning: str
    allowed: str = ""
    where: Sequence[str] = ()


def addresses() -> list[Explained]:
    """What each Open Referral address answers with."""
    return [Explained(answer, summary_of(answer)) for answer in Answer]


def parameters() -> list[Explained]:
    """Every parameter, in the order of the table; those of all lists say so."""
    return [
        Explained(
            parameter.name,
            parameter.meaning,
            ", ".join(parameter.allowed),
            ("every list",) if parameter.answers == LISTS else parameter.answers,
        )
        for parameter in PARAMETERS
    ]
