"""The rules for what a bot may do if an action is allowed, pure. A new rule is one function and one entry below."""

from collections.abc import Callable
from dataclasses import dataclass

from tools.bot import BotSpec, Mode, State
from tools.guard.live_check import judge_key
from tools.guard.patterns import matches
from tools.guard.snapshot import BotFacts, Snapshot
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Rule, Verdict, Why


@dataclass(frozen=True)
class Plan:
    """What a bot may do if the action is allowed."""

    spec: BotSpec
    bot_id: str | None
    """None for a bot that is not there yet."""
    enters: bool
    """Whether it would enter trades from now on."""


PlanCheck = Callable[[Plan, Snapshot], Verdict]


def judge_plan(plan: Plan, facts: Snapshot, checks: tuple[PlanCheck, ...]) -> Verdict:
    """The first verdict that is not `Allow`."""
    for check in checks:
        verdict = check(plan, facts)
        if not isinstance(verdict, Allow):
            return verdict
    return Allow()


def live_is_enabled(plan: Plan, facts: Snapshot) -> Verdict:
    """Real money is refused until the owner has enabled it."""
    if plan.spec.mode is Mode.SIMULATED or facts.limits.live_enabled:
        return Allow()
    return Refuse(Rule.LIVE_DISABLED, {"mode": plan.spec.mode.value})


def no_panic(plan: Plan, facts: Snapshot) -> Verdict:
    """Nothing enters while the panic stop is on."""
    return Refuse(Rule.PANIC) if plan.enters and facts.panic else Allow()


def pairs_are_open(plan: Plan, facts: Snapshot) -> Verdict:
    """No bot has a pair that the owner blocked."""
    blocked = sorted(facts.limits.of(plan.bot_id).blocked_pairs.intersection(plan.spec.pairs))
    return Refuse(Rule.PAIR_BLOCKED, {"pair": blocked[0]}) if blocked else Allow()


def pairs_are_allowed(plan: Plan, facts: Snapshot) -> Verdict:
    """Every pair of a bot fits a pattern that the owner allows."""
    allowed = facts.limits.of(plan.bot_id).allowed_pairs
    other = [pair for pair in plan.spec.pairs if not matches(pair, allowed)]
    if not other:
        return Allow()
    return Refuse(Rule.PAIR_NOT_ALLOWED, {"pair": other[0], "allowed": ", ".join(sorted(allowed)) or "-"})


def trade_fits(plan: Plan, facts: Snapshot) -> Verdict:
    """One entry is no larger than the largest trade."""
    asked, most = plan.spec.stake, facts.limits.of(plan.bot_id).max_trade
    if asked <= most:
        return Allow()
    return Refuse(Rule.TRADE_SIZE, {"asked": f"{asked:f}", "max": f"{most:f}", "currency": facts.stake_currency})


def bot_exposure_fits(plan: Plan, facts: Snapshot) -> Verdict:
    """All of a bot's slots filled stay within a bot's exposure."""
    asked, most = plan.spec.exposure, facts.limits.of(plan.bot_id).max_bot_exposure
    if asked <= most:
        return Allow()
    numbers = {"asked": f"{asked:f}", "max": f"{most:f}", "currency": facts.stake_currency}
    return Refuse(
        Rule.BOT_EXPOSURE, {**numbers, "stake": f"{plan.spec.stake:f}", "trades": str(plan.spec.max_open_trades)}
    )


def total_exposure_fits(plan: Plan, facts: Snapshot) -> Verdict:
    """All bots' slots filled stay within the total; a bot that does not enter yet has to fit in by itself."""
    committed = facts.committed_by_others(plan.bot_id, plan.spec.mode) if plan.enters else 0
    asked, most = plan.spec.exposure, facts.limits.max_total_exposure
    if committed + asked <= most:
        return Allow()
    numbers = {"asked": f"{asked:f}", "committed": f"{committed:f}", "max": f"{most:f}"}
    return Refuse(Rule.TOTAL_EXPOSURE, {**numbers, "currency": facts.stake_currency})


def slots_fit(plan: Plan, facts: Snapshot) -> Verdict:
    """A bot has no more slots than it may have trades open."""
    asked, most = plan.spec.max_open_trades, facts.limits.of(plan.bot_id).max_open_trades
    return Allow() if asked <= most else Refuse(Rule.OPEN_TRADES, {"asked": str(asked), "max": str(most)})


def day_is_not_lost(plan: Plan, facts: Snapshot) -> Verdict:
    """No bot enters on a day on which it, or all bots together, lost a day's most."""
    losses = (
        (_bot(plan, facts).lost_today, facts.limits.of(plan.bot_id).max_daily_loss),
        (facts.of_mode(plan.spec.mode).lost_today, facts.limits.max_daily_loss),
    )
    for lost, most in losses:
        if plan.enters and lost >= most:
            numbers = {"lost": f"{lost:f}", "max": f"{most:f}", "currency": facts.stake_currency}
            return Refuse(Rule.DAILY_LOSS, numbers)
    return Allow()


def key_is_safe(plan: Plan, facts: Snapshot) -> Verdict:
    """Real money is entered only with a key that was checked a short while ago, and that cannot withdraw."""
    if plan.spec.mode is Mode.SIMULATED or not plan.enters:
        return Allow()
    return judge_key(facts.live_check)


def no_breaker_has_tripped(plan: Plan, facts: Snapshot) -> Verdict:
    """A bot that the guard paused, or would pause at once, goes on only with a person's word."""
    if not plan.enters:
        return Allow()
    rule = _bot(plan, facts).paused_for or find_breaker(plan, facts)
    return NeedsConfirmation(Why.BREAKER, {"rule": rule}) if rule else Allow()


def find_breaker(plan: Plan, facts: Snapshot) -> str | None:
    """The rule of a breaker that is tripped for a bot and that a person may overrule."""
    bot, limits = _bot(plan, facts), facts.limits.of(plan.bot_id)
    if bot.drawdown >= limits.max_drawdown or facts.of_mode(plan.spec.mode).drawdown >= facts.limits.max_drawdown:
        return Rule.DRAWDOWN
    return Rule.LOSS_STREAK if bot.loss_streak >= limits.max_loss_streak else None


SIZE_CHECKS: tuple[PlanCheck, ...] = (
    live_is_enabled,
    no_panic,
    pairs_are_open,
    pairs_are_allowed,
    trade_fits,
    bot_exposure_fits,
    total_exposure_fits,
    slots_fit,
    day_is_not_lost,
)

PLAN_CHECKS: tuple[PlanCheck, ...] = (*SIZE_CHECKS, key_is_safe, no_breaker_has_tripped)
"""None of these holds for a bot that only manages what it holds: leaving that unwatched would be the greater risk."""


def _bot(plan: Plan, facts: Snapshot) -> BotFacts:
    found = facts.bots.get(plan.bot_id or "")
    return found or BotFacts(plan.spec, state=State.CREATED, open_exposure=plan.spec.stake * 0)
