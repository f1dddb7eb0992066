"""Places of the services in the open list get places of their own, in the order in which they are listed; each change a number."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listed_service", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "listed_place",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("gone_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_listed_place")),
        sa.UniqueConstraint("place_id", name=op.f("uq_listed_place_place_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_listed_place_service_id"), "listed_place", ["service_id"])
    _list_what_is_there()


def downgrade() -> None:
    op.drop_table("listed_place")
    op.drop_column("listed_service", "revision")


def _list_what_is_there() -> None:
    at = sa.table(
        "service_at_location", sa.column("id", sa.Uuid()), sa.column("service_id", sa.Uuid()), sa.column("position", sa.Integer())
    )
    listed = sa.table("listed_service", sa.column("service_id", sa.Uuid()), sa.column("position", sa.Integer()))
    place = sa.table("listed_place", sa.column("place_id", sa.Uuid()), sa.column("service_id", sa.Uuid()))
    there = sa.select(at.c.id, at.c.service_id).join_from(listed, at, at.c.service_id == listed.c.service_id)
    there = there.order_by(listed.c.position, at.c.position, at.c.id)
    op.execute(place.insert().from_select(["place_id", "service_id"], there))
