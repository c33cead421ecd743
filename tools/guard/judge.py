"""The judgement of an action: pure, whatever lowers risk passes, whatever nobody declared is refused."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_DOWN, Context

from tools.actions import (
    Action,
    BlockPair,
    CancelOrder,
    ChangeMode,
    CreateBot,
    DeleteBot,
    EditBot,
    ForceEntry,
    ForceExit,
    LockPair,
    Panic,
    PauseBot,
    ReleasePanic,
    ResumeBot,
    Risk,
    SetBotLimits,
    SetLimits,
    SettleFinding,
    StartBot,
    StopBot,
    StoreStrategy,
    UnblockPair,
    UnlockPair,
)
from tools.bot import BotSpec, Mode, State
from tools.guard.actor import PERSONAL, Actor
from tools.guard.limits import Limits
from tools.guard.live_check import judge_key
from tools.guard.order import Order
from tools.guard.order_checks import judge_order
from tools.guard.plan_checks import PLAN_CHECKS, SIZE_CHECKS, Plan, judge_plan, key_is_safe
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Rule, Verdict, Why

LOWERING = (PauseBot, StopBot, ForceExit, LockPair, BlockPair, Panic)
"""What only ever lowers risk, or closes what is open: no limit and no question stands in its way."""
HARMLESS = (PauseBot, LockPair, BlockPair)
"""What even a turn that has read a stranger's text may do: nothing is sold, ended or let in."""
DOWN = Context(rounding=ROUND_DOWN)
"""So that no amount costs more than the stake that it is made of."""


def judge(action: Action, actor: Actor, facts: Snapshot) -> Verdict:
    """The first verdict that is not `Allow`. No I/O, no clock, no exception for a declared action."""
    verdict = _judge_content(action, actor, facts)
    return verdict if not isinstance(verdict, Allow) else _ask_a_person(action, actor, facts)


def risk_of(action: Action, facts: Snapshot) -> Risk:
    """What an action can touch: that of its kind, and real money where its bot has to do with it."""
    if action.risk is not Risk.SIMULATED:
        return action.risk
    if isinstance(action, Panic):
        live = any(bot.spec.mode is not Mode.SIMULATED for bot in facts.bots.values())
        return Risk.LIVE if live else Risk.SIMULATED
    bot = facts.bots.get(getattr(action, "bot_id", ""))
    spec = action.spec if isinstance(action, CreateBot) else bot.spec if bot else None
    if spec is None:
        return action.risk
    return Risk.SIMULATED if spec.mode is Mode.SIMULATED else Risk.LIVE


def _judge_content(action: Action, actor: Actor, facts: Snapshot) -> Verdict:  # noqa: C901  a table of all kinds
    match action:
        case (
            PauseBot() | StopBot() | ForceExit() | CancelOrder() | LockPair() | BlockPair() | Panic() | SettleFinding()
        ):
            return Allow()
        case DeleteBot() | UnlockPair():
            return _judge_lifting(action, actor, facts)
        case SetLimits() | SetBotLimits() | UnblockPair():
            return _judge_limits(apply_limits(action, facts.limits), actor, facts)
        case ReleasePanic():
            return _judge_release(actor)
        case StoreStrategy():
            return Allow() if actor.may_confirm else NeedsConfirmation(Why.CODE)
        case CreateBot():
            return judge_plan(Plan(action.spec, None, enters=False), facts, SIZE_CHECKS)
        case EditBot():
            return _judge_edit(action, actor, facts)
        case ChangeMode():
            spec = facts.bots[action.bot_id].spec.model_copy(update={"mode": action.mode})
            return judge_plan(Plan(spec, action.bot_id, enters=False), facts, SIZE_CHECKS)
        case StartBot(paused=True):
            return Allow()
        case StartBot() | ResumeBot():
            verdict = judge_plan(Plan(facts.bots[action.bot_id].spec, action.bot_id, enters=True), facts, PLAN_CHECKS)
            spec = facts.bots[action.bot_id].spec
            return _judge_likeness(spec, action.bot_id, actor, facts) if isinstance(verdict, Allow) else verdict
        case ForceEntry():
            return _judge_entry(action, facts)
    return Refuse(Rule.UNKNOWN_ACTION, {"kind": str(getattr(action, "kind", type(action).__name__))})


