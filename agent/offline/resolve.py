"""From words such as "the BTC bot" or "both" to bots that exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.offline.requests import Target
from agent.offline.tokens import plain

Bot = Mapping[str, Any]

_FIT = {
    "start_bot": frozenset({"CREATED", "STOPPED", "PAUSED"}),
    "pause_bot": frozenset({"RUNNING"}),
    "stop_bot": frozenset({"RUNNING", "PAUSED"}),
    "resume_bot": frozenset({"PAUSED"}),
}
"""Which states "all bots" means for a verb."""


@dataclass(frozen=True)
class Which:
    """Several bots fit where one is meant."""

    options: tuple[str, ...]


@dataclass(frozen=True)
class NoSuch:
    """No bot fits; `key` says how that is told."""

    key: str
    asked: str = ""


def choose(target: Target, bots: Sequence[Bot], verb: str) -> tuple[str, ...] | Which | NoSuch:
    """The names of the bots that are meant."""
    if not bots:
        return NoSuch("no_bots")
    fitting = [bot for bot in bots if not _is_left_out(bot, target)]
    named = _named(replace(target, spoken="") if target.every else target, fitting)
    if named:
        return _names(named)
    if target.names:
        return NoSuch("unknown_bot", target.names[0])
    described = [bot for bot in fitting if _fits(bot, target)]
    if target.nth is not None:
        return _nth(target.nth, described)
    if target.every or target.them:
        return _all(described, target, verb)
    if target.both:
        return _names(described) if len(described) == 2 else Which(_names(fitting))
    if len(described) > 1:
        return Which(_names(described))
    return _names(described) if described else NoSuch("none_match")


def _names(bots: Sequence[Bot]) -> tuple[str, ...]:
    return tuple(str(bot.get("name", "")) for bot in bots)


def _named(target: Target, bots: Sequence[Bot]) -> list[Bot]:
    """The bots whose names stand in what was said; a longer name hides a shorter one that it holds."""
    spoken = f" {plain(target.spoken)} {' '.join(plain(name) for name in target.names)} "
    found: list[Bot] = []
    for bot in sorted(bots, key=lambda bot: -len(str(bot.get("name", "")))):
        name = f" {plain(str(bot.get('name', '')))} "
        if name.strip() and name in spoken:
            found.append(bot)
            spoken = spoken.replace(name, "  ")
    return [bot for bot in bots if bot in found]


def _is_left_out(bot: Bot, target: Target) -> bool:
    name = plain(str(bot.get("name", "")))
    return any(plain(one) == name or _trades(bot, one) for one in target.but)


def _fits(bot: Bot, target: Target) -> bool:
    return (
        all(_trades(bot, pair) for pair in target.pairs)
        and (target.strategy is None or bot.get("strategy") == target.strategy)
        and (target.mode is None or bot.get("mode") == target.mode)
        and (not target.states or bot.get("state") in target.states)
        and (not target.crashed or bot.get("health") == "crashed")
    )


def _trades(bot: Bot, pair: str) -> bool:
    """Whether a bot has a pair, or a pair of a coin."""
    pairs = [str(one) for one in bot.get("pairs", ())]
    return pair in pairs or any(one.partition("/")[0] == pair for one in pairs)


def _nth(nth: int, bots: Sequence[Bot]) -> tuple[str, ...] | NoSuch:
    index = nth - 1 if nth > 0 else nth
    return _names([bots[index]]) if -len(bots) <= index < len(bots) else NoSuch("none_match")


def _may_revive(bot: Bot, verb: str) -> bool:
    """Whether a bot that should be running is not."""
    return verb == "start_bot" and bot.get("health") == "crashed"


def _all(bots: Sequence[Bot], target: Target, verb: str) -> tuple[str, ...] | NoSuch:
    fit = _FIT.get(verb)
    chosen = [bot for bot in bots if fit is None or target.states or bot.get("state") in fit or _may_revive(bot, verb)]
    if chosen:
        return _names(chosen)
    return NoSuch("nothing_to_do" if bots else "none_match")
