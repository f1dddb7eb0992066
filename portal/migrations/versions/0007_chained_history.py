"""The history as a chain: lines that are there are chained in the order in which they were added."""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.history.chain import START, Link

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AT_ONCE = 2_000
LINES = sa.table(
    "history",
    sa.column("id", sa.Integer()),
    sa.column("resource_type", sa.String()),
    sa.column("resource_id", sa.Uuid()),
    sa.column("action", sa.String()),
    sa.column("changes", sa.JSON()),
    sa.column("acted_by", sa.String()),
    sa.column("reason", sa.String()),
    sa.column("acted_at", portal.db.UtcDateTime(timezone=True)),
    sa.column("position", sa.Integer()),
    sa.column("chained", sa.String()),
)


def upgrade() -> None:
    op.add_column("history", sa.Column("position", sa.Integer(), nullable=True))
    op.add_column("history", sa.Column("chained", sa.String(), nullable=True))
    head = op.create_table(
        "history_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chained", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_head")),
    )
    last = chain(op.get_bind())
    op.bulk_insert(head, [{"id": 1, "position": last.position, "chained": last.chained}])
    op.create_index("ix_history_position", "history", ["position"], unique=True)


def chain(connection: sa.Connection) -> Link:
    place, after = Link(0, START), -1
    write = sa.update(LINES).where(LINES.c.id == sa.bindparam("own_id"))
    write = write.values(position=sa.bindparam("its_place"), chained=sa.bindparam("its_hash"))
    while rows := connection.execute(sa.select(LINES).where(LINES.c.id > after).order_by(LINES.c.id).limit(AT_ONCE)).mappings().all():
        places = []
        for row in rows:
            place = place.next({str(name): value for name, value in row.items()})
            places.append({"own_id": row["id"], "its_place": place.position, "its_hash": place.chained})
        connection.execute(write, places)
        after = rows[-1]["id"]
    return place


def downgrade() -> None:
    op.drop_index("ix_history_position", "history")
    op.drop_table("history_head")
    op.drop_column("history", "chained")
    op.drop_column("history", "position")
