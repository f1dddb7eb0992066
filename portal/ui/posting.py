"""Whether a posted form came from our own pages: the browser's word for it in, a refusal out.

Every browser of the last years says where a request comes from (`Sec-Fetch-Site`), older ones give `Origin`. A form from
another site is refused; there is no session to steal a token from, and pages stay the same for everybody and cacheable.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, abort

SAFE = ("GET", "HEAD", "OPTIONS")


def refuse_other_sites(request: Request) -> None:
    """Answer 403 to a request that changes something and was sent by another site's page."""
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
