"""Messages that a language does not have yet: shown in English, and marked as English wherever a page can mark it.

A catalogue falls back to `English`, which puts two private signs around the message. When the page is finished, signs in text
become an element with `lang` and `dir`; signs in attributes, titles and form controls, which hold no elements, are dropped.
"""

from __future__ import annotations

import re
from typing import Final

from babel.support import NullTranslations
from flask import Flask, Response

START: Final = "\ue000"
END: Final = "\ue001"
_SIGNS: Final = str.maketrans({START: '<span lang="en" dir="ltr">', END: "</span>"})
_NO_SIGNS: Final = str.maketrans("", "", START + END)
_TAGS: Final = re.compile(r"(<[^>]*>)")
_NAME: Final = re.compile(r"<(/?\w+)")
_PLAIN: Final = frozenset({"title", "option", "textarea", "script"})


class English(NullTranslations):
    """What a catalogue says for a message that it does not have: the English, between signs."""

    def ugettext(self, message: str) -> str:
        """The message itself."""
        return f"{START}{message}{END}"

    def ungettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The English form for `n`."""
        return self.ugettext(msgid1 if n == 1 else msgid2)

    def upgettext(self, context: str, message: str) -> str:
        """The message, whatever it stands beside."""
        return self.ugettext(message)

    gettext = ugettext
    ngettext = ungettext


def settle(html: str) -> str:
    """`html` with signs in text turned into marked elements, and the others dropped."""
    pieces, within = [], ""
    for piece in _TAGS.split(html):
        if piece.startswith("<"):
            name = _NAME.match(piece)
            within = "" if name and name[1] == f"/{within}" else name[1] if name and name[1] in _PLAIN else within
            pieces.append(piece.translate(_NO_SIGNS))
        else:
            pieces.append(piece.translate(_NO_SIGNS if within else _SIGNS))
    return "".join(pieces)


def without_signs(text: str) -> str:
    """`text` with no sign of where a translation is missing, for what is no page."""
    return text.translate(_NO_SIGNS)


def install(app: Flask) -> None:
    """Settle every answer that holds a sign, before it is compressed: call this after compression is installed."""

    @app.after_request
    def settled(response: Response) -> Response:
        is_text = (response.mimetype or "").startswith("text/") or response.is_json
        if not is_text or response.is_streamed or response.direct_passthrough or START.encode() not in response.get_data():
            return response
        text = response.get_data(as_text=True)
        response.set_data(settle(text) if response.mimetype == "text/html" else text.translate(_NO_SIGNS))
        return response
