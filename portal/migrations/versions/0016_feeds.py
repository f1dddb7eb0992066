"""Feeds: other directories that are kept in step, how far each is read, and what each lists."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = portal.db.UtcDateTime(timezone=True)
    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.Column("removed_at", moment, nullable=True),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.Column("whole_at", moment, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", moment, nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("knows_changes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("name", name=op.f("uq_feed_name")),
        sa.UniqueConstraint("url", name=op.f("uq_feed_url")),
    )
    op.create_index(op.f("ix_feed_next_at"), "feed", ["next_at"], unique=False)
    op.create_table(
        "feed_reading",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("since", moment, nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("last_ids", sa.String(), nullable=False),
        sa.Column("is_odd", sa.Boolean(), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_reading_feed_id_feed"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_reading")),
    )
    op.create_table(
        "feed_page",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("modified", sa.String(), nullable=False),
        sa.Column("remote_ids", sa.JSON(), nullable=False),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_page_feed_id_feed"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "page", name=op.f("pk_feed_page")),
    )
    op.create_table(
        "feed_listing",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=True),
        sa.Column("keeps_owner", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", moment, nullable=False),
        sa.Column("last_seen_at", moment, nullable=False),
        sa.Column("seen_in", sa.Uuid(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_listing_feed_id_feed"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "remote_id", name=op.f("pk_feed_listing")),
        sa.UniqueConstraint("key", name=op.f("uq_feed_listing_key")),
    )
    op.create_index(op.f("ix_feed_listing_match_id"), "feed_listing", ["match_id"], unique=False)
    op.create_index(op.f("ix_feed_listing_service_id"), "feed_listing", ["service_id"], unique=False)
    op.create_index("ix_feed_listing_waiting", "feed_listing", ["state", "first_seen_at"], unique=False)
    op.create_table(
        "feed_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("held_until", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_round")),
    )


def downgrade() -> None:
    op.drop_table("feed_round")
    op.drop_index("ix_feed_listing_waiting", table_name="feed_listing")
    op.drop_index(op.f("ix_feed_listing_service_id"), table_name="feed_listing")
    op.drop_index(op.f("ix_feed_listing_match_id"), table_name="feed_listing")
    op.drop_table("feed_listing")
    op.drop_table("feed_page")
    op.drop_table("feed_reading")
    op.drop_index(op.f("ix_feed_next_at"), table_name="feed")
    op.drop_table("feed")
