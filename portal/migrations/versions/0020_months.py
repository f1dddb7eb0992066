"""Months: what there was for each need in each locality, remembered once a month."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WHOLE = ("covers", "local", "based", "places")
PARTS = ("free", "step_free", "evening", "weekend", "remote", "in_languages")


def upgrade() -> None:
    op.create_table(
        "insight_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("taken_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("too_old", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_insight_month")),
    )
    op.create_table(
        "insight_month_cell",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("locality", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in WHOLE),
        sa.Column("hours", sa.Double(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in PARTS),
        sa.Column("expected", sa.Double(), nullable=True),
        sa.Column("ratio", sa.Double(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["month"], ["insight_month.month"], name=op.f("fk_insight_month_cell_month_insight_month"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("month", "need", "locality", name=op.f("pk_insight_month_cell")),
    )


def downgrade() -> None:
    op.drop_table("insight_month_cell")
    op.drop_table("insight_month")
