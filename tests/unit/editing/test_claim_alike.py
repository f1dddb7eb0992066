"""Whether a missing organization is one that is here: by name, website or telephone."""

from __future__ import annotations

import uuid

import pytest

from portal.directory.likeness import last_digits
from portal.editing.claiming.alike import MOST, Known, alike
from portal.editing.claiming.told import Founding

CLUB = Known(uuid.UUID(int=1), "Elm Street Lunch Club", "https://www.elmlunch.org.uk", ("01632 960 123",))
OTHERS = tuple(
    Known(uuid.UUID(int=number + 10), name) for number, name in enumerate(("Calderwick Stargazers", "Quay Joggers", "Purl Line"))
)


@pytest.mark.parametrize(
    "founding",
    [
        Founding(name="Elm Street Lunch Club"),
        Founding(name="ELM STREET LUNCH-CLUB"),
        Founding(name="The Elm Street Lunch Club"),
        Founding(name="Lunch Club Elm Street"),
        Founding(name="Elm Stret Lunch Club"),
        Founding(name="Élm Street’s Lunch Club"),
        Founding(name="Something else", website="http://elmlunch.org.uk/contact"),
        Founding(name="Something else", phone="+44 1632 960123"),
        Founding(name="Something else", phone="(01632) 960-123"),
    ],
)
def test_it_is_found_by_name_website_or_telephone(founding: Founding) -> None:
    assert alike(founding, (*OTHERS, CLUB))[:1] == (CLUB,)


@pytest.mark.parametrize(
    "founding",
    [
        Founding(name="Bell Foundry Bowls"),
        Founding(name="Club"),
        Founding(name="", website="", phone=""),
        Founding(name="Something else", website="https://www.facebook.com/somethingelse", phone="01632"),
        Founding(name="ہمارا لنچ کلب"),
    ],
)
def test_others_are_left_alone(founding: Founding) -> None:
    assert alike(founding, (*OTHERS, CLUB, Known(uuid.uuid4(), "A page", "https://facebook.com/apage"))) == ()


def test_the_same_website_comes_before_a_name_that_is_only_alike_and_there_are_few() -> None:
    many = [Known(uuid.UUID(int=number + 100), f"Elm Street Lunch Club {number}") for number in range(20)]
    found = alike(Founding(name="Elm Street Lunch Club 3", website="elmlunch.org.uk"), (*many, CLUB))
    assert len(found) == MOST
    assert found[0] == CLUB


def test_a_number_is_known_by_its_last_digits() -> None:
    assert last_digits("+44 1632 960123") == last_digits("01632 960 123")
    assert last_digits("999") == ""
