"""The closing words of a turn, made from what the calls returned and from nothing else."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from agent.offline.phrasing import bold, health_reason, listed, number, state, told
from agent.offline.plan import Done, Ending
from agent.offline.requests import Doubt
from agent.offline.resolve import NoSuch
from agent.words import Language, say

_PAST = {
    "edit_bot": "edited",
    "start_bot": "started",
    "pause_bot": "paused",
    "stop_bot": "stopped",
    "delete_bot": "deleted",
}


def tell(language: Language, ending: Ending) -> list[str]:
    """A sentence for each thing that was done, refused or not possible."""
    sentences: list[str] = []
    created: set[str] = set()
    for (kind, _), group in groupby(ending.done, key=_kind):
        items = list(group)
        if kind == "done":
            sentences += _tell_done(language, [one for one in items if isinstance(one, Done)], created)
        else:
            sentences += [_tell_other(language, ending, one) for one in items]
    return list(dict.fromkeys(sentences))


def _kind(one: Done | NoSuch | Doubt | str) -> tuple[str, str]:
    if isinstance(one, Done):
        return one.status, one.call.verb
    return "other", ""


def _tell_done(language: Language, done: Sequence[Done], created: set[str]) -> list[str]:
    verb = done[0].call.verb
    if verb == "create_bot":
        created.update(str(one.bot.get("name")) for one in done)
        return [_tell_created(language, one.bot) for one in done]
    names = [str(one.bot.get("name") or one.call.args.get("bot", "")) for one in done]
    if verb == "start_bot" and set(names) <= created and len(created) == 1:
        return [say(language, "offline.is", state=state(language, done[0].bot.get("state")))]
    return [say(language, f"offline.{_PAST.get(verb, 'edited')}", bots=listed(language, bold(names)))]


def _tell_created(language: Language, bot: Mapping[str, Any]) -> str:
    return say(
        language,
        "offline.created",
        name=bot.get("name", ""),
        mode=say(language, f"mode.{bot.get('mode')}"),
        pairs=listed(language, [str(pair) for pair in bot.get("pairs", ())]),
        stake=number(language, bot.get("stake", "")),
        currency=bot.get("stake_currency", ""),
    )


def _tell_other(language: Language, ending: Ending, one: Done | NoSuch | Doubt | str) -> str:
    if isinstance(one, str):
        return say(language, f"offline.{one}")
    if isinstance(one, Doubt):
        return say(language, f"offline.doubt.{one.key}", said=one.said)
    if isinstance(one, NoSuch):
        return _tell_missing(language, ending, one)
    match one.status:
        case "read" if one.call.about == "profit":
            return _tell_profit(language, one.returned)
        case "read":
            return _READS[one.call.verb](language, one.returned) if one.call.verb in _READS else ""
        case "refused":
            return say(language, "offline.refused", reason=_reason(language, one.returned))
        case "problem":
            key = f"problem.{one.returned.get('problem')}"
            words = say(language, key, **_numbers(language, one))
            return str(one.returned.get("detail", words)) if words == key else words
    return str(one.returned.get("detail") or one.status)


def _numbers(language: Language, one: Done) -> dict[str, str]:
    given = one.returned.get("numbers")
    numbers = dict(given) if isinstance(given, Mapping) else {}
    return {"name": str(one.call.args.get("bot", "")), **told(language, numbers)}


def _reason(language: Language, returned: Mapping[str, Any]) -> str:
    key = f"refusal.{returned.get('rule')}"
    numbers = told(language, returned.get("numbers") or {})
    words = say(language, key, **numbers)
    if words == key:
        return str(returned.get("detail", returned.get("rule")))
    return f"{words} {say(language, f'{key}.hint', **numbers)}"


def _tell_missing(language: Language, ending: Ending, one: NoSuch) -> str:
    known = listed(language, [str(bot.get("name")) for bot in ending.known.values()])
    if one.key == "unknown_bot":
        return say(language, "problem.unknown_bot", bot=one.asked, known=known or "—")
    return say(language, f"offline.{one.key}", known=known, action=say(language, f"action.{one.asked}"))


def _tell_bots(language: Language, returned: Mapping[str, Any]) -> str:
    bots = returned.get("bots") or []
    if not bots:
        return say(language, "offline.bots.none")
    said = [say(language, "offline.bot", name=bot.get("name"), state=_state_of(language, bot)) for bot in bots]
    key = "offline.bots.one" if len(bots) == 1 else "offline.bots.some"
    return say(language, key, count=len(bots), bots=listed(language, said))


def _state_of(language: Language, bot: Mapping[str, Any]) -> str:
    if bot.get("health") == "crashed":
        return say(language, "health.crashed")
    return state(language, bot.get("state"))


def _tell_profit(language: Language, returned: Mapping[str, Any]) -> str:
    """What all bots made and what each did; virtual money and real money are not added up."""
    bots = returned.get("bots") or []
    if not bots:
        return say(language, "offline.bots.none")
    kinds = dict.fromkeys((str(bot.get("mode")), str(bot.get("stake_currency", ""))) for bot in bots)
    return " ".join(_tell_profit_of(language, bots, *kind) for kind in kinds)


def _tell_profit_of(language: Language, bots: Sequence[Mapping[str, Any]], mode: str, currency: str) -> str:
    made = {
        str(bot.get("name")): _sum(bot.get("realised_profit"), bot.get("unrealised_profit"))
        for bot in bots
        if (str(bot.get("mode")), str(bot.get("stake_currency", ""))) == (mode, currency)
    }
    each = [say(language, "offline.profit.bot", name=name, profit=number(language, one)) for name, one in made.items()]
    return say(
        language,
        "offline.profit",
        mode=say(language, f"mode.{mode}"),
        profit=number(language, _sum(*made.values())),
        currency=currency,
        bots=listed(language, each),
    )


def _tell_status(language: Language, returned: Mapping[str, Any]) -> str:
    bot = returned.get("bot")
    if not isinstance(bot, Mapping):
        return ""
    profit = _sum(bot.get("realised_profit"), bot.get("unrealised_profit"))
    words = say(
        language,
        "offline.status",
        name=bot.get("name"),
        state=_state_of(language, bot),
        mode=say(language, f"mode.{bot.get('mode')}"),
        open=bot.get("open_trades", 0),
        closed=bot.get("closed_trades", 0),
        profit=number(language, profit),
        currency=bot.get("stake_currency", ""),
    )
    if bot.get("health") == "crashed":
        words += " " + say(language, "offline.status.crashed", reason=health_reason(language, bot.get("health_reason")))
    return words


def _sum(*values: Any) -> float:
    return round(sum(float(value) for value in values if value is not None), 4)


def _tell_trades(language: Language, returned: Mapping[str, Any]) -> str:
    trades = returned.get("trades") or []
    name, currency = returned.get("bot"), returned.get("stake_currency", "")
    if not trades:
        return say(language, "offline.trades.none", name=name)
    return say(
        language,
        "offline.trades.one" if len(trades) == 1 else "offline.trades.some",
        name=name,
        count=len(trades),
        open=sum(bool(trade.get("is_open")) for trade in trades),
        profit=number(language, _sum(*(trade.get("profit") for trade in trades))),
        currency=currency,
    )


def _tell_analysis(language: Language, returned: Mapping[str, Any]) -> str:
    rsi = returned.get("rsi_14")
    words = say(
        language,
        "offline.analysis",
        pair=returned.get("pair"),
        price=number(language, returned.get("price")),
        change=number(language, returned.get("change_24h_pct")),
        trend=say(language, f"trend.{returned.get('trend')}"),
        rsi=say(language, "offline.analysis.rsi", rsi=number(language, round(float(rsi), 1)))
        if rsi is not None
        else "",
    )
    extra = [say(language, "offline.analysis.synthetic")] if returned.get("synthetic") else []
    return " ".join([words, *extra, say(language, "offline.analysis.no_advice")])


def _tell_limits(language: Language, returned: Mapping[str, Any]) -> str:
    limits = returned.get("limits") or {}
    words = say(
        language,
        "offline.limits",
        max_trade=number(language, limits.get("max_trade")),
        max_bot=number(language, limits.get("max_bot_exposure")),
        max_total=number(language, limits.get("max_total_exposure")),
        committed=number(language, returned.get("total_committed")),
        currency=returned.get("stake_currency", ""),
    )
    blocked = sorted(str(pair) for pair in limits.get("blocked_pairs") or ())
    extra = [say(language, "offline.limits.blocked", pairs=", ".join(blocked))] if blocked else []
    live = "on" if limits.get("live_enabled") else "off"
    return " ".join([words, *extra, say(language, f"offline.limits.live_{live}")])


def _tell_strategies(language: Language, returned: Mapping[str, Any]) -> str:
    names = [str(strategy.get("name")) for strategy in returned.get("strategies") or ()]
    if not names:
        return say(language, "offline.strategies.none")
    return say(language, "offline.strategies", strategies=listed(language, bold(names)))


_READS: dict[str, Callable[[Language, Mapping[str, Any]], str]] = {
    "list_bots": _tell_bots,
    "bot_status": _tell_status,
    "bot_trades": _tell_trades,
    "analyze_market": _tell_analysis,
    "explain_limits": _tell_limits,
    "list_strategies": _tell_strategies,
}
