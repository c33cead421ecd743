"""Trades that are entered or left by hand, orders that are taken back, and pairs that a bot is kept out of."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from agent.offline.commands import Command
from agent.offline.found import is_count, is_money
from agent.offline.marks import Mark
from agent.offline.requests import Step, Target, Verb
from agent.offline.settings import read_settings
from agent.offline.stakes import is_currency
from agent.offline.targets import read_target
from agent.offline.tokens import Text

Built = tuple[Step, ...] | str
"""Steps, or the key of an answer; an empty key where the words mean nothing here."""

_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_PRICED = frozenset({"at", "ao", "limit", "limite"})
_HELD = ("trade", "position", "everything", " all", "tudo", "posic", "operac")
_FLATTENING = ("zer", "liquid", "flatten", "cash out")


def enter(text: Text, command: Command) -> Built:
    """An entry of a bot that is named: "buy ETH now with alpha for 50". Without a bot, nobody buys."""
    price = _price_at(command.words)
    words = [mark for i, mark in enumerate(command.words) if i != price]
    settings = read_settings(text, words, creating=True)
    target = _whom(text, command, words, settings.taken)
    if not target.named:
        return "no_orders"
    if settings.doubts:
        return (Step("force_entry", target=target, doubts=tuple(settings.doubts)),)
    given = {"stake": settings.found["stake"]} if "stake" in settings.found else {}
    if price is not None and (amount := command.words[price].amount):
        given["price"] = amount.number
    pairs = [str(mark.pair) for i, mark in enumerate(words) if mark.pair and not is_currency(words, i)]
    return tuple(Step("force_entry", {"pair": pair, **given}, target) for pair in dict.fromkeys(pairs)) or "no_orders"


def leave(text: Text, command: Command) -> Built:
    """What a bot holds, or one pair of it: "close the BTC trade of alpha", "sell everything alpha holds"."""
    words = command.words
    target = _whom(text, command, words, {i for i, mark in enumerate(words) if mark.amount})
    if any(mark.has("part") or (mark.amount and mark.amount.percent) for mark in words) or target.but:
        return "no_part"
    pairs = pairs_of(words)
    if not target.named:
        by_pair = pairs if _is_about_trade(command) else ()
        return tuple(Step("force_exit", {"pair": pair}, Target(pairs=(pair,))) for pair in by_pair) or "no_orders"
    if not pairs:
        return (Step("force_exit", target=target),) if _means_all(command, target) else "no_orders"
    part = _part_of(words) if len(pairs) == 1 else None
    given: dict[str, Any] = {} if part is None else {"amount": part}
    return tuple(Step("force_exit", {"pair": pair, **given}, target) for pair in pairs)


def close(text: Text, command: Command) -> Built:
    """ "Close" said of a trade or a pair; said of anything else it means nothing here."""
    return leave(text, command) if _is_about_trade(command) or pairs_of(command.words) else ""


def cancel(text: Text, command: Command) -> Built:
    """An order that is taken back; anything else that is cancelled is talk."""
    if not any(mark.has("order") for mark in (*command.words, command.how)):
        return ""
    pairs = pairs_of(command.words)
    target = _whom(text, command, command.words)
    if not target.named:
        target = Target(pairs=tuple(pairs))
    given: list[dict[str, Any]] = [{"pair": pair} for pair in pairs] or [{}]
    return tuple(Step("cancel_order", settings, target) for settings in given)


def lock(text: Text, command: Command) -> Built:
    """A pair that a bot keeps out of for a while: "keep alpha out of SOL for 2 hours"."""
    minutes = minutes_of(command.words)
    return _for_pairs(text, command, "lock_pair", {"minutes": minutes} if minutes else {})


def unlock(text: Text, command: Command) -> Built:
    """A bot let back into a pair."""
    return _for_pairs(text, command, "unlock_pair", {})


def minutes_of(words: Sequence[Mark]) -> int | None:
    """How long: "for 2 hours", "for a day"."""
    for mark in words:
        if mark.amount and mark.amount.unit in _MINUTES:
            return round(mark.amount.number * _MINUTES[mark.amount.unit])
    lasts = next((lasts for mark in words if (lasts := mark.value("lasts"))), None)
    return int(lasts) if lasts else None


def pairs_of(words: Sequence[Mark]) -> list[str]:
    """The pairs and coins that are named, without those that are left out."""
    cut = next((i for i, mark in enumerate(words) if mark.has("except") and not mark.has("neg")), len(words))
    return list(dict.fromkeys(mark.pair for mark in words[:cut] if mark.pair))


def _for_pairs(text: Text, command: Command, verb: Verb, given: dict[str, Any]) -> Built:
    taken = {i for i, mark in enumerate(command.words) if mark.amount}
    target = _whom(text, command, command.words, taken)
    whom = target if target.named else Target()
    return tuple(Step(verb, {"pair": pair, **given}, whom) for pair in pairs_of(command.words)) or ""


def _whom(text: Text, command: Command, words: Sequence[Mark], taken: Collection[int] = ()) -> Target:
    """The bot that is named; a pair is what is traded and tells of no bot."""
    target = read_target(text, words, taken)
    if not target.named and command.before:
        target = read_target(text, command.before)
    return replace(target, pairs=())


def _price_at(words: Sequence[Mark]) -> int | None:
    """Where a price stands: "at 2000", "at a price of 2000", Portuguese "a 2000"."""
    for i, mark in enumerate(words):
        if i == 0 or mark.amount is None or not is_money(mark.amount):
            continue
        before = i - 1
        while before > 0 and words[before].has("of", "the", "a") and words[before].words not in (*_PRICED, "a"):
            before -= 1
        portuguese = words[before].words == "a" and not mark.amount.currency
        if words[before].has("see:price") or words[before].words in _PRICED or portuguese:
            return i
    return None


def _part_of(words: Sequence[Mark]) -> int | float | None:
    """How much of a coin: "0.5 BTC"."""
    for mark, following in pairwise(words):
        if mark.amount and is_count(mark.amount) and following.pair:
            return mark.amount.number
    return None


def _is_about_trade(command: Command) -> bool:
    said = any(word in command.how.words for word in _HELD)
    return said or any(mark.has("position") for mark in command.words)


def _means_all(command: Command, target: Target) -> bool:
    """Whether all that a bot holds is meant, rather than something else of it."""
    flat = command.how.words.startswith(_FLATTENING)
    return flat or bool(target.names or target.one) or _is_about_trade(command)
