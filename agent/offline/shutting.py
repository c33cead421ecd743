"""Pairs that are shut or open, and real money that is switched on or off: "never trade DOGE", "only BTC and ETH"."""

from collections.abc import Sequence
from dataclasses import replace

from agent.offline.commands import Command
from agent.offline.limits import Built, change, is_of_bot, step
from agent.offline.marks import Mark
from agent.offline.orders import lock, minutes_of, pairs_of, unlock
from agent.offline.requests import Step
from agent.offline.targets import read_target
from agent.offline.tokens import Text


def block(text: Text, command: Command) -> Built:
    """Pairs that nobody enters any more, or one bot does not: "never trade DOGE", "block DOGE for alpha"."""
    pairs = pairs_of(command.words)
    if not pairs:
        real = any(mark.value("mode") == "REAL_MARKET_SPOT" for mark in command.words)
        return _live(on=False) if real else switch(command, on=False)
    if any(mark.amount and not mark.amount.unit for mark in command.words):
        return ""
    target = read_target(text, command.words, _timed(command.words))
    if not is_of_bot(target) and command.before:
        target = read_target(text, command.before)
    target = replace(target, pairs=())
    if not is_of_bot(target):
        return tuple(Step("block_pair", {"pair": pair}) for pair in pairs)
    if minutes_of(command.words):
        return lock(text, command)
    return (Step("set_bot_limits", target=target, add_pairs=tuple(pairs)),)


def unblock(text: Text, command: Command) -> Built:
    """Pairs that were blocked; said of one bot, a lock."""
    pairs = pairs_of(command.words)
    target = replace(read_target(text, command.words), pairs=())
    if any(mark.has("particle:enter") for mark in command.words) and target.named and not pairs:
        return (Step("resume_bot", target=target),)
    if not pairs:
        return switch(command, on=True) or "limits_yours"
    if is_of_bot(target):
        return unlock(text, command)
    return tuple(Step("unblock_pair", {"pair": pair}) for pair in pairs)


def only(text: Text, command: Command) -> Built:
    """The pairs that alone are allowed: "only trade BTC and ETH", "only USDT pairs"."""
    pairs = pairs_of(command.words) or _quotes(command.words)
    if any(mark.amount for mark in command.words):
        return "" if pairs else change(text, command)
    if not pairs:
        return ""
    return step({"allowed_pairs": pairs}, replace(read_target(text, command.words), pairs=()))


def switch(command: Command, *, on: bool) -> Built:
    """Real money for all bots, on or off; nothing where the words are not about that."""
    return _live(on=on) if any(mark.has("live_switch") for mark in command.words) else ""


def _live(*, on: bool) -> tuple[Step]:
    return (Step("set_limits", {"changes": {"live_enabled": on}}),)


def _timed(words: Sequence[Mark]) -> set[int]:
    return {i for i, mark in enumerate(words) if mark.amount}


def _quotes(words: Sequence[Mark]) -> list[str]:
    """ "Only USDT pairs" as a pattern."""
    named = any(mark.has("set:pairs") for mark in words)
    return [f"*/{mark.words.upper()}" for mark in words if mark.words in ("usdt", "usdc", "brl", "fdusd") and named][:1]
