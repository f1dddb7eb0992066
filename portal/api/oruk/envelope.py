"""What stands around records: the interface's own details, and the envelope of a page of a list."""

from __future__ import annotations

from portal.api.oruk.term_shapes import Shape


class License(Shape, kw_only=True):
    """Under which licence the data may be used, and whom to name."""

    name: str
    url: str
    attribution: str


class Details(Shape, kw_only=True):
    """What this interface is, at `/`."""

    version: str
    profile: str
    openapi_url: str
    publisher: str
    license: License


class Page(Shape, omit_defaults=False, kw_only=True):
    """A page of a list.

    `total_pages` may be more than `total_items` fill: what is withdrawn leaves its place empty for a day, so that pages do not slip.
    """

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[Shape]
