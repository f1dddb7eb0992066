"""The open list of services that are or were public, from now on: what is public today, in the order in which we had it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listed_service",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_listed_service")),
        sa.UniqueConstraint("service_id", name=op.f("uq_listed_service_service_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_listed_service_organization_id"), "listed_service", ["organization_id"])
    op.create_index(op.f("ix_listed_service_changed_at"), "listed_service", ["changed_at"])
    op.create_index("ix_listed_service_state", "listed_service", ["status", "position"])
    _list_what_is_public()


def downgrade() -> None:
    op.drop_table("listed_service")


def _list_what_is_public() -> None:
    """Dated now: whoever reads the list for the first time has read nothing before."""
    service = sa.table(
        "service",
        sa.column("id", sa.Uuid()),
        sa.column("organization_id", sa.Uuid()),
        sa.column("status", sa.String()),
        sa.column("known_on", sa.Date()),
    )
    listed = sa.table("listed_service", *(sa.column(name) for name in ("service_id", "organization_id", "status", "changed_at")))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    at = sa.func.strftime("%Y-%m-%d %H:%M:%S.000000", "now") if is_sqlite else sa.func.date_trunc("second", sa.func.now())
    public = sa.select(service.c.id, service.c.organization_id, service.c.status, at)
    public = public.where(service.c.status.in_(("active", "temporarily closed"))).order_by(service.c.known_on, service.c.id)
    op.execute(listed.insert().from_select(["service_id", "organization_id", "status", "changed_at"], public))
