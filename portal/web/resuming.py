"""A form that could not be taken: nothing typed is lost. What was posted in, a page out that holds it and can send it again.

The sign-in had ended, or the database does not answer. The page is the answer to whoever posted and is kept nowhere: no cookie, no row,
no cache. Signing in happens in another tab; whoever sends it again then, the same person or another, is judged as for any form. Posts of
other sites never come so far (`ui.posting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import regex
from flask import Blueprint, Flask, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from portal.ui.caching import never

LARGEST: Final = 256 * 1024  # bytes; no form of a desk is larger, but for files
MOST_FIELDS: Final = 500
MULTIPART: Final = "multipart/form-data"
_CONTROL: Final = regex.compile(r"[\p{Cc}\p{Cs}--[\n\t]]", regex.V1)  # what no page may hold


@dataclass(frozen=True)
class Posted:
    """What a form held: names and values in their order. `is_whole`: nothing had to be left out; `has_file`: but for a file."""

    fields: tuple[tuple[str, str], ...]
    is_whole: bool
    has_file: bool


def install(app: Flask, of_language: str) -> None:
    """Serve the page that ends signing in in another tab."""
    views = Blueprint("resuming", __name__)
    views.add_url_rule("/account/back", "back_again", back_again)
    app.register_blueprint(views, url_prefix=of_language)


def back_again() -> Response:
    """Signed in, in a tab of its own: the form waits in the other."""
    return never(render_template("web/back_again.html"))


def hold_page(is_half_way: bool) -> Response:
    """What was posted, to be sent again after signing in (`is_half_way`: after the second step). 401: nobody has read it."""
    posted = _read()
    step = url_for("signing.second" if is_half_way else "signing.sign_in", then=url_for("resuming.back_again"))
    kind = MULTIPART if request.mimetype == MULTIPART else ""
    page = render_template(
        "web/signed_out_posted.html", posted=posted, step=step, action=_same_address(), kind=kind, is_half_way=is_half_way
    )
    response = never(make_response(page, 401))
    response.headers["WWW-Authenticate"] = "Cookie"  # HTTP asks for a scheme; browsers show the page for one that they do not know
    return response


def unkept_page() -> str:
    """What was posted, to be sent again when the database answers."""
    posted = _read()
    kind = MULTIPART if request.mimetype == MULTIPART else ""
    return render_template("web/not_kept.html", posted=posted, action=_same_address(), kind=kind)


def _read() -> Posted:
    """What was posted, if it is a form of a size that a page can hold."""
    request.max_content_length = request.max_form_memory_size = LARGEST
    request.max_form_parts = MOST_FIELDS
    try:
        fields = tuple((_shown(name), _shown(value)) for name, value in request.form.items(multi=True))
        has_file = any(file.filename for file in request.files.values())
    except HTTPException:  # too large, or too many: a file, or no form of ours
        return Posted((), is_whole=False, has_file=request.mimetype == MULTIPART)
    is_whole = len(fields) <= MOST_FIELDS
    return Posted(fields if is_whole else (), is_whole, has_file)


def _shown(text: str) -> str:
    shown: str = _CONTROL.sub("", text.replace("\r\n", "\n"))
    return shown


def _same_address() -> str:
    """The address that was posted to, built anew from its parts."""
    path, asked = url_for(request.endpoint or "", **(request.view_args or {})), urlencode(list(request.args.items(multi=True)))
    return f"{path}?{asked}" if asked else path
