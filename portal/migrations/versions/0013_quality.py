"""Quality: what reading each listing gave, and the areas in which it counts."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quality",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("is_plain", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("measured_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_quality_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_quality")),
    )
    op.create_table(
        "quality_place",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_quality_place_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "place", name=op.f("pk_quality_place")),
    )
    op.create_index(op.f("ix_quality_place_place"), "quality_place", ["place"], unique=False)
    counted = ["status", "id", "organization_id", "version", "assured_date", "known_on", "url"]
    op.create_index("ix_service_counted", "service", counted, unique=False)


def downgrade() -> None:
    op.drop_index("ix_service_counted", table_name="service")
    op.drop_index(op.f("ix_quality_place_place"), table_name="quality_place")
    op.drop_table("quality_place")
    op.drop_table("quality")
