"""What was read, in words: bots, trades, the market, limits, the guard, and what waits for a person."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.offline.phrasing import bold, health_reason, listed, number, refusal, state, told
from agent.words import Language, say


def tell_read(language: Language, verb: str, about: str, returned: Mapping[str, Any]) -> str:
    """The sentences for what a reading verb returned."""
    report = _ABOUT.get((verb, about)) or _READS.get(verb)
    return report(language, returned) if report else ""


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
    return f"{words} {_hold(language, bot)}".strip()


def _hold(language: Language, bot: Mapping[str, Any]) -> str:
    """Why the guard paused a bot; nothing where it did not."""
    hold = bot.get("hold")
    if not isinstance(hold, Mapping):
        return ""
    key = f"hold.{hold.get('rule')}"
    words = say(language, key, **told(language, hold.get("numbers") or {}))
    words = say(language, "hold.unknown") if words == key else words
    return f"{words} {say(language, 'hold.resume')}"


def _tell_held(language: Language, returned: Mapping[str, Any]) -> str:
    held = {str(bot.get("name")): reason for bot in returned.get("bots") or () if (reason := _hold(language, bot))}
    said = [say(language, "offline.held", name=name, reason=reason) for name, reason in held.items()]
    return " ".join(said) or say(language, "offline.held.none")


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
    losses = limits.get("max_daily_loss"), limits.get("max_drawdown")
    if None not in losses:
        daily, fall = (number(language, value) for value in losses)
        currency = returned.get("stake_currency", "")
        words += " " + say(language, "offline.limits.losses", daily_loss=daily, drawdown=fall, currency=currency)
    blocked = sorted(str(pair) for pair in limits.get("blocked_pairs") or ())
    extra = [say(language, "offline.limits.blocked", pairs=", ".join(blocked))] if blocked else []
    live = "on" if limits.get("live_enabled") else "off"
    return " ".join([words, *extra, say(language, f"offline.limits.live_{live}")])


def _tell_strategies(language: Language, returned: Mapping[str, Any]) -> str:
    names = [str(strategy.get("name")) for strategy in returned.get("strategies") or ()]
    if not names:
        return say(language, "offline.strategies.none")
    return say(language, "offline.strategies", strategies=listed(language, bold(names)))


def _tell_guard(language: Language, returned: Mapping[str, Any]) -> str:
    panic = say(language, "offline.guard.panic") if returned.get("panic") else ""
    orders = returned.get("refused_orders") or ()
    if not orders:
        return panic or say(language, "offline.guard.none")
    last = orders[0]
    words = say(
        language,
        "offline.guard.one" if len(orders) == 1 else "offline.guard.some",
        count=len(orders),
        bot=last.get("bot_name"),
        pair=last.get("pair"),
        reason=refusal(language, last, hint=False),
    )
    return f"{panic} {words}".strip()


def _tell_live(language: Language, returned: Mapping[str, Any]) -> str:
    """Whether real money can be traded; if not, the first thing that is in the way."""
    check = returned.get("check")
    if not isinstance(check, Mapping):
        words = say(language, "offline.live.unchecked")
    elif not returned.get("passed"):
        words = say(language, "offline.live.not_ready", reason=refusal(language, returned))
    else:
        words = say(language, "offline.live.ready" if returned.get("enabled") else "offline.live.off")
        words += "" if check.get("ip_restricted") else f" {say(language, 'offline.live.any_ip')}"
    if differences := returned.get("differences"):
        words += f" {say(language, 'offline.live.differences', count=len(differences))}"
    bots = [_live_bot(language, bot) for bot in returned.get("bots") or ()]
    return f"{words} {say(language, 'offline.live.bots', bots=listed(language, bots))}" if bots else words


def _live_bot(language: Language, bot: Mapping[str, Any]) -> str:
    mandate = bot.get("mandate") or {}
    status, reason = mandate.get("status", "none"), mandate.get("reason") or "void"
    words = say(language, f"mandate.{status}") if status != "void" else told(language, {"reason": reason})["reason"]
    return say(language, "offline.live.bot", name=bot.get("name"), state=_state_of(language, bot), mandate=words)


def _tell_proposals(language: Language, returned: Mapping[str, Any]) -> str:
    proposals = returned.get("proposals") or ()
    if not proposals:
        return say(language, "offline.proposals.none")
    said = [_tell_proposal(language, proposal) for proposal in proposals]
    return say(language, "offline.proposals.some", proposals=listed(language, said))


def _tell_proposal(language: Language, proposal: Mapping[str, Any]) -> str:
    action = say(language, f"action.{proposal.get('action')}")
    bot = proposal.get("bot_name")
    if bot is None:
        return say(language, "offline.proposal", action=action)
    return say(language, "offline.proposal.bot", action=action, bot=bot)


def _tell_unconfirmed(language: Language, returned: Mapping[str, Any]) -> str:
    words = _tell_proposals(language, returned)
    return f"{say(language, 'offline.confirm_yours')} {words}" if returned.get("proposals") else words


def _tell_log(language: Language, returned: Mapping[str, Any]) -> str:
    log = returned.get("log")
    lines = str(log.get("untrusted_text") or "").splitlines() if isinstance(log, Mapping) else []
    if not lines:
        return say(language, "offline.log.none", name=returned.get("bot"))
    told_of = say(language, "offline.log", name=returned.get("bot"), count=len(lines))
    return f"{told_of} {say(language, 'offline.tainted')}"


def _tell_source(language: Language, returned: Mapping[str, Any]) -> str:
    told_of = say(language, "offline.source", strategy=returned.get("strategy"))
    return f"{told_of} {say(language, 'offline.tainted')}"


_READS: dict[str, Callable[[Language, Mapping[str, Any]], str]] = {
    "list_bots": _tell_bots,
    "bot_status": _tell_status,
    "bot_trades": _tell_trades,
    "analyze_market": _tell_analysis,
    "explain_limits": _tell_limits,
    "list_strategies": _tell_strategies,
    "strategy_source": _tell_source,
    "bot_log": _tell_log,
    "guard_status": _tell_guard,
    "live_status": _tell_live,
    "list_proposals": _tell_proposals,
}
_ABOUT: dict[tuple[str, str], Callable[[Language, Mapping[str, Any]], str]] = {
    ("list_bots", "profit"): _tell_profit,
    ("list_bots", "held"): _tell_held,
    ("list_proposals", "confirm"): _tell_unconfirmed,
}
