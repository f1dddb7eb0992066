"""Answers sealed under a token: only the token opens them, nothing else tells of them, and a changed byte opens nothing."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questioning import people

from portal.assessment.answers import Answers
from portal.assessment.cookie import cookie_name, read_token
from portal.assessment.keeping import Sitting
from portal.sealing import Unreadable, key_of_site, key_of_token, new_token

CANARY = "a robin sings at dusk"


@settings(deadline=None)
@given(people())
def test_a_sitting_comes_back_as_it_was(answers: Answers) -> None:
    sitting = Sitting(answers, code="AB", steps={"chair": "done"}, is_counted=True, is_aloud=True)
    assert msgspec.json.decode(msgspec.json.encode(sitting), type=Sitting) == sitting


def test_a_sitting_of_an_older_shape_opens_with_what_it_has() -> None:
    assert msgspec.json.decode(b'{"answers": {"chosen": {"who": ["me"]}}}', type=Sitting) == Sitting(Answers({"who": ("me",)}))


def test_what_is_sealed_shows_nothing_and_never_looks_the_same_twice() -> None:
    key = key_of_token(new_token(), "sitting")
    once, again = (key.seal(CANARY.encode(), key.id) for _ in range(2))
    assert once != again
    assert CANARY.encode() not in once
    assert key.open(once, key.id) == key.open(again, key.id) == CANARY.encode()


@settings(deadline=None)
@given(st.data())
def test_a_changed_byte_opens_nothing(data: st.DataObject) -> None:
    key = key_of_token("x" * 43, "sitting")
    sealed = bytearray(key.seal(CANARY.encode(), key.id))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        key.open(bytes(sealed), key.id)


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 12, b"x" * 28])
def test_what_was_never_sealed_opens_as_nothing(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        key_of_token("x" * 43, "sitting").open(sealed, "id")


def test_bytes_open_only_where_they_belong_with_their_own_token_and_for_their_own_purpose() -> None:
    token = new_token()
    key = key_of_token(token, "sitting")
    sealed = key.seal(CANARY.encode(), key.id)
    for other, belongs_to in (
        (key, "another row"),
        (key_of_token(token, "plan"), key.id),
        (key_of_token(new_token(), "sitting"), key.id),
        (key_of_site(token, "sitting"), key.id),
    ):
        with pytest.raises(Unreadable):
            other.open(sealed, belongs_to)


def test_the_id_of_a_row_is_not_the_token_nor_a_part_of_the_key() -> None:
    token = new_token()
    key = key_of_token(token, "sitting")
    assert key.id not in token
    assert key.id not in key.secret.hex()
    assert len({key_of_token(new_token(), "sitting").id for _ in range(100)}) == 100


def test_a_cookie_holds_a_token_that_we_could_have_given_or_nothing() -> None:
    class Asked:
        def __init__(self, value: str) -> None:
            self.cookies = {"answers": value}

    token = new_token()
    assert read_token(Asked(token), is_secure=False) == token  # type: ignore[arg-type]  # only its cookies are read
    for value in ("", token[:-1], token + "x", "x" * 10_000, "ü" * 43, token[:-1] + " ", token[:-1] + "\n"):
        assert read_token(Asked(value), is_secure=False) == ""  # type: ignore[arg-type]  # as above
    assert read_token(Asked(token), is_secure=True) == "", "over https only the name that other hosts cannot set counts"  # type: ignore[arg-type]
    assert cookie_name(secure=True).startswith("__Host-")
