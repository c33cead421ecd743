"""The rules, pure: each looks at one plan to trade and the facts. A new rule is one function and one entry below."""

from collections.abc import Callable
from dataclasses import dataclass

from tools.actions import Action, CreateBot, DeleteBot, EditBot, PauseBot, SetLimits, StartBot, StopBot
from tools.bot import BotSpec, Mode, State
from tools.guard.actor import Actor
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Rule, Verdict


@dataclass(frozen=True)
class Plan:
    """What a bot may do if the action is allowed."""

    spec: BotSpec
    bot_id: str | None
    """None for a bot that is not there yet."""
    enters: bool
    """Whether it would enter trades from now on."""


Check = Callable[[Plan, Snapshot], Verdict]


def live_is_enabled(plan: Plan, facts: Snapshot) -> Verdict:
    """Real money is refused until the owner has enabled it."""
    if plan.spec.mode is Mode.SIMULATED or facts.limits.live_enabled:
        return Allow()
    return Refuse(Rule.LIVE_DISABLED, {"mode": plan.spec.mode.value})


def pairs_are_open(plan: Plan, facts: Snapshot) -> Verdict:
    """No bot has a pair that the owner blocked."""
    blocked = sorted(facts.limits.blocked_pairs.intersection(plan.spec.pairs))
    return Refuse(Rule.PAIR_BLOCKED, {"pair": blocked[0]}) if blocked else Allow()


def trade_fits(plan: Plan, facts: Snapshot) -> Verdict:
    """One entry is no larger than the largest trade."""
    asked, most = plan.spec.stake, facts.limits.max_trade
    if asked <= most:
        return Allow()
    return Refuse(Rule.TRADE_SIZE, {"asked": f"{asked:f}", "max": f"{most:f}", "currency": facts.stake_currency})


def bot_exposure_fits(plan: Plan, facts: Snapshot) -> Verdict:
    """All of a bot's slots filled stay within a bot's exposure."""
    asked, most = plan.spec.exposure, facts.limits.max_bot_exposure
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


PLAN_CHECKS: tuple[Check, ...] = (live_is_enabled, pairs_are_open, trade_fits, bot_exposure_fits, total_exposure_fits)

HOLD_CHECKS: tuple[Check, ...] = (live_is_enabled,)
"""For a bot that only manages what it holds: leaving that unwatched would be the greater risk."""


def limits_are_not_loosened_by_a_model(action: SetLimits, actor: Actor, facts: Snapshot) -> Verdict:
    """Only a person loosens a limit; a model's word never does."""
    if not actor.agent:
        return Allow()
    loosened = action.changes.applied_to(facts.limits).loosened_from(facts.limits)
    if loosened is None:
        return Allow()
    return Refuse(Rule.AGENT_CANNOT_LOOSEN, dict(zip(("limit", "from", "to"), loosened, strict=True)))


def judge(action: Action, actor: Actor, facts: Snapshot) -> Verdict:
    """The first verdict that is not `Allow`. No I/O, no clock; whatever lowers risk passes."""
    match action:
        case PauseBot() | StopBot() | DeleteBot():
            return Allow()
        case SetLimits():
            return limits_are_not_loosened_by_a_model(action, actor, facts)
        case CreateBot():
            return _judge_plan(Plan(action.spec, None, enters=False), actor, facts)
        case EditBot():
            bot = facts.bots[action.bot_id]
            plan = Plan(action.changes.applied_to(bot.spec), action.bot_id, enters=bot.state is State.RUNNING)
            return _judge_plan(plan, actor, facts) if _grows(bot.spec, plan.spec) else _ask_if_tainted(actor)
        case StartBot():
            plan = Plan(facts.bots[action.bot_id].spec, action.bot_id, enters=not action.paused)
            return _judge_plan(plan, actor, facts, PLAN_CHECKS if plan.enters else HOLD_CHECKS)
    return Refuse(Rule.UNKNOWN_ACTION, {"kind": str(getattr(action, "kind", type(action).__name__))})


def find_beyond_limits(facts: Snapshot) -> list[str]:
    """The running bots that may not enter any more under the limits as they are: the newest give way first."""
    beyond: list[str] = []
    running = [bot_id for bot_id, bot in facts.bots.items() if bot.state is State.RUNNING]
    for bot_id in reversed(running):
        plan = Plan(facts.bots[bot_id].spec, bot_id, enters=True)
        if any(isinstance(check(plan, facts), Refuse) for check in PLAN_CHECKS):
            beyond.append(bot_id)
            facts = facts.with_state(bot_id, State.PAUSED)
    return beyond


def _judge_plan(plan: Plan, actor: Actor, facts: Snapshot, checks: tuple[Check, ...] = PLAN_CHECKS) -> Verdict:
    for check in checks:
        verdict = check(plan, facts)
        if not isinstance(verdict, Allow):
            return verdict
    return _ask_if_tainted(actor)


def _ask_if_tainted(actor: Actor) -> Verdict:
    return NeedsConfirmation("this turn has read untrusted text") if actor.tainted else Allow()


def _grows(before: BotSpec, after: BotSpec) -> bool:
    """Whether an edit could make a bot hold more, or something else."""
    return after.stake > before.stake or after.exposure > before.exposure or not set(after.pairs) <= set(before.pairs)
