"""What the council writes: banners, facts of advice pages, words about localities."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('banner', 'amount', 'line', 'check', 'locality')", name=op.f("ck_council_entry_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_entry")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_council_entry_kind_name")),
    )


def downgrade() -> None:
    op.drop_table("council_entry")
