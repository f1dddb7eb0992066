"""The little borough's places, once a run of these tests."""

from __future__ import annotations

import little_borough
import pytest

from portal.search.areas import Extents


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Extents:
    """The little borough's places."""
    return little_borough.extents(tmp_path_factory.mktemp("localities"))
