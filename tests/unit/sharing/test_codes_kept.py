"""A code that somebody wrote down opens their plan whatever was changed since, and is as slow to try as it is meant to be."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from portal import sealing

KEY = sealing.Key("14feaa05293961ead906e2a5acdf2de3", bytes.fromhex("a41495e88bda210ba2ec14f10d23db06099bbf92c38eb22b047e393a3ecea012"))


def test_the_key_of_a_code_stays_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three passes over 64 MiB: less of either, or another salt or length, gives another key."""
    monkeypatch.setattr(sealing, "Argon2id", Argon2id)  # in place of the light one of all other tests
    assert sealing.key_of_code("K7Q4-M2XR-9TBD", "s" * 40) == KEY
