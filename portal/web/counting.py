"""The folder in which all workers count what `/metrics` adds up. Imports nothing of the library, which looks for it when it is imported."""

from __future__ import annotations

import os
import shutil
from typing import Final

from portal.config import Settings

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"  # the library's own variable


def is_shared() -> bool:
    """Whether several workers count together in the folder."""
    return FOLDER in os.environ


def share(settings: Settings) -> None:
    """Make the folder, empty, where somebody wants the numbers. Counting begins anew with each start of the server."""
    if not settings.metrics_token:
        return
    folder = settings.instance / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FOLDER] = str(folder)
