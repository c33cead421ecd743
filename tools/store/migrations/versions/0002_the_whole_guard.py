"""The whole guard: sealed audit, proposals, permits, holds, peaks, submissions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session
from sqlmodel import select

from tools.store.seal import seal
from tools.store.tables import AuditHeadRow, AuditRow, Exact, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = """
    CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit
    BEGIN SELECT RAISE(ABORT, 'lines of the audit are only ever added'); END
"""


def upgrade() -> None:
    _widen_trades()
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("tainted", sa.Boolean(), nullable=False, server_default=sa.false()))
    _seal_the_audit()
    _create_proposals()
    _create_permits()
    _create_holds()
    op.create_table(
        "submission",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _widen_trades() -> None:
    """All trades so far are simulated."""
    op.drop_index("trade_bot_open", "trade")
    op.rename_table("trade", "trade_before")
    op.create_table(
        "trade",
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("trade_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("pair", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("stake", Exact(), nullable=False),
        sa.Column("pending", Exact(), nullable=False),
        sa.Column("entry_rate", Exact(), nullable=False),
        sa.Column("exit_rate", Exact(), nullable=True),
        sa.Column("current_rate", Exact(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("profit", Exact(), nullable=False),
        sa.Column("profit_pct", Exact(), nullable=False),
        sa.Column("enter_tag", sa.String(), nullable=True),
        sa.Column("exit_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bot_id", "trade_id", "mode"),
    )
    op.create_index("trade_bot_open", "trade", ["bot_id", "is_open"])
    kept = (
        "bot_id, trade_id, pair, is_open, amount, stake, entry_rate, exit_rate, current_rate, opened_at, closed_at, "
        "profit, profit_pct, enter_tag, exit_reason"
    )
    op.execute(f"INSERT INTO trade ({kept}, mode, pending) SELECT {kept}, 'SIMULATED', '0' FROM trade_before")  # noqa: S608
    op.drop_table("trade_before")


def _seal_the_audit() -> None:
    with op.batch_alter_table("audit") as audit:
        for name in ("risk", "previous", "seal"):
            audit.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with Session(op.get_bind()) as session:
        line, last = 0, ""
        for row in session.scalars(select(AuditRow).order_by("id")):
            row.previous = last
            row.seal = last = seal(row.model_dump())
            line = row.id or line
        session.add(AuditHeadRow(line=line, seal=last))
        session.commit()
    for verb in ("UPDATE", "DELETE"):
        op.execute(APPEND_ONLY.format(verb=verb))


def _create_proposals() -> None:
    op.drop_table("proposal")
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("submission", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("action_kind", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=True),
        sa.Column("actor", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("effect", sa.JSON(), nullable=True),
        sa.Column("preview", sa.JSON(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("effective_at", Moment(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decider", sa.JSON(), nullable=True),
        sa.Column("executing_at", Moment(), nullable=True),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("rule_numbers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("proposal_status", "proposal", ["status"])


def _create_permits() -> None:
    op.create_table(
        "permit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("bot_name", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("pair", sa.String(), nullable=False),
        sa.Column("stake", Exact(), nullable=False),
        sa.Column("order_json", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("placed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("permit_bot_at", "permit", ["bot_id", "at"])
    op.create_index("permit_status", "permit", ["status"])


def _create_holds() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("released_at", Moment(), nullable=True),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("hold_released", "hold", ["released_at"])
    op.create_table(
        "peak",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("profit", Exact(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("scope"),
    )
    op.create_table(
        "departed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("profit_today", Exact(), nullable=False),
        sa.Column("profit", Exact(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
