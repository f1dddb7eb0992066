"""One choice of a select or of radio buttons, for every form: WTForms has it, its stubs do not yet."""

from __future__ import annotations

from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

__all__ = ["SelectChoice"]
