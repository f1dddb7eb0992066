"""A QR code for paper: an address in, an inline SVG out, without the style attributes that our policy forbids."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr_code(address: str) -> Markup:
    """The code of `address` as `<svg>`."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=False, svgclass="qr-code", lineclass=None, border=2, omitsize=True, nl=False
    )
    return Markup(drawn.getvalue().decode("utf-8"))  # noqa: S704 - drawn by the library from an address of our own
