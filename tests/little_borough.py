"""A borough of three localities in a row, made up for tests of search: its places, terms, lay words and listings. No database.

North, Middle and South lie 3.5 miles apart from north to south, each a band that meets the next halfway. "ZZ4 1" is half Middle
and half South; "ZZ9 1AA" is beyond the border, 3.5 miles north of North.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from portal.directory.listing import Area, Listing, Site
from portal.localities.boundaries import load_boundaries
from portal.localities.gazetteer import load_gazetteer
from portal.search.areas import Extents
from portal.search.columns import Columns, build_columns
from portal.search.evidence import weighed
from portal.search.find import Searcher
from portal.search.generation import Generation, Origin, open_generation, write_generation
from portal.search.index import Snapshot
from portal.search.laywords import LayWords
from portal.search.understanding import Lexicon
from portal.taxonomy.phrases import PhraseBook
from portal.taxonomy.stemming import stemmer
from portal.taxonomy.terms import Access, Audience, Group, Need, Taxonomy
from portal.taxonomy.words import words

BOROUGH = "Rowborough"
NORTH, MIDDLE, SOUTH = (54.10, 1.0), (54.05, 1.0), (54.00, 1.0)
OVER_THE_BORDER, FAR_AWAY = (54.15, 1.0), (54.40, 1.0)
MIDDLES = {"north": NORTH, "middle": MIDDLE, "south": SOUTH}
NEEDS = ("falls", "loneliness", "food", "work", "swimming")
STOPWORDS = {
    "en": frozenset(words("I my is and a the it this am what for with in on of to not me can't")),
    "tr": frozenset(words("bir ve bu için")),
}


def taxonomy() -> Taxonomy:
    """Five needs, three audiences, two kinds of access."""
    return Taxonomy(
        groups={"all": Group("all", "All", "home")},
        outcomes={},
        needs={need: Need(need, "all", need, ()) for need in NEEDS},
        audiences={name: Audience(name, name) for name in ("adult", "carer", "family")},
        access={name: Access(name, name, (name.replace("-", " "),)) for name in ("step-free", "hearing-loop")},
    )


def laywords() -> LayWords:
    """A few phrases in English, Turkish and Urdu."""
    needs = {
        "en": {"falls": ["fall", "fallen|fell"], "loneliness": ["lonely", "no one to talk to"], "food": ["food bank"], "work": ["job"]},
        "tr": {"loneliness": ["yalnız*"], "work": ["iş"]},
        "ur": {"loneliness": ["اکیلا|اکیلی ہوں"]},
    }
    cues = {"en": {"food": ["hungry"], "falls": ["wobbly"]}}
    bridges = {"tr": {"swim": ["yüzme*"]}}
    return LayWords(
        books={code: PhraseBook(entries, stemmer(code)) for code, entries in needs.items()},
        cues={code: PhraseBook(entries, stemmer(code)) for code, entries in cues.items()},
        bridges={code: PhraseBook(entries, stemmer(code)) for code, entries in bridges.items()},
        languages=PhraseBook({"ur": ["Urdu", "اردو"], "tr": ["Turkish", "Türkçe"]}),
        stops=STOPWORDS,
    )


def extents(folder: Path) -> Extents:
    """The borough's places, whose pack is written into `folder`."""
    features = [
        {"type": "Feature", "properties": {"slug": slug, "name": slug.title(), "codes": [f"E0500000{number}"]}, "geometry": _band(latitude)}
        for number, (slug, (latitude, _)) in enumerate(MIDDLES.items())
    ]
    collection = {"type": "FeatureCollection", "name": f"{BOROUGH} localities", "boundary_date": "2026-04-01", "source": "Made up"}
    (folder / "localities.geojson").write_text(json.dumps({**collection, "features": features}))
    rows = [
        (f"ZZ{number} 1A{letter}", latitude + 0.025 * at, 1.0, slug)
        for number, (slug, (latitude, _)) in enumerate(MIDDLES.items(), start=1)
        for at, letter in enumerate("ABD", start=-1)
    ]
    rows += [("ZZ4 1AA", 54.027, 1.0, "middle"), ("ZZ4 1AB", 54.023, 1.0, "south"), ("ZZ9 1AA", *OVER_THE_BORDER, "")]
    (folder / "postcodes.csv").write_text("postcode,lat,long,locality\n" + "".join(f"{a},{b},{c},{d}\n" for a, b, c, d in rows))
    places = [(slug.title(), "locality", latitude, longitude, slug) for slug, (latitude, longitude) in MIDDLES.items()]
    (folder / "places.csv").write_text("name,kind,lat,long,locality\n" + "".join(",".join(map(str, row)) + "\n" for row in places))
    return Extents(load_gazetteer(folder), frozenset({BOROUGH.casefold()}), load_boundaries(folder))


def _band(latitude: float) -> dict[str, object]:
    low, high = latitude - 0.025, latitude + 0.025
    return {"type": "Polygon", "coordinates": [[[0.9, low], [1.1, low], [1.1, high], [0.9, high], [0.9, low]]]}


def listing(name: str, **values: object) -> Listing:
    """A listing, whose id comes of its name."""
    organization = str(values.pop("organization", "Friends"))
    made = Listing(uuid.uuid5(uuid.NAMESPACE_URL, name), name, uuid.uuid5(uuid.NAMESPACE_DNS, organization), organization)
    return replace(made, **values)  # type: ignore[arg-type]  # values are fields


def site(position: tuple[float, float] | None = None, **values: object) -> Site:
    """A site, at a position where one is given."""
    latitude, longitude = position or (None, None)
    return replace(Site("Hall", latitude=latitude, longitude=longitude), **values)  # type: ignore[arg-type]  # values are fields


def covering(*names: str) -> tuple[Area, ...]:
    """Areas, by the name that a listing gives them."""
    return tuple(Area(extent=name) for name in names)


def columns(listings: Iterable[Listing], known: Extents) -> Columns:
    """Columns of these listings, one row each in their order."""
    rows = [replace(each, weights=each.weights or (100,) * len(each.needs)) for each in listings]
    return build_columns(enumerate(rows), len(rows), taxonomy(), known)


def origin(known: Extents) -> Origin:
    """What generations of this borough are made with."""
    return Origin(taxonomy(), known)


def written(folder: Path, known: Extents, listings: Iterable[Listing]) -> Generation:
    """A generation with these listings, in `folder`, open."""
    heard = laywords()
    name = write_generation(folder, origin(known), [weighed(each, heard) for each in listings])
    return open_generation(folder, name, origin(known))


def snapshot(generation: Generation) -> Snapshot:
    """What a search of this generation reads."""
    return Snapshot(generation, Lexicon(generation.inverted.spellings, laywords()))


def searcher(known: Extents) -> Searcher:
    """What searches of this borough share."""
    return Searcher(taxonomy(), laywords(), known)


CHECKED = date(2026, 11, 1)
