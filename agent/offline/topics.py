"""What a message without a command is about: bots, trades, the market, limits, or talk."""

from collections.abc import Sequence
from typing import Literal

from agent.offline.lexicon import word_set
from agent.offline.marks import Mark
from agent.offline.requests import Step, Target
from agent.offline.settings import read_settings
from agent.offline.strategies import STRATEGIES
from agent.offline.targets import read_target
from agent.offline.tokens import Text

Topic = Step | str
"""A reading verb, or the key of an answer."""

_TELLS_STATUS = frozenset({"do:show", "see:status", "see:bots"})
_EXPLICIT_STATUS = word_set(
    "status state health running profit profits pnl p l performance settings details",
    "estado lucro lucros rodando saude desempenho situacao ganhos resultado detalhes configuracoes",
)


def find_topic(text: Text, marks: Sequence[Mark]) -> Topic:
    """The reading verb that answers these words, or the key of an answer."""
    has = {tag for mark in marks for tag in mark.tags}
    for rule in (_money, _live, _proposals, _guard, _log, _source, _limits, _strategies, _trades, _market, _bots):
        topic = rule(text, marks, has)
        if topic is not None:
            return topic
    return "unknown"


def _money(_: Text, __: Sequence[Mark], has: set[str]) -> Topic | None:
    return "no_withdraw" if "do:withdraw" in has else None


def _live(_: Text, __: Sequence[Mark], has: set[str]) -> Topic | None:
    """Whether real money can be traded."""
    return Step("live_status") if "see:live" in has else None


def _proposals(_: Text, __: Sequence[Mark], has: set[str]) -> Topic | None:
    """What waits for the person's word, also where the word is said: it is not ours to pass on."""
    if "see:proposals" in has:
        return Step("list_proposals", about="confirm" if has & {"confirm", "deny"} else "")
    return Step("list_proposals", about="confirm") if has & {"confirm", "deny"} else None


def _guard(text: Text, marks: Sequence[Mark], has: set[str]) -> Topic | None:
    """What the guard refused, which bots it paused, and whether the panic stop is on."""
    if "see:held" in has:
        target = read_target(text, marks)
        return Step("bot_status", target=target) if target.names else Step("list_bots", about="held")
    return Step("guard_status") if has & {"see:refused", "panic"} else None


def _log(text: Text, marks: Sequence[Mark], has: set[str]) -> Topic | None:
    """The end of a bot's log; what somebody tells of a log is not asked for."""
    told = any(mark.quoted or mark.words == ":" for mark in marks)
    if "see:log" not in has or told:
        return None
    lines = next((int(mark.amount.number) for mark in marks if mark.amount and not mark.amount.unit), None)
    target = read_target(text, marks, {i for i, mark in enumerate(marks) if mark.has("see:log") or mark.amount})
    return Step("bot_log", {"lines": lines} if lines else {}, target)


def _source(text: Text, marks: Sequence[Mark], has: set[str]) -> Topic | None:
    """A strategy's source, by its name, its idea, or the bot that runs it."""
    if "see:source" not in has:
        return None
    idea = next((idea for mark in marks if (idea := mark.value("strategy"))), None)
    name = STRATEGIES.get(idea or "")
    said = {i for i, mark in enumerate(marks) if mark.has("see:source", "set:strategy") or mark.value("strategy")}
    return Step("strategy_source", {"name": name} if name else {}, read_target(text, marks, said))


def _limits(_: Text, __: Sequence[Mark], has: set[str]) -> Topic | None:
    return Step("explain_limits") if "see:limits" in has else None


def _strategies(text: Text, marks: Sequence[Mark], has: set[str]) -> Topic | None:
    named = read_target(text, marks).names or has & {"it", "bot", "nth:1", "nth:2"}
    return Step("list_strategies") if "see:strategies" in has and not named else None


def _trades(text: Text, marks: Sequence[Mark], has: set[str]) -> Topic | None:
    nouns = [mark for mark in marks if mark.has("see:trades") and not mark.has("see:status")]
    if not nouns or ("see:price" in has and any(mark.pair for mark in marks)):
        return None
    strong = any(
        mark.words not in ("trade", "trading", "order", "orders", "position", "entries", "exits") for mark in nouns
    )
    target = read_target(text, marks)
    if not strong and target.empty and "do:show" not in has and "last" not in has:
        return None
    if "bots" in has and not target.names:
        return None
    limit = next(
        (mark.amount.number for mark in marks if mark.amount and not mark.amount.unit and not mark.amount.percent), None
    )
    return Step("bot_trades", {"limit": int(limit)} if limit is not None else {}, target)


def _market(text: Text, marks: Sequence[Mark], has: set[str]) -> Topic | None:
    pairs = [mark.pair for mark in marks if mark.pair]
    bots = has & {"bot", "bots", "abot", "state:RUNNING", "state:PAUSED"} or any(
        mark.words in _EXPLICIT_STATUS for mark in marks
    )
    if pairs and (not bots or "do:analyze" in has):
        found = read_settings(text, marks, creating=False).found
        settings = {"timeframe": found["timeframe"]} if "timeframe" in found else {}
        return Step("analyze_market", {"pair": found["pairs"][0], **settings}) if "pairs" in found else None
    asks = (
        "do:analyze" in has
        or "see:price" in has
        or any(mark.words in ("market", "the market", "mercado") for mark in marks)
    )
    return Step("analyze_market") if asks and not bots and not read_target(text, marks).names else None


def _bots(text: Text, marks: Sequence[Mark], has: set[str]) -> Topic | None:
    target = read_target(text, marks)
    about = bool(has & _TELLS_STATUS) or _asks_how(marks)
    profit: Literal["", "profit"] = "profit" if "see:profit" in has else ""
    if has & {"bots", "abot"} and not target.names:
        return Step("list_bots", target=target, about=profit)
    if "all" in has and "do:show" in has and not target.names:
        return Step("list_bots", target=target)
    if target.names and (about or has & {"bot"}):
        return Step("bot_status", target=target) if all(len(name.split()) <= 3 for name in target.names) else None
    if (target.it or target.one or target.described) and about and not _only_states(target):
        return Step("bot_status", target=target)
    if "see:bots" in has or (any(mark.words in _EXPLICIT_STATUS for mark in marks) and _is_bare(marks)):
        return Step("list_bots", target=target, about=profit)
    return None


def _only_states(target: Target) -> bool:
    return bool(target.states) and not (target.it or target.one or target.pairs or target.nth)


def _asks_how(marks: Sequence[Mark]) -> bool:
    return any(mark.has("ask", "aux") for mark in marks)


def _is_bare(marks: Sequence[Mark]) -> bool:
    """Whether the words are of known kinds alone, few of them."""
    return len(marks) <= 5 and not any(mark.unknown or mark.quoted for mark in marks)
