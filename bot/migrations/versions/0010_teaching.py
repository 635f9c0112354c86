"""What staff propose to teach Pluis."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_teaching"
down_revision = "0009_helpdesk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teaching_proposals",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column(
            "conversation_id",
            sa.String(64),
            sa.ForeignKey("conversations.id", ondelete="SET NULL"),
            nullable=True,
            index=True,
        ),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("reviewer", sa.String(64), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_teaching_proposals_state", "teaching_proposals", ["state", "created_at"])


def downgrade() -> None:
    op.drop_table("teaching_proposals")
