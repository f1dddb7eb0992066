"""Two packs to ask: the demo's, and a small one made here with namesakes, a borough of two authorities and a village beyond it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from portal.localities.boundaries import Boundaries, load_boundaries
from portal.localities.gazetteer import Gazetteer, load_gazetteer

DEMO = Path(__file__).parents[3] / "content" / "demo" / "localities"

LOCALITIES = [
    {"slug": "millbrook", "name": "Millbrook", "codes": ["E05000001"], "lads": ["Westshire"]},
    {"slug": "eastmoor", "name": "Eastmoor", "codes": ["E05000002", "E05000003"], "lads": ["Eastshire", "Westshire"]},
    {"slug": "overton-eastshire", "name": "Overton (Eastshire)", "codes": ["E05000004"], "lads": ["Eastshire"]},
    {"slug": "overton-westshire", "name": "Overton (Westshire)", "codes": ["E05000005"], "lads": ["Westshire"]},
    {"slug": "castle-and-st-oswins", "name": "Castle & St Oswin's", "codes": ["E05000006"], "lads": ["Westshire"]},
    {"slug": "holm", "name": "Holm"},
]
POSTCODES = [
    "ZY1 1AA,54.000,1.000,millbrook", "ZY1 1AB,54.001,1.001,millbrook", "ZY1 1AD,54.002,1.002,millbrook",
    "ZY1 1AE,54.001,1.003,millbrook", "ZY1 1AF,54.020,1.000,eastmoor",
    "ZY1 2AA,54.010,1.100,eastmoor", "ZY1 2AB,54.011,1.101,millbrook",
    "ZY10 1AA,54.050,1.050,overton-eastshire", "ZY10 1AB,54.051,1.051,overton-eastshire",
    "ZY2 0OI,54.100,1.000,overton-westshire", "Z1I 1AA,54.110,1.010,castle-and-st-oswins", "ZY3 1AA,54.300,1.300,",
    "ZY35 1AA,54.310,1.310,", "ZY1 0AA,54.001,1.002,millbrook",
]  # fmt: skip
PLACES = [
    "Millbrook,locality,54.001,1.001,millbrook", "Eastmoor,locality,54.010,1.100,eastmoor",
    "Mill Lane,street,54.001,1.002,millbrook", "Mill Lane,street,54.012,1.098,eastmoor", "Hill Road,street,54.0,1.0,millbrook",
    "St Oswin's Road,street,54.109,1.009,castle-and-st-oswins", "Farley,place,54.2,1.2,", "Farley,place,54.02,1.02,eastmoor",
    "Holm,street,54.0,1.0,millbrook", "Holm,locality,54.06,1.06,holm", "Millbrook,place,54.0015,1.0015,millbrook",
    "Overton,place,54.0505,1.0505,overton-eastshire", "Stanningham,place,54.03,1.03,eastmoor",
    "Stanningley,place,54.04,1.04,eastmoor", "Morley,place,54.04,1.02,eastmoor", "Norley,place,54.09,1.02,eastmoor",
    "Acre,place,54.04,1.03,eastmoor", "Hill Road,street,54.0,1.0009,millbrook", "Eastshire,place,54.045,1.045,overton-eastshire",
]  # fmt: skip


def _write_pack(
    folder: Path, *, localities: Sequence[dict[str, object]] = (), postcodes: Sequence[str] = (), places: Sequence[str] = ()
) -> Path:
    """A pack of these rows; every locality is a square of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [[[at, 54], [at + 1, 54], [at + 1, 55], [at, 55], [at, 54]]]},
        }
        for at, properties in enumerate(localities or LOCALITIES)
    ]
    head = {"type": "FeatureCollection", "name": "Calder", "boundary_date": "2025-05-01", "source": "Made for tests"}
    (folder / "localities.geojson").write_text(json.dumps({**head, "features": features}), "utf-8")
    (folder / "postcodes.csv").write_text("\n".join(["postcode,lat,long,locality", *(postcodes or POSTCODES)]), "utf-8")
    (folder / "places.csv").write_text("\n".join(["name,kind,lat,long,locality", *(places or PLACES)]), "utf-8")
    return folder


@pytest.fixture(scope="session")
def write_pack() -> Callable[..., Path]:
    """Writes a pack into a folder, by default the one above, and gives the folder back."""
    return _write_pack


@pytest.fixture(scope="session")
def demo() -> Gazetteer:
    return load_gazetteer(DEMO)


@pytest.fixture(scope="session")
def demo_boundaries() -> Boundaries:
    return load_boundaries(DEMO)


@pytest.fixture(scope="session")
def calder(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return load_gazetteer(_write_pack(tmp_path_factory.mktemp("calder")))
