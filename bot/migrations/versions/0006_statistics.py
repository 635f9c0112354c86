"""How often on a day something happened, without text and without in which conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0006_statistics"
down_revision = "0005_thumbs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statistics_count",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
