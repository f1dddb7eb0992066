"""What a phone downloads cold: settings of the demo in; page, style, colour, script and icons of each language, compressed, printed."""

from __future__ import annotations

import gzip
import re

import brotli

from portal.config import Settings
from portal.i18n.languages import LANGUAGES
from portal.web.app import create_app


def print_downloads(settings: Settings) -> None:
    """One line a language, in KB."""
    client = create_app(settings).test_client()
    base = {"base_url": "http://127.0.0.1:8000", "headers": {"Accept-Encoding": "br, gzip"}}
    print("\ncold, compressed, KB")
    for language in LANGUAGES:
        shared = [client.get(path, **base).data for path in _assets_of(client.get(f"/{language}/", **base))]
        fixed = sum(map(len, shared))
        pages = {"home": f"/{language}/", "results": f"/{language}/search?q=falls&place=Eastmoor", "urgent": f"/{language}/urgent"}
        sizes = {name: len(client.get(path, **base).data) + fixed for name, path in pages.items()}
        print(f"  {language}: " + " · ".join(f"{name} {size / 1024:.1f}" for name, size in sizes.items()))


def _assets_of(response: object) -> list[str]:
    raw = response.data  # type: ignore[attr-defined]
    kind = response.headers.get("Content-Encoding", "")  # type: ignore[attr-defined]
    page = (brotli.decompress(raw) if kind == "br" else gzip.decompress(raw) if kind == "gzip" else raw).decode()
    found = re.findall(r'(?:href|src)="(/(?:static|brand)[^"#]+\.(?:css|js|svg))', page)
    return list(dict.fromkeys(found))
