"""After a restart: the bots that their owner left running come back, the paused ones paused."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from tools.actions import StartBot
from tools.bot import Health, Mode, State
from tools.bots.audience import Audience
from tools.bots.desk import Desk
from tools.bots.healths import Healths
from tools.bots.registry import Bot
from tools.cards import RefusalCard
from tools.errors import Problem
from tools.freqtrade.host import Host
from tools.freqtrade.running import STARTING, BotHealth
from tools.guard.actor import Actor
from tools.guard.gate import Gate

log = logging.getLogger(__name__)

RECOVERY = Actor(door="recovery", scopes=frozenset({"operate"}))


KEY_PATIENCE_S = 20.0
"""How long the gateway, which may come up beside us, is asked about the exchange key."""


async def bring_back(  # noqa: PLR0913  what stands on both sides of it
    desk: Desk,
    host: Host,
    healths: Healths,
    gate: Gate,
    audience: Audience,
    carry_out_panic: Callable[[], Awaitable[None]],
    check_key: Callable[[float], Awaitable[None]],
) -> None:
    """Starts again, through the gate, each bot that should run and has no process; tells of those that do not come.

    A panic stop that was cut off, or pressed while nothing ran, comes first: bots come back paused then. So does one
    that trades with real money and may not enter any more: what it holds is looked after.
    """
    await carry_out_panic()
    left = [bot for bot in desk.registry.read_all() if bot.state in (State.RUNNING, State.PAUSED)]
    gone = [bot for bot in left if host.client(bot.id) is None]
    for bot in gone:
        healths.note(bot.id, STARTING)
    if any(_is_live(bot) and bot.state is State.RUNNING for bot in gone):
        await check_key(KEY_PATIENCE_S)
    for bot in gone:
        reason = await _bring_back(bot, host, healths, gate, partial(_tell, bot, desk, audience))
        if reason is not None:
            healths.note(bot.id, BotHealth(Health.CRASHED, reason, tuple(host.read_log(bot.id, 20))))
            audience.bot_crashed(desk.read_bot(bot.id))


async def _bring_back(
    bot: Bot, host: Host, healths: Healths, gate: Gate, tell: Callable[[RefusalCard], None]
) -> str | None:
    """None where it runs again, or is paused again; otherwise why not."""
    healths.note(bot.id, await host.health(bot.id))
    paused = bot.state is State.PAUSED
    try:
        outcome = await gate.submit(StartBot(bot_id=bot.id, paused=paused), RECOVERY)
        if isinstance(outcome, RefusalCard) and _is_live(bot) and not paused:
            tell(outcome)
            outcome = await gate.submit(StartBot(bot_id=bot.id, paused=True), RECOVERY)
    except Problem as problem:
        log.warning("bot %s did not come back: %s", bot.id, problem)
        return problem.numbers.get("reason", "unknown")
    return "refused" if isinstance(outcome, RefusalCard) else None


def _tell(bot: Bot, desk: Desk, audience: Audience, card: RefusalCard) -> None:
    """Why a bot comes back paused, by its name."""
    named = card.model_copy(update={"numbers": {"bot": bot.spec.name, **card.numbers}})
    audience.kept_out(named, desk.read_bot(bot.id))


def _is_live(bot: Bot) -> bool:
    return bot.spec.mode is not Mode.SIMULATED
