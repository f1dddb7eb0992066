"""Made-up boroughs of any size: real-looking listings put together from the demo's own, the same each time.

Names, places, needs and words are drawn from the demo listings with a fixed seed, so that words are as common and as rare as
in a real directory, and the positions spread over the same eight localities.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from portal.directory.listing import Listing, Site

SEED = 20261122


def make_listings(known: Sequence[Listing], size: int) -> Iterator[Listing]:
    """`size` listings in the likeness of `known` (which have their words), each with an id of its own."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    sentences = [sentence for listing in known for sentence in listing.words.split(". ") if sentence]
    sites = [site for listing in known for site in listing.sites]
    for number in range(size):
        model, other = chance.choice(known), chance.choice(known)
        words = model.words + "\n" + ". ".join(chance.sample(sentences, 2))
        name = f"{model.name} {other.name.split()[-1]} {number}"
        moved = tuple(_near(site, chance.choice(sites), chance) for site in model.sites)
        identity = uuid.UUID(int=chance.getrandbits(128), version=4)
        yield replace(model, id=identity, name=name, words=words, sites=moved)


def _near(site: Site, other: Site, chance: random.Random) -> Site:
    if site.is_confidential or other.latitude is None or other.longitude is None:
        return site
    return replace(site, latitude=other.latitude + chance.gauss(0, 0.004), longitude=other.longitude + chance.gauss(0, 0.006))
