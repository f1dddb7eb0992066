"""Headers of every response: what a browser may load, may keep and may tell others. One place, no exceptions but those named.

Nothing on a page comes from elsewhere and nothing is inline, so the policy names this site alone. A view that sets
`Cache-Control` keeps it; personal answers say `no-store`; what nobody decided about is not kept.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

NO_FRAMES: Final = "frame-ancestors 'none'"
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "worker-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        NO_FRAMES,
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
FRAMED: Final = {  # of the one page that is made to stand in other sites' pages: anybody may frame it, and it runs nothing
    **HEADERS,
    "Content-Security-Policy": POLICY.replace(NO_FRAMES, "frame-ancestors *")
    .replace("script-src 'self'", "script-src 'none'")
    .replace("worker-src 'self'", "worker-src 'none'"),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
OF_FILES: Final = {  # of style, script and icons, which a phone pays for anew with each: they show and run nothing by themselves
    "Content-Security-Policy": f"default-src 'none'; {NO_FRAMES}",
    "X-Content-Type-Options": HEADERS["X-Content-Type-Options"],
    "Cross-Origin-Resource-Policy": HEADERS["Cross-Origin-Resource-Policy"],
}
OF_ENDPOINTS: Final = {"embedding.framed": FRAMED, "frame.style": OF_FILES}
A_YEAR: Final = 31_536_000


def install(app: Flask, production: bool) -> None:
    """Give every response of `app` its headers."""

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in OF_ENDPOINTS.get(request.endpoint or "", HEADERS).items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if production and request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
        return response
