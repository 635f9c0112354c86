"""How often the answer of a topic got a thumb up or down, by day."""

import sqlalchemy as sa
from alembic import op

revision = "0005_thumbs"
down_revision = "0004_editing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_thumb",
        sa.Column("topic_id", sa.String(80), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("up", sa.Boolean, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
