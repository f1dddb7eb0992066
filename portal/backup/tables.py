"""Which tables a backup has: all that the site has, but for what lasts minutes. Importing this makes every table known.

What is left out cannot come back: a sign-in that somebody ended, answers that somebody cleared, a challenge that was used.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table, inspect

from portal import history, mail, tally  # noqa: F401 - tables register themselves when imported, here and below
from portal.accounts import models as people  # noqa: F401
from portal.accounts.signing import models as signing  # noqa: F401
from portal.assessment import keeping  # noqa: F401
from portal.backup import models as purged  # noqa: F401
from portal.council import models as council  # noqa: F401
from portal.db import Base
from portal.directory import changes, models, reports, versions  # noqa: F401
from portal.directory.feeds import models as feeds  # noqa: F401
from portal.directory.openreferral import loaded  # noqa: F401
from portal.editing import telling  # noqa: F401
from portal.editing.claiming import models as claims  # noqa: F401
from portal.editing.freshness import models as freshness  # noqa: F401
from portal.editing.links import models as links  # noqa: F401
from portal.editing.proposals import models as proposals  # noqa: F401
from portal.editing.quality import models as quality  # noqa: F401
from portal.editing.spreadsheet import models as spreadsheets  # noqa: F401
from portal.errors import SourceError
from portal.insight.monthly import models as months  # noqa: F401
from portal.insight.offer import models as offer  # noqa: F401
from portal.search import misses  # noqa: F401
from portal.sharing.asking import models as asking  # noqa: F401
from portal.sharing.plans import kept  # noqa: F401

LEFT_OUT: Final = frozenset({"limit_count", "passkey_ceremony", "sign_in", "sign_in_asked", "sitting"})
OWN: Final = "alembic_version"  # the tool's that migrates


def kept_tables() -> list[Table]:
    """Every table that a backup has; what others refer to comes first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def refuse_unknown(connection: Connection) -> None:
    """Raises `SourceError` for a database with a table that this version of the portal does not know: nothing may be left behind."""
    unknown = set(inspect(connection).get_table_names()) - {table.name for table in kept_tables()} - LEFT_OUT - {OWN}
    if unknown:
        raise SourceError(f"The database has tables that are not the portal's: {', '.join(sorted(unknown))}.")
