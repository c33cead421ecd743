"""What the guard's tests are made of: bots, facts, orders, and strategies that draw them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tools.bot import BotSpec, Mode, State
from tools.guard.actor import Actor
from tools.guard.limits import BotLimits, Limits
from tools.guard.live_check import Checked, LiveCheck
from tools.guard.order import Order, OrderFacts
from tools.guard.snapshot import BotFacts, ModeFacts, Snapshot
from tools.guard.verdict import Refuse, Rule, Verdict

ID, OTHER = "0" * 12, "1" * 12
PERSON = Actor(door="web")
MODEL = Actor(door="web", agent=True)
LIVE, SIMULATED = Mode.REAL_MARKET_SPOT, Mode.SIMULATED
PAIRS = ("BTC/USDT", "ETH/USDT", "DOGE/USDT", "SOL/BTC")


def money(value: object) -> Decimal:
    return Decimal(str(value))


def spec(stake: object = 50, trades: int = 2, **more: object) -> BotSpec:
    settings = {"name": "alpha", "pairs": ["BTC/USDT"], "stake": stake, "max_open_trades": trades, **more}
    return BotSpec.model_validate(settings)


def bot(state: State = State.RUNNING, held: object = 0, *, of: dict[str, Any] | None = None, **facts: Any) -> BotFacts:
    """A bot with settings `of` and other facts."""
    return BotFacts(spec(**(of or {})), state, money(held), **facts)


def snapshot(limits: Limits | None = None, *bots: BotFacts, **more: Any) -> Snapshot:
    """Bots are numbered from zero: the first one is `ID`, the second one `OTHER`."""
    numbered = {str(number) * 12: one for number, one in enumerate(bots)}
    return Snapshot(limits or Limits(), numbered, "USDT", **{"live_check": CHECKED, **more})


def checked(age_s: float = 1, **changes: Any) -> Checked:
    """An exchange key that can trade and nothing worse."""
    told = {"at": "2026-01-01T00:00:00Z", "key_works": True, "can_trade": True, "can_withdraw": False}
    return Checked(LiveCheck.model_validate({**told, "ip_restricted": True, "venue": "demo", **changes}), age_s)


CHECKED = checked()


def order(**changes: Any) -> Order:
    """An entry of 50 USDT into BTC/USDT at the price of `order_facts`."""
    asked = {"bot_id": ID, "pair": "BTC/USDT", "side": "buy", "type": "limit", "amount": "0.5", "rate": "100"}
    return Order.model_validate({**asked, **changes})


def order_facts(**changes: Any) -> OrderFacts:
    facts = {
        "stake_currency": "USDT", "mode": "SIMULATED", "enters": True, "pairs": ["BTC/USDT"], "exposure_cap": "1000",
        "price": "100", "price_age_s": 1,
    }  # fmt: skip
    return OrderFacts.model_validate({**facts, **changes})


def refused(verdict: Verdict) -> tuple[Rule, dict[str, str]]:
    assert isinstance(verdict, Refuse), verdict
    return verdict.rule, dict(verdict.numbers)


amounts = st.decimals(min_value="0.01", max_value="2000", places=2)
pairs = st.sampled_from(PAIRS)
pair_sets = st.frozensets(pairs, max_size=3)
patterns = st.frozensets(
    st.sampled_from(["*/*", "*/USDT", "BTC/*", "B*/USDT", "*C/USDT", "BTC/USDT", "*E*/U*", "ETH/USDT"]), max_size=3
)
counts = st.integers(1, 4)
bot_ids = st.sampled_from([ID, OTHER])


@st.composite
def own_limits(draw: st.DrawFn, limits: Limits) -> BotLimits:
    """Tighter limits of a bot under given ones."""
    trade, exposure = sorted((draw(amounts), draw(amounts)))
    values = {
        "max_trade": min(trade, limits.max_trade),
        "max_bot_exposure": min(exposure, limits.max_bot_exposure),
        "max_open_trades": min(draw(counts), limits.max_open_trades),
        "max_daily_loss": min(draw(amounts), limits.max_daily_loss),
        "max_loss_streak": min(draw(counts), limits.max_loss_streak),
        "max_entries_per_minute": min(draw(counts), limits.max_entries_per_minute),
        "blocked_pairs": draw(pair_sets),
        "allowed_pairs": frozenset(draw(st.sets(st.sampled_from(sorted(limits.allowed_pairs)), max_size=2)))
        if limits.allowed_pairs
        else frozenset(),
    }
    names = draw(st.sets(st.sampled_from(sorted(values)), max_size=4))
    own = BotLimits(**{name: values[name] for name in names})
    fits = own.max_trade is None or own.max_trade <= (own.max_bot_exposure or limits.max_bot_exposure)
    return own if fits else own.model_copy(update={"max_trade": None})


@st.composite
def any_limits(draw: st.DrawFn) -> Limits:
    """Limits of which many bind at once."""
    trade, exposure, total = sorted(draw(st.lists(amounts, min_size=3, max_size=3)))
    minute, hour = sorted((draw(counts), draw(counts)))
    limits = Limits(
        max_trade=trade, max_bot_exposure=exposure, max_total_exposure=total, max_open_trades=draw(counts),
        max_daily_loss=draw(amounts), max_drawdown=draw(amounts), max_loss_streak=draw(counts),
        max_entries_per_minute=minute, max_entries_per_hour=hour, reentry_cooldown_s=draw(st.integers(0, 3)),
        blocked_pairs=draw(pair_sets), allowed_pairs=draw(patterns), live_enabled=draw(st.booleans()),
    )  # fmt: skip
    bots = {key: draw(own_limits(limits)) for key in draw(st.sets(bot_ids))}
    return Limits.model_validate({**dict(limits), "bots": bots})


@st.composite
def any_order(draw: st.DrawFn) -> tuple[Order, OrderFacts]:
    """An order that is fine as such, in a world that is near many bounds."""
    asked = order(
        bot_id=draw(bot_ids), pair=draw(pairs), type=draw(st.sampled_from(["limit", "market"])),
        amount=draw(amounts) / 10, rate=draw(st.sampled_from([9, 10])),
    )  # fmt: skip
    held = draw(st.sampled_from([0, 5, 400]))
    facts = order_facts(
        mode=draw(st.sampled_from(Mode)), pairs=PAIRS, exposure_cap=100_000, trade_held=held,
        bot_held=held + draw(st.sampled_from([0, 100])), total_held=held + draw(st.sampled_from([100, 700])),
        bot_trades=draw(counts) - 1, total_trades=draw(counts) - 1, bot_entries_minute=draw(counts) - 1,
        bot_entries_hour=draw(counts) - 1, total_entries_minute=draw(counts) - 1, total_entries_hour=draw(counts) - 1,
        bot_lost_today=draw(st.sampled_from([0, 10, 500])), total_lost_today=draw(st.sampled_from([0, 10, 500])),
        bot_drawdown=draw(st.sampled_from([0, 10, 500])), total_drawdown=draw(st.sampled_from([0, 10, 500])),
        loss_streak=draw(counts) - 1, closed_ago_s=draw(st.sampled_from([None, 0, 1, 5])), price=10,
    )  # fmt: skip
    return asked, facts


@st.composite
def worlds(draw: st.DrawFn) -> Snapshot:
    """Up to five bots in all states, under limits that may not fit them."""
    limits = draw(any_limits())
    bots = [
        bot(
            draw(st.sampled_from(State)),
            draw(st.sampled_from([0, 10, 5000])),
            of={"stake": draw(amounts), "trades": draw(st.integers(1, 5)), "mode": draw(st.sampled_from(Mode))},
            paused_for=draw(st.sampled_from([None, None, "drawdown"])),
            lost_today=draw(st.sampled_from([Decimal(0), Decimal(300)])),
            drawdown=draw(st.sampled_from([Decimal(0), Decimal(300)])),
            loss_streak=draw(st.integers(0, 4)),
            mandate_void=draw(st.sampled_from([None, None, "source", "none"])),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    modes = {mode: ModeFacts(draw(st.sampled_from([Decimal(0), Decimal(300)]))) for mode in Mode}
    keys = [CHECKED, CHECKED, None, checked(601), checked(can_withdraw=True), checked(can_withdraw=None)]
    keys += [checked(key_works=False), checked(can_trade=False), checked(clock_skew_ms=1001), checked(configured=False)]
    known = snapshot(limits, *bots, modes=modes, panic=draw(st.booleans()), live_check=draw(st.sampled_from(keys)))
    return replace(known, order=order_facts(price=10, enters=draw(st.booleans())))
