"""A stream of everything holds one batch at a time, however long it is."""

from __future__ import annotations

from unittest import mock

from flask.testing import FlaskClient

from portal.api.oruk import records
from portal.api.oruk.records import AT_ONCE


def test_a_stream_reads_on_only_as_far_as_it_is_taken(reader: FlaskClient) -> None:
    with mock.patch.object(records, "reading_copy", wraps=records.reading_copy) as read:
        chunks = reader.get("/api/oruk/v3/services?full=true&format=ndjson", buffered=False).iter_encoded()
        lines = [next(chunks).count(b"\n") for _ in range(3)]
        assert read.call_count == 3, "nothing is read ahead"
        lines += [chunk.count(b"\n") for chunk in chunks]
    assert max(lines) == AT_ONCE
    assert sum(lines) > 400
    assert read.call_count == len(lines)
