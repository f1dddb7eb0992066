"""Parts of pages that are written once: what a macro makes of the same values, in the same language, is always the same.

A card says the same of a listing to everybody who finds it, and a page has ten. `kept_part(macro, *values)` writes such a part the first
time only. Nothing can be out of date: whatever a part depends on is among its values, as a macro that was imported without context
sees nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment
from jinja2.runtime import Macro
from markupsafe import Markup

MOST_KEPT: Final = 4_096  # parts a process keeps, a kilobyte each at most; those that were not asked for longest give way


def install(env: Environment, language: Callable[[], str]) -> None:
    """Register `kept_part` as a global. Values are hashable; `language` says in which language a page is written."""

    @lru_cache(maxsize=MOST_KEPT)
    def write(_language: str, macro: Macro, *values: Any) -> Markup:
        return Markup(macro(*values))  # noqa: S704 - a macro of ours has escaped it

    def kept_part(macro: Macro, *values: Any) -> Markup:
        return write(language(), macro, *values)

    env.globals["kept_part"] = kept_part
