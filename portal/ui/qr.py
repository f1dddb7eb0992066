"""A QR code for paper: an address in, an inline SVG out, without the style attributes that our policy forbids."""

from __future__ import annotations

from typing import Final

import segno
from markupsafe import Markup

MODULE_MILLIMETRES: Final = 0.5  # a phone reads squares of this size on paper; a list of 25 services is then 4 cm wide


def qr_code(address: str) -> Markup:
    """The code of `address` as `<svg>`, measured in millimetres."""
    code = segno.make(address, error="l", micro=False)
    drawing = code.svg_inline(scale=MODULE_MILLIMETRES, unit="mm", svgclass=None, lineclass=None)
    return Markup(drawing)  # noqa: S704 - drawn by the library from modules alone: no text of anybody's is in it
