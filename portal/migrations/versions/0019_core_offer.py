"""The core offer: what the council names that every locality should have."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minimum BETWEEN 1 AND 20", name=op.f("ck_core_offer_minimum")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_offer")),
        sa.UniqueConstraint("need", "conditions", name=op.f("uq_core_offer_need_conditions")),
    )


def downgrade() -> None:
    op.drop_table("core_offer")
