"""What a person confirmed that a bot may do with real money"""

import sqlalchemy as sa
from alembic import op

from tools.store.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("voided_at", Moment()),
        sa.Column("void_reason", sa.String()),
    )
    op.create_index("mandate_bot_at", "mandate", ["bot_id", "at"])
