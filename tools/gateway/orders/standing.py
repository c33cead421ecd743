"""What the owner says of a bot at this moment, read anew from the product's database at every entry."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tools.bot import BotSpec, Mode, State
from tools.gateway.orders.sources import Sources
from tools.guard.limits import Limits
from tools.guard.mandates import MandateFacts, Mandates, limits_of, terms_of
from tools.guard.verdict import Rule
from tools.store.database import Store
from tools.store.tables import BotRow, HoldRow, LimitsRow


@dataclass(frozen=True)
class Standing:
    """A bot as its owner wants it, what holds it back, and what it may do."""

    spec: BotSpec
    venue: str
    """Where it was made: it trades there and nowhere else."""
    state: State
    limits: Limits
    panic: bool
    paused_for: str | None
    forgiven_at: datetime | None
    """When a person last let it go on after a streak of losses."""
    void: str | None
    """Why it has no mandate that holds."""


class Standings:
    """Reads; writes nothing but that a mandate is void."""

    def __init__(self, store: Store, sources: Sources) -> None:
        self._store = store
        self._sources = sources
        self._mandates = Mandates(store)
        self._limits: tuple[int, Limits] | None = None

    def read(self, bot_id: str, *, enters: bool = True) -> Standing | None:
        """None for a bot that there is not; raises anything where it cannot be read.

        The mandate is looked at, and voided where it no longer holds, only where the bot `enters`.
        """
        with self._store.session() as session:
            row = session.get(BotRow, bot_id)
            if row is None:
                return None
            spec, venue, limits = BotSpec.model_validate(row.spec), row.venue, self._read_limits(session)
            hold = _read_hold(session, bot_id)
            panic = _read_hold(session, None) is not None
            forgiven_at = _read_forgiven(session, bot_id)
        return Standing(
            spec=spec,
            venue=venue,
            state=State(row.state),
            limits=limits,
            panic=panic,
            paused_for=hold.rule if hold else None,
            forgiven_at=forgiven_at,
            void=self._check(bot_id, spec, limits) if enters else None,
        )

    def has(self, bot_id: str) -> bool:
        """Whether there is such a bot."""
        with self._store.session() as session:
            return session.get(BotRow, bot_id) is not None

    def read_live_pairs(self, venue: str) -> set[str]:
        """Of all bots that trade there with real money."""
        with self._store.session() as session:
            found = session.exec(select(BotRow.spec).where(BotRow.venue == venue))
            specs = [BotSpec.model_validate(spec) for spec in found]
        return {pair for spec in specs if spec.mode is Mode.REAL_MARKET_SPOT for pair in spec.pairs}

    def _check(self, bot_id: str, spec: BotSpec, limits: Limits) -> str | None:
        source = self._sources.read(bot_id, spec.strategy)
        return self._mandates.check(bot_id, MandateFacts(source, terms_of(spec), limits_of(limits, bot_id)))

    def _read_limits(self, session: Session) -> Limits:
        version = session.exec(select(LimitsRow.version).order_by(col(LimitsRow.version).desc()).limit(1)).first()
        if version is None:
            return Limits()
        if self._limits is None or self._limits[0] != version:
            self._limits = (version, Limits.model_validate(session.get_one(LimitsRow, version).content))
        return self._limits[1]


def _read_hold(session: Session, bot_id: str | None) -> HoldRow | None:
    """What holds a bot, or with None the panic stop."""
    whom = col(HoldRow.bot_id) == bot_id if bot_id else col(HoldRow.bot_id).is_(None)
    query = select(HoldRow).where(whom, col(HoldRow.released_at).is_(None)).order_by(col(HoldRow.at)).limit(1)
    return session.exec(query).first()


def _read_forgiven(session: Session, bot_id: str) -> datetime | None:
    streaks = (HoldRow.bot_id == bot_id, HoldRow.rule == Rule.LOSS_STREAK, col(HoldRow.released_at).is_not(None))
    query = select(HoldRow.released_at).where(*streaks).order_by(col(HoldRow.released_at).desc()).limit(1)
    return session.exec(query).first()
