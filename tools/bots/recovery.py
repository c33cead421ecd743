"""After a restart of the machine: the bots that were running come back, the paused ones paused."""

import logging

from tools.actions import StartBot
from tools.bot import State
from tools.bots.healths import Healths
from tools.bots.registry import Bot, Registry
from tools.errors import Problem
from tools.freqtrade.host import Host
from tools.guard.actor import Actor
from tools.guard.gate import Gate

log = logging.getLogger(__name__)

RECOVERY = Actor(door="recovery", scopes=frozenset({"operate"}))


async def bring_back(registry: Registry, host: Host, healths: Healths, gate: Gate) -> None:
    """Starts again, through the gate, each bot that its owner left running and that has no process."""
    left = [bot for bot in registry.read_all() if bot.state in (State.RUNNING, State.PAUSED)]
    for bot in left:
        await healths.refresh(bot.id)
        if host.client(bot.id) is None:
            await _bring_back(bot, gate)


async def _bring_back(bot: Bot, gate: Gate) -> None:
    action = StartBot(bot_id=bot.id, paused=bot.state is State.PAUSED)
    try:
        outcome = await gate.submit(action, RECOVERY)
    except Problem as problem:
        log.warning("bot %s did not come back: %s", bot.id, problem)
    else:
        log.info("bot %s after a restart: %s", bot.id, outcome.kind)
