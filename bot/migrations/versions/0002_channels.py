"""Tables of the channels: conversations, activities, turns, replies, wipes."""

import sqlalchemy as sa
from alembic import op

revision = "0002_channels"
down_revision = "0001_knowledge"
branch_labels = None
depends_on = None


def _conversation() -> sa.Column:
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.String(64), key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("base_url", sa.String(300), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("touched_at", sa.Float, nullable=False),
        sa.Column("next_number", sa.Integer, nullable=False),
        sa.Column("persons", sa.Integer, nullable=False),
        sa.Column("open_offer", sa.Integer, nullable=False),
        sa.Column("outage_told", sa.Boolean, nullable=False),
        sa.Column("lease_owner", sa.String(120)),
        sa.Column("lease_until", sa.Float, nullable=False),
    )
    op.create_index("ix_conversations_touched_at", "conversations", ["touched_at"])
    op.create_table(
        "activities",
        sa.Column("id", sa.String(96), primary_key=True),
        _conversation(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("message_key", sa.String(64)),
        sa.Column("body", sa.JSON, nullable=False),
        sa.UniqueConstraint("conversation_id", "number"),
        sa.UniqueConstraint("conversation_id", "message_key"),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.String(36), primary_key=True),
        _conversation(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_index("ix_turns_waiting", "turns", ["state", "conversation_id", "number"])
    op.create_table(
        "replies",
        sa.Column("id", sa.String(32), primary_key=True),
        _conversation(),
        sa.Column("offer", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
    )
    op.create_index("ix_replies_conversation_id", "replies", ["conversation_id"])
    op.create_table(
        "wipes",
        sa.Column("conversation_id", sa.String(64), primary_key=True),
        sa.Column("asked_at", sa.Float, nullable=False),
        sa.Column("engine_done_at", sa.Float),
    )


def downgrade() -> None:
    for table in ("wipes", "replies", "turns", "activities", "conversations"):
        op.drop_table(table)
