"""The tables. JSON columns hold the canonical JSON of the models that other rooms own."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, Dialect, Index, UniqueConstraint
from sqlalchemy.types import DateTime, String, TypeDecorator
from sqlmodel import Field, SQLModel


def now() -> datetime:
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time; SQLite would forget the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Exact(TypeDecorator[Decimal]):
    """A decimal kept as its digits; SQLite would make a float of it."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, _: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class BotRow(SQLModel, table=True):
    """A bot and what its owner asked of it."""

    __tablename__ = "bot"

    id: str = Field(primary_key=True)
    name_key: str = Field(unique=True)
    """The name, case-folded: two bots cannot be told apart by capitals."""
    spec: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: str
    venue: str
    conversation_id: str | None = None
    """The conversation in which it was made: its trades are told there."""
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    started_at: datetime | None = Field(default=None, sa_type=Moment)


class TradeRow(SQLModel, table=True):
    """A trade as a bot's Freqtrade last told; kept when the bot is off."""

    __tablename__ = "trade"
    __table_args__ = (Index("trade_bot_open", "bot_id", "is_open"),)

    bot_id: str = Field(primary_key=True, foreign_key="bot.id", ondelete="CASCADE")
    trade_id: int = Field(primary_key=True)
    mode: str = Field(primary_key=True)
    """A bot's simulated and real trades are numbered apart."""
    pair: str
    is_open: bool
    amount: Decimal = Field(sa_type=Exact)
    stake: Decimal = Field(sa_type=Exact)
    pending: Decimal = Field(default=Decimal(0), sa_type=Exact)
    """What its open entry orders may still take besides."""
    entry_rate: Decimal = Field(sa_type=Exact)
    exit_rate: Decimal | None = Field(default=None, sa_type=Exact)
    current_rate: Decimal | None = Field(default=None, sa_type=Exact)
    opened_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    profit: Decimal = Field(sa_type=Exact)
    profit_pct: Decimal = Field(sa_type=Exact)
    enter_tag: str | None = None
    exit_reason: str | None = None


class ConversationRow(SQLModel, table=True):
    __tablename__ = "conversation"

    id: str = Field(primary_key=True)
    title: str = ""
    language: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)


