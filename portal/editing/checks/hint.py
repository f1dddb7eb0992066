"""What a check says: one sentence that helps, and the page where it can be put right. No check stops anybody."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Hint:
    """One sentence, and the step (see `writing.steps`) that it is about. `example` are words of the listing itself."""

    step: str
    words: Markup
    example: str = ""
