"""Runs migrations against the engine that the command hands over in `config.attributes["engine"]`."""

from alembic import context

from portal import history, mail, tally  # noqa: F401 - tables register themselves when imported, here and below
from portal.accounts import models as people  # noqa: F401
from portal.accounts.signing import models as signing  # noqa: F401
from portal.assessment import keeping  # noqa: F401
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
from portal.insight.monthly import models as months  # noqa: F401
from portal.insight.offer import models as offer  # noqa: F401
from portal.search import misses  # noqa: F401
from portal.sharing.asking import models as asking  # noqa: F401
from portal.sharing.plans import kept  # noqa: F401
from portal.web import limits  # noqa: F401


def run() -> None:
    engine = context.config.attributes["engine"].execution_options(writes=True)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


run()
