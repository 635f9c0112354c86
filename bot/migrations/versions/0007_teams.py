"""Where chats in Teams are, what is to be reminded of, and what came in already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_teams"
down_revision = "0006_statistics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teams_chats",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("service_url", sa.String(300), nullable=False),
        sa.Column("agent", sa.String(255), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=True, unique=True),
        sa.Column("heard_at", sa.Float(), nullable=False),
        sa.Column("remind_at", sa.Float(), nullable=True),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(120), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=False, server_default="0"),
    )
    op.create_index("ix_teams_chats_remind_at", "teams_chats", ["remind_at"])
    op.create_table(
        "teams_seen",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("content", sa.String(32), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_index("ix_teams_seen_at", "teams_seen", ["at"])


def downgrade() -> None:
    op.drop_table("teams_seen")
    op.drop_table("teams_chats")
