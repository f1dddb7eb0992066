"""What few requests need is not held by every process from its start."""

from __future__ import annotations

import os
import subprocess
import sys

from portal.config import Settings

LATE = {"alembic", "confusable_homoglyphs", "icalendar", "typst", "webauthn", "xlsxwriter"}
START = """
import sys
from portal.config import from_environment
from portal.web.app import create_app
from portal.web.serving import serve
create_app(from_environment())
print(*sys.modules)
"""


def test_a_site_that_nobody_asked_anything_has_not_imported_what_few_requests_need(demo: Settings) -> None:
    environ = {**os.environ, "PORTAL_STATE": str(demo.instance.parent)}
    started = subprocess.run([sys.executable, "-c", START], env=environ, capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in started.stdout.split()}
    assert "flask" in imported
    assert not imported & LATE
