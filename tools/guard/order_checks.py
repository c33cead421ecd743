"""The rules for one order of a bot, pure: each looks at the order, the facts and the limits.

A new rule is one function and one entry below. Exits are not judged: on spot a sale can only lower what is at risk.
"""

from collections.abc import Callable
from decimal import Decimal

from tools.bot import Mode
from tools.guard.limits import Limits
from tools.guard.order import Order, OrderFacts
from tools.guard.patterns import matches
from tools.guard.verdict import Allow, Refuse, Rule, Verdict

MAX_PRICE_AGE_S = 30.0
"""How old the venue's last price may be."""
MAX_FACTS_AGE_S = 60.0
"""How old the last look at the bot's own trades may be."""
PRICE_BAND = Decimal("0.05")
"""How far above the venue's price an entry may be placed."""

OrderCheck = Callable[[Order, OrderFacts, Limits], Verdict]


def judge_order(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """The first verdict that is not `Allow`. No I/O, no clock."""
    if order.side == "sell":
        return Allow()
    for check in ORDER_CHECKS:
        verdict = check(order, facts, limits)
        if not isinstance(verdict, Allow):
            return verdict
    return Allow()


def no_panic(_order: Order, facts: OrderFacts, _limits: Limits) -> Verdict:
    """Nothing enters while the panic stop is on."""
    return Refuse(Rule.PANIC) if facts.panic else Allow()


def bot_enters(_order: Order, facts: OrderFacts, _limits: Limits) -> Verdict:
    """Only a bot that its owner lets enter, and that the guard has not paused."""
    if facts.enters and facts.paused_for is None:
        return Allow()
    return Refuse(Rule.NOT_ENTERING, {"state": facts.paused_for or "PAUSED"})


def live_is_enabled(_order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    if facts.mode is Mode.SIMULATED or limits.live_enabled:
        return Allow()
    return Refuse(Rule.LIVE_DISABLED, {"mode": facts.mode.value})


def mandate_holds(_order: Order, facts: OrderFacts, _limits: Limits) -> Verdict:
    """Real money is spent only as a person confirmed it."""
    if facts.mode is Mode.SIMULATED or facts.mandate_void is None:
        return Allow()
    return Refuse(Rule.MANDATE_VOID, {"reason": facts.mandate_void})


def pair_is_of_the_bot(order: Order, facts: OrderFacts, _limits: Limits) -> Verdict:
    """A bot trades the pairs that its owner gave it, whatever its strategy asks for."""
    if order.pair in facts.pairs:
        return Allow()
    return Refuse(Rule.PAIR_NOT_OF_BOT, {"pair": order.pair, "pairs": ", ".join(facts.pairs)})


def pair_is_open(order: Order, _facts: OrderFacts, limits: Limits) -> Verdict:
    blocked = limits.of(order.bot_id).blocked_pairs
    return Refuse(Rule.PAIR_BLOCKED, {"pair": order.pair}) if order.pair in blocked else Allow()


def pair_is_allowed(order: Order, _facts: OrderFacts, limits: Limits) -> Verdict:
    allowed = limits.of(order.bot_id).allowed_pairs
    if matches(order.pair, allowed):
        return Allow()
    return Refuse(Rule.PAIR_NOT_ALLOWED, {"pair": order.pair, "allowed": ", ".join(sorted(allowed)) or "-"})


def facts_are_fresh(_order: Order, facts: OrderFacts, _limits: Limits) -> Verdict:
    """What the bot holds was read a short while ago; a look from the future was before the clock was set back."""
    if 0 <= facts.facts_age_s <= MAX_FACTS_AGE_S:
        return Allow()
    age = min(facts.facts_age_s, 1e9)
    return Refuse(Rule.STALE_SNAPSHOT, {"age_s": f"{age:.0f}", "max_s": f"{MAX_FACTS_AGE_S:.0f}"})


def price_is_known(order: Order, facts: OrderFacts, _limits: Limits) -> Verdict:
    """There is a price above zero for the pair, and the order has one."""
    if facts.price is not None and facts.price > 0 and order.rate > 0 and order.amount > 0:
        return Allow()
    return Refuse(Rule.UNKNOWN_PRICE, {"pair": order.pair})


def price_is_fresh(order: Order, facts: OrderFacts, _limits: Limits) -> Verdict:
    age = facts.price_age_s
    if age is not None and 0 <= age <= MAX_PRICE_AGE_S:
        return Allow()
    numbers = {"pair": order.pair, "max_s": f"{MAX_PRICE_AGE_S:.0f}"}
    return Refuse(Rule.STALE_SNAPSHOT, {**numbers, "age_s": "-" if age is None else f"{min(age, 1e9):.0f}"})


def rate_is_near_the_price(order: Order, facts: OrderFacts, _limits: Limits) -> Verdict:
    """An entry far above the market would give money away."""
    price = facts.price or Decimal(0)
    if order.rate <= price * (1 + PRICE_BAND):
        return Allow()
    numbers = {"pair": order.pair, "rate": f"{order.rate:f}", "price": f"{price:f}"}
    return Refuse(Rule.PRICE_BAND, {**numbers, "max_pct": f"{PRICE_BAND * 100:.0f}"})


def trade_fits(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """A trade with all its additions is no larger than the largest trade."""
    after, most = facts.trade_held + _cost(order, facts), limits.of(order.bot_id).max_trade
    if after <= most:
        return Allow()
    numbers = {"asked": _money(after), "max": f"{most:f}", "currency": facts.stake_currency, "pair": order.pair}
    return Refuse(Rule.TRADE_SIZE, numbers)


def bot_fits(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """A bot holds no more than its stake times its slots, and no more than a bot may."""
    most = min(limits.of(order.bot_id).max_bot_exposure, facts.exposure_cap)
    return _fits(Rule.BOT_EXPOSURE, order, facts, facts.bot_held, most)


def total_fits(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """All bots of a mode together hold no more than the total."""
    return _fits(Rule.TOTAL_EXPOSURE, order, facts, facts.total_held, limits.max_total_exposure)


def trades_fit(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """The trades that would be open are within their number, of the bot and of all.

    An addition opens none, but where limits were tightened below what is open, it waits as well: it may be of a trade
    that closed a moment ago.
    """
    more = 1 if facts.opens_trade else 0
    counts = (facts.bot_trades, limits.of(order.bot_id).max_open_trades), (facts.total_trades, limits.max_open_trades)
    for opened, most in counts:
        if opened + more > most:
            return Refuse(Rule.OPEN_TRADES, {"asked": str(opened + more), "max": str(most)})
    return Allow()


def day_is_not_lost(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """Neither the bot nor all bots together have lost a day's most."""
    losses = (
        (facts.bot_lost_today, limits.of(order.bot_id).max_daily_loss),
        (facts.total_lost_today, limits.max_daily_loss),
    )
    for lost, most in losses:
        if lost >= most:
            numbers = {"lost": _money(lost), "max": f"{most:f}", "currency": facts.stake_currency}
            return Refuse(Rule.DAILY_LOSS, numbers)
    return Allow()


def drawdown_is_bearable(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """Neither the bot nor all bots together are too far below their peak."""
    falls = (
        (facts.bot_drawdown, limits.of(order.bot_id).max_drawdown),
        (facts.total_drawdown, limits.max_drawdown),
    )
    for fall, most in falls:
        if fall >= most:
            numbers = {"drawdown": _money(fall), "max": f"{most:f}", "currency": facts.stake_currency}
            return Refuse(Rule.DRAWDOWN, numbers)
    return Allow()


def streak_is_bearable(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """The bot has not lost too often in a row."""
    most = limits.of(order.bot_id).max_loss_streak
    if facts.loss_streak < most:
        return Allow()
    return Refuse(Rule.LOSS_STREAK, {"losses": str(facts.loss_streak), "max": str(most)})


def rate_is_bearable(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """Entry orders do not come faster than they may, from the bot and from all."""
    own = limits.of(order.bot_id)
    counts = (
        (facts.bot_entries_minute, own.max_entries_per_minute, 60, "bot"),
        (facts.bot_entries_hour, own.max_entries_per_hour, 3600, "bot"),
        (facts.total_entries_minute, limits.max_entries_per_minute, 60, "all"),
        (facts.total_entries_hour, limits.max_entries_per_hour, 3600, "all"),
    )
    for count, most, window_s, whose in counts:
        if count + 1 > most:
            numbers = {"count": str(count + 1), "max": str(most), "window_s": str(window_s), "of": whose}
            return Refuse(Rule.ORDER_RATE, numbers)
    return Allow()


def pair_has_cooled_down(order: Order, facts: OrderFacts, limits: Limits) -> Verdict:
    """A bot keeps out of a pair for a while after a trade in it closed."""
    cooldown_s = limits.of(order.bot_id).reentry_cooldown_s
    if not cooldown_s or facts.closed_ago_s is None or facts.closed_ago_s >= cooldown_s:
        return Allow()
    wait_s = max(cooldown_s - facts.closed_ago_s, 0)
    return Refuse(Rule.COOLDOWN, {"pair": order.pair, "wait_s": f"{wait_s:.0f}", "cooldown_s": str(cooldown_s)})


ORDER_CHECKS: tuple[OrderCheck, ...] = (
    no_panic,
    bot_enters,
    live_is_enabled,
    mandate_holds,
    pair_is_of_the_bot,
    pair_is_open,
    pair_is_allowed,
    facts_are_fresh,
    price_is_known,
    price_is_fresh,
    rate_is_near_the_price,
    trade_fits,
    bot_fits,
    total_fits,
    trades_fit,
    day_is_not_lost,
    drawdown_is_bearable,
    streak_is_bearable,
    rate_is_bearable,
    pair_has_cooled_down,
)


def _cost(order: Order, facts: OrderFacts) -> Decimal:
    return order.cost_at(facts.price or order.rate)


def _fits(rule: Rule, order: Order, facts: OrderFacts, held: Decimal, most: Decimal) -> Verdict:
    cost = _cost(order, facts)
    if held + cost <= most:
        return Allow()
    numbers = {"asked": _money(cost), "held": _money(held), "max": f"{most:f}", "currency": facts.stake_currency}
    return Refuse(rule, numbers)


def _money(value: Decimal) -> str:
    """With eight decimal places at most, and none that say nothing; of any size."""
    return f"{value:.8f}".rstrip("0").rstrip(".")
