"""What would become of a spreadsheet that was sent in, as its pages show it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("upload", sa.Column("look", sa.JSON(), nullable=True))
    op.create_table(
        "upload_looked_row",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_upload_looked_row_upload_id_upload"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("upload_id", "place", name=op.f("pk_upload_looked_row")),
    )


def downgrade() -> None:
    op.drop_table("upload_looked_row")
    op.drop_column("upload", "look")
