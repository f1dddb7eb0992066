"""What a site holds in memory once it has served every kind of page in every language: settings in, megabytes out.

Counted while the site stands still, for the process that the workers came from and for each of two workers, by the kernel:

- whole (RSS): everything mapped and in memory, what is shared counted again in each process;
- share (PSS): the same, what is shared divided among those who share it, so that shares may be added up;
- own (private): what no other process has, which one more worker would cost;
- files (PSS of files): libraries and the index, which the kernel may drop and read again at any time.

"A worker" is the site's share, all of its processes together, divided by its workers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from page_types import STEADY
from serving import serving
from sqlalchemy import select

from portal.config import Settings
from portal.db import opened, reading
from portal.directory.models import Service
from portal.i18n.languages import LANGUAGES

WORKERS: Final = 2
ASKING: Final = 4  # at once, so that both workers and several threads of each have a part
SERVICES: Final = 5  # pages of services in each language
OF_EACH_LANGUAGE: Final = ("/questions", "/questions/1", "/sign-in", "/open-data/interface")
OF_NONE: Final = ("/api/oruk/v3/services?per_page=50", "/api/changes.atom", "/api/openapi.json", "/sitemap.xml")
PARTS: Final = {"whole": "Rss", "share": "Pss", "private clean": "Private_Clean", "private dirty": "Private_Dirty", "files": "Pss_File"}


@dataclass(frozen=True)
class Memory:
    """One process, in MB: see above for what each is."""

    whole: float
    share: float
    own: float
    files: float


@dataclass(frozen=True)
class SiteMemory:
    """Every process of one site: the one that the workers came from, and the workers."""

    first: Memory
    workers: tuple[Memory, ...]

    @property
    def worker(self) -> float:
        """MB a worker, all counted."""
        return sum(it.share for it in (self.first, *self.workers)) / len(self.workers)

    @property
    def files(self) -> float:
        """MB of these that are files."""
        return sum(it.files for it in (self.first, *self.workers)) / len(self.workers)

    def rows(self) -> dict[str, str]:
        """What it is called in a table → MB, the larger of the workers where each is meant."""
        return {
            "a worker, share of all MB": f"{self.worker:.0f}",
            "  of which files MB": f"{self.files:.0f}",
            "  its own MB": f"{max(it.own for it in self.workers):.0f}",
            "  its RSS MB": f"{max(it.whole for it in self.workers):.0f}",
            "  first process RSS MB": f"{self.first.whole:.0f}",
        }


def memory_of(process: int) -> Memory:
    """What a process of this machine holds now."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    of = {name: sum(int(size) for size in re.findall(rf"(?m)^{field}:\s+(\d+) kB", rollup)) / 1024 for name, field in PARTS.items()}
    return Memory(of["whole"], of["share"], of["private clean"] + of["private dirty"], of["files"])


def held_after_pages(settings: Settings, questions: Sequence[tuple[str, str, str]]) -> SiteMemory:
    """Serve a site with a listed directory, ask for every page, and see what its processes hold."""
    with serving(settings.instance.parent, WORKERS) as site:
        with ThreadPoolExecutor(ASKING) as several:
            for address, status in several.map(lambda it: (it, site.get(it).status), _pages(settings, questions)):
                if status >= 500:
                    raise RuntimeError(f"{status} for {address}")
        return SiteMemory(memory_of(site.process.pid), tuple(memory_of(each) for each in site.workers()))


def _pages(settings: Settings, questions: Sequence[tuple[str, str, str]]) -> list[str]:
    with opened(settings.database_url) as engine, reading(engine) as session:
        services = [f"/services/{each}" for each in session.scalars(select(Service.id).order_by(Service.id).limit(SERVICES))]
    kinds = (*STEADY.values(), *services, *OF_EACH_LANGUAGE)
    results = (f"/{language}/search?{urlencode({'q': q, 'place': place})}" for q, place, language in questions)
    return [*(f"/{code}{quote(kind, safe='/?&=+')}" for code in LANGUAGES for kind in kinds), *results, *OF_NONE]