def apply_limits(action: SetLimits | SetBotLimits | UnblockPair | BlockPair, limits: Limits) -> Limits:
    """The limits as they would be after an action on them. Raises `pydantic.ValidationError` for a contradiction."""
    match action:
        case SetLimits():
            return action.changes.applied_to(limits)
        case SetBotLimits():
            return action.changes.applied_to(limits, action.bot_id)
        case BlockPair():
            blocked = limits.blocked_pairs | {action.pair}
            return Limits.model_validate({**dict(limits), "blocked_pairs": blocked})
        case UnblockPair():
            return limits.model_copy(update={"blocked_pairs": limits.blocked_pairs - {action.pair}})


def _judge_limits(after: Limits, actor: Actor, facts: Snapshot) -> Verdict:
    """Tightening passes; loosening takes a person and a wait, and a model cannot even propose it."""
    loosened = after.loosened_from(facts.limits)
    if loosened is None:
        return Allow()
    numbers = dict(zip(("limit", "from", "to"), loosened, strict=True))
    if not _is_person(actor):
        return Refuse(Rule.AGENT_CANNOT_LOOSEN, numbers)
    enables = after.live_enabled and not facts.limits.live_enabled
    verdict = judge_key(facts.live_check) if enables else Allow()
    return NeedsConfirmation(Why.LOOSENING, numbers) if isinstance(verdict, Allow) else verdict


def _judge_release(actor: Actor) -> Verdict:
    if _is_person(actor):
        return NeedsConfirmation(Why.PANIC)
    return Refuse(Rule.AGENT_CANNOT_LOOSEN, {"limit": "panic", "from": "on", "to": "off"})


def _judge_lifting(action: DeleteBot | UnlockPair, actor: Actor, facts: Snapshot) -> Verdict:
    """What holds a bot back is taken away by a person only, or with one's word.

    With a bot goes why the guard paused it, and what limits it had of its own; a pair was locked by a person, or by one
    of the bot's protections.
    """
    bot = facts.bots[action.bot_id]
    match action:
        case _ if not _must_ask(actor):
            return Allow()
        case UnlockPair():
            return NeedsConfirmation(Why.LIFTS, {"what": "lock", "pair": action.pair, "bot": bot.spec.name})
        case DeleteBot() if bot.paused_for:
            return NeedsConfirmation(Why.BREAKER, {"rule": bot.paused_for})
        case DeleteBot() if action.bot_id in facts.limits.bots:
            return NeedsConfirmation(Why.LIFTS, {"what": "limits", "bot": bot.spec.name})
    return Allow()


def _judge_likeness(mine: BotSpec, bot_id: str, actor: Actor, facts: Snapshot) -> Verdict:
    """Only a person goes on with a bot that the guard paused by another that is like it, or is made like it."""
    for key, other in facts.bots.items():
        alike = other.spec.strategy == mine.strategy and not set(other.spec.pairs).isdisjoint(mine.pairs)
        if _must_ask(actor) and key != bot_id and other.paused_for and alike and other.spec.mode is mine.mode:
            return NeedsConfirmation(Why.BREAKER, {"rule": other.paused_for, "bot": other.spec.name})
    return Allow()


def _judge_edit(action: EditBot, actor: Actor, facts: Snapshot) -> Verdict:
    """A bot that the guard paused stays recognisable: only a person changes its pairs or strategy unasked."""
    bot = facts.bots[action.bot_id]
    after = action.changes.applied_to(bot.spec)
    if _grows(bot.spec, after):
        plan = Plan(after, action.bot_id, enters=bot.state is State.RUNNING)
        verdict = judge_plan(plan, facts, SIZE_CHECKS)
        if not isinstance(verdict, Allow):
            return verdict
    if bot.state is State.RUNNING and not action.changes.is_cosmetic:
        verdict = key_is_safe(Plan(after, action.bot_id, enters=True), facts)
        if not isinstance(verdict, Allow):
            return verdict
    hides = (after.strategy, after.pairs) != (bot.spec.strategy, bot.spec.pairs)
    if bot.paused_for and hides and _must_ask(actor):
        return NeedsConfirmation(Why.BREAKER, {"rule": bot.paused_for})
    enters_anew = hides and bot.state is State.RUNNING
    return _judge_likeness(after, action.bot_id, actor, facts) if enters_anew else Allow()


