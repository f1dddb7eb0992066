"""Words, nearness and terms are found alike by both databases."""

from __future__ import annotations

import pytest
from little_borough import extents, taxonomy
from little_directory import Directory, service_id
from sqlalchemy import Engine

from portal.api.oruk.choosing import Chooser
from portal.api.oruk.parameter import Answer
from portal.api.oruk.reading import read
from portal.api.oruk.records import Records
from portal.api.oruk.services import Ground
from portal.api.oruk.vocabulary import Vocabulary
from portal.db import reading

NAMES = {0: "Straßenfest", 1: "ÉCOLE du soir", 2: "Lunch & Munch", 3: "Brunch", 4: "100% lunch_club"}


@pytest.fixture(params=["database", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both databases; services 0 to 4 by the names above, 5 to 8 called Club, one kilometre's ninth part apart from south to north."""
    engine: Engine = request.getfixturevalue(request.param)
    directory = Directory(engine)
    directory.fill(9)
    for number, name in NAMES.items():
        directory.change(number, name=name, description="")
    return engine


def test_words_nearness_and_terms(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    own = Vocabulary(taxonomy())
    records = Records(Ground(own, lambda _postcode: ""), Chooser(own, extents(tmp_path_factory.mktemp("borough"))))
    everybody = set(range(9))
    south = {"postcode": "ZZ3 1AB"}  # its middle is where service 0 is
    expected: list[tuple[dict[str, str], set[int]]] = [
        ({"search": "Straße"}, {0}),
        ({"search": "STRASSE"}, set()),
        ({"search": "école"}, {1}),
        ({"search": "École SOIR"}, {1}),
        ({"search": "lunch"}, {2, 4, 5, 6, 7, 8}),
        ({"search": "100 lunch"}, {4}),
        ({"search": "unch"}, set()),
        ({"search": "club"}, {5, 6, 7, 8}),
        ({"search": "friends"}, everybody),
        ({"search": "friends number6"}, {6}),
        ({**south, "proximity": "100"}, {0}),
        ({**south, "proximity": "250"}, {0, 1, 2}),
        ({**south, "proximity": "650", "search": "club"}, {5}),
        ({"postcode": "ZZ4 1AA", "proximity": "50"}, set()),
        (south, everybody),
        ({"taxonomy_term_id": str(own.by_need["falls"].id)}, {0, 3, 6}),
        ({"taxonomy_term_id": str(own.by_need["food"].id), "search": "club"}, {7}),
        ({"taxonomy_id": str(own.id)}, everybody),
        ({"taxonomy_id": str(service_id(1))}, set()),
    ]
    with reading(engine) as session:
        for asked, numbers in expected:
            for answer in (Answer.SERVICES, Answer.SERVICE_AT_LOCATIONS):
                contents = records.page(session, read(answer, list(asked.items()))).contents
                ids = [each.id if answer is Answer.SERVICES else each.service_id for each in contents]  # type: ignore[attr-defined]
                assert sorted(ids) == sorted(service_id(number) for number in numbers), (answer, asked)