class MessageRow(SQLModel, table=True):
    """One turn: what the person said, and the model's messages that came of it."""

    __tablename__ = "message"
    __table_args__ = (Index("message_conversation", "conversation_id", "created_at"),)

    run_id: str = Field(primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", ondelete="CASCADE")
    door: str
    text: str
    language: str
    status: str
    """queued, running, done, failed, cancelled or interrupted."""
    model: str = ""
    tainted: bool = False
    """Whether it read text from outside: while the model sees this turn, later ones can only propose."""
    model_messages: list[Any] | None = Field(default=None, sa_column=Column(JSON))
    """Pydantic AI's JSON of the messages that this turn added."""
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class EventRow(SQLModel, table=True):
    """Something that viewers follow: written before it is sent, numbered by its key."""

    __tablename__ = "event"
    __table_args__ = (
        Index("event_stream", "stream", "seq"),
        Index("event_run", "run_id"),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, primary_key=True)
    stream: str
    """A conversation's id, or `desk`."""
    run_id: str | None = None
    name: str
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(default_factory=now, sa_type=Moment)


class AuditRow(SQLModel, table=True):
    """One line of the account of what was asked, judged and done; lines are only ever added, each sealing the last."""

    __tablename__ = "audit"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    submission: str = Field(index=True)
    """One for all lines of the same submitted action."""
    phase: str
    """judged, invalid, proposed, decided, done, failed or order."""
    action_kind: str
    risk: str = ""
    action: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    actor: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    door: str
    verdict: str
    rule: str | None = None
    numbers: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    receipt: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    at: datetime = Field(default_factory=now, sa_type=Moment)
    previous: str = ""
    """The seal of the line before."""
    seal: str = ""
    """SHA-256 over the line's number, its content and `previous`."""


class AuditHeadRow(SQLModel, table=True):
    """The newest line of the audit, so that lines cut off its end are missed."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    line: int
    seal: str


class ProposalRow(SQLModel, table=True):
    """An action that waits for a person's word, or what became of it."""

    __tablename__ = "proposal"
    __table_args__ = (Index("proposal_status", "status"),)

    id: str = Field(primary_key=True)
    hash: str
    """SHA-256 of the action's canonical JSON."""
    submission: str
    """That of the audit lines about it."""
    content: str
    """The action's canonical JSON itself."""
    action_kind: str
    bot_id: str | None = None
    actor: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    why: str
    numbers: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    facts: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """What must still be so when it is confirmed, by name."""
    effect: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    preview: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    status: str
    conversation_id: str | None = None
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    effective_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str | None = None
    decider: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    """The actor who confirmed it."""
    executing_at: datetime | None = Field(default=None, sa_type=Moment)
    rule: str | None = None
    rule_numbers: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class SubmissionRow(SQLModel, table=True):
    """What a submission that carried a key of its own came to, so that asking again changes nothing."""

    __tablename__ = "submission"

    key: str = Field(primary_key=True)
    """The caller's and the key that it chose."""
    hash: str
    """SHA-256 of what was asked."""
    outcome: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    """None while it is under way, or where that was cut off."""
    at: datetime = Field(default_factory=now, sa_type=Moment)


class PermitRow(SQLModel, table=True):
    """An entry order that a bot asked leave for, with the facts that it was judged by."""

    __tablename__ = "permit"
    __table_args__ = (Index("permit_bot_at", "bot_id", "at"), Index("permit_status", "status"))

    id: str = Field(primary_key=True)
    bot_id: str
    bot_name: str
    mode: str
    pair: str
    stake: Decimal = Field(sa_type=Exact)
    order: dict[str, Any] = Field(sa_column=Column("order_json", JSON, nullable=False))
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    status: str
    """reserved, placed, failed, settled or refused; the first three hold their stake against the limits."""
    rule: str | None = None
    numbers: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    order_id: str | None = None
    at: datetime = Field(default_factory=now, sa_type=Moment)
    placed_at: datetime | None = Field(default=None, sa_type=Moment)


class HoldRow(SQLModel, table=True):
    """What the guard keeps from entering until a person lets it: a bot, or with the panic stop all of them."""

    __tablename__ = "hold"
    __table_args__ = (Index("hold_released", "released_at"),)

    id: str = Field(primary_key=True)
    bot_id: str | None = None
    """None for the panic stop."""
    rule: str
    numbers: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(default_factory=now, sa_type=Moment)
    released_at: datetime | None = Field(default=None, sa_type=Moment)
    released_by: str | None = None


class PeakRow(SQLModel, table=True):
    """The highest profit, open trades included, of a bot or of all bots of a mode: drawdown is measured from it."""

    __tablename__ = "peak"

    scope: str = Field(primary_key=True)
    """A bot's id, or a mode."""
    profit: Decimal = Field(sa_type=Exact)
    at: datetime = Field(default_factory=now, sa_type=Moment)


class DepartedRow(SQLModel, table=True):
    """What a deleted bot had won or lost: deleting it does not undo a loss."""

    __tablename__ = "departed"

    id: int | None = Field(default=None, primary_key=True)
    bot_id: str
    mode: str
    day: str
    """UTC, as 2026-01-31."""
    profit_today: Decimal = Field(sa_type=Exact)
    profit: Decimal = Field(sa_type=Exact)
    """Of all its trades."""


class LimitsRow(SQLModel, table=True):
    """One version of the owner's limits; the newest is in force."""

    __tablename__ = "limits"
    __table_args__ = {"sqlite_autoincrement": True}

    version: int | None = Field(default=None, primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(default_factory=now, sa_type=Moment)


class MandateRow(SQLModel, table=True):
    """What a person confirmed that a bot may do with real money; void, and void for good, when that changes."""

    __tablename__ = "mandate"
    __table_args__ = (Index("mandate_bot_at", "bot_id", "at"),)

    id: str = Field(primary_key=True)
    bot_id: str
    at: datetime = Field(default_factory=now, sa_type=Moment)
    confirmed_by: str
    """The door of the person."""
    proposal_id: str
    source: str
    """SHA-256 of the strategy's source."""
    terms: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """What the bot was: strategy, parameters, pairs, stake, slots and the rest of how it trades."""
    limits: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """The limits of all, and its own."""
    voided_at: datetime | None = Field(default=None, sa_type=Moment)
    void_reason: str | None = None


class AnalysisRow(SQLModel, table=True):
    """The analysis of a pair as of one closed candle."""

    __tablename__ = "analysis_cache"
    __table_args__ = (UniqueConstraint("venue", "pair", "timeframe"),)

    id: int | None = Field(default=None, primary_key=True)
    venue: str
    pair: str
    timeframe: str
    candle_at: datetime = Field(sa_type=Moment)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class SessionRow(SQLModel, table=True):
    """A person signed in, or a token for REST; only the hash of its secret is kept."""

    __tablename__ = "session"

    secret_hash: str = Field(primary_key=True)
    kind: str
    """The door it is for: web, cli or rest."""
    label: str
    scopes: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
