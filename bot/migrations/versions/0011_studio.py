"""Practice dialogues that trainers write, the groups they give them to, and what trainees share of their plays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_studio"
down_revision = "0010_teaching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio_dialogues",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
    )
    op.create_table(
        "studio_versions",
        sa.Column(
            "dialogue",
            sa.String(40),
            sa.ForeignKey("studio_dialogues.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("in_play", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "studio_groups",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("code", sa.String(8), nullable=False, unique=True),
        sa.Column("dialogue", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("until", sa.Date(), nullable=False, index=True),
    )
    op.create_table(
        "studio_tries",
        sa.Column("group_id", sa.String(16), sa.ForeignKey("studio_groups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("trainee", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("ending", sa.String(40), nullable=False),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
    )


def downgrade() -> None:
    for table in ("studio_tries", "studio_groups", "studio_versions", "studio_dialogues"):
        op.drop_table(table)
