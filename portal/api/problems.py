"""Problems: why a program's request was not answered, as RFC 9457 has it. Numbers and words in, a body out.

A problem never repeats what was asked beyond the path and the name of a parameter: a query may hold somebody's postcode.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec

from portal.errors import PortalError

MEDIA_TYPE: Final = "application/problem+json"


class Problem(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The body. `parameter` is the one that is wrong, `allowed` what it may be."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    parameter: str | None = None
    allowed: list[str] | None = None


class Unanswerable(PortalError):
    """A request that cannot be answered as it stands: the message says why and what to do; `status` is HTTP's."""

    def __init__(self, status: HTTPStatus, detail: str, *, parameter: str = "", allowed: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.parameter, self.allowed = status, detail, parameter, allowed


def problem_of(error: Unanswerable, path: str) -> Problem:
    """The body for an error at `path`."""
    return Problem(
        type="about:blank",
        title=error.status.phrase,
        status=int(error.status),
        detail=error.detail,
        instance=path,
        parameter=error.parameter or None,
        allowed=list(error.allowed) or None,
    )