def _must_ask(actor: Actor) -> bool:
    """A model, and a program without the confirm scope; not the guard's own doors, which only lower risk or restore."""
    return not actor.may_confirm and actor.door not in ("guard", "recovery")


def _judge_entry(action: ForceEntry, facts: Snapshot) -> Verdict:
    """As the order that the bot would make of it; the bot asks for its own permit then."""
    seen = facts.order
    if seen is None or seen.price is None or seen.price <= 0:
        return Refuse(Rule.UNKNOWN_PRICE, {"pair": action.pair})
    stake = action.stake or facts.bots[action.bot_id].spec.stake
    rate = action.price or seen.price
    order = Order(
        bot_id=action.bot_id,
        pair=action.pair,
        side="buy",
        type="limit" if action.price else "market",
        amount=DOWN.divide(stake, rate),
        rate=rate,
    )
    return judge_order(order, seen, facts.limits)


def _ask_a_person(action: Action, actor: Actor, facts: Snapshot) -> Verdict:
    """Real money, and whatever a turn that has read a stranger's text wants, waits for a person's word.

    A bot that comes back after a restart has had that word, as long as its mandate holds; paused it needs none.
    """
    if risk_of(action, facts) is Risk.LIVE and not _needs_no_word(action, actor):
        if not (isinstance(action, StartBot) and actor.door == "recovery"):
            return NeedsConfirmation(Why.LIVE)
        if not action.paused and (void := facts.bots[action.bot_id].mandate_void):
            return Refuse(Rule.MANDATE_VOID, {"reason": void})
    if actor.tainted and not is_harmless(action, facts):
        return NeedsConfirmation(Why.TAINTED)
    return Allow()


def _needs_no_word(action: Action, actor: Actor) -> bool:
    """With real money too. An order that is taken back may be the one that protects: that is a person's to say."""
    cancels = isinstance(action, CancelOrder) and not _must_ask(actor)
    return isinstance(action, LOWERING) or cancels or _leaves_live(action)


def is_harmless(action: Action, facts: Snapshot) -> bool:
    """Whether an action can do nothing but keep bots from entering."""
    match action:
        case SetLimits() | SetBotLimits():
            return apply_limits(action, facts.limits).loosened_from(facts.limits) is None
        case Panic():
            return not action.exit
    return isinstance(action, HARMLESS)


def _leaves_live(action: Action) -> bool:
    return isinstance(action, ChangeMode) and action.mode is Mode.SIMULATED


def _is_person(actor: Actor) -> bool:
    """Someone who may at least ask for more; whether they may also say yes is seen when they do."""
    return not actor.agent and actor.door in PERSONAL


def _grows(before: BotSpec, after: BotSpec) -> bool:
    """Whether an edit could make a bot hold more, or something else."""
    more = after.stake > before.stake or after.max_open_trades > before.max_open_trades
    return more or after.exposure > before.exposure or not set(after.pairs) <= set(before.pairs)


def find_beyond_limits(facts: Snapshot) -> list[tuple[str, Refuse]]:
    """The running bots that may not enter any more under the limits as they are, and why: the newest give way first."""
    beyond: list[tuple[str, Refuse]] = []
    for bot_id in reversed(_running(facts)):
        plan = Plan(facts.bots[bot_id].spec, bot_id, enters=True)
        verdict = judge_plan(plan, replace(facts, panic=False), SIZE_CHECKS)
        if isinstance(verdict, Refuse):
            beyond.append((bot_id, verdict))
            facts = facts.with_state(bot_id, State.PAUSED)
    return beyond


def _running(facts: Snapshot) -> list[str]:
    bots: Iterable[str] = facts.bots
    return [bot_id for bot_id in bots if facts.bots[bot_id].state is State.RUNNING]
