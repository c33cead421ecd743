"""A small world for the interpreter: bots in memory, and verbs that answer as the real ones do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

import pytest
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from agent.offline.interpret import interpret
from agent.offline.requests import READS, Verb
from agent.words import Language

VERBS: tuple[Verb, ...] = get_args(Verb)
WRITES = frozenset(VERBS) - READS
LOOSER = {"max_trade": 100, "max_bot_exposure": 500, "max_total_exposure": 1000, "max_daily_loss": 100}
"""From which value on a limit would be looser than it is."""
STRATEGIES = ("RsiMeanReversion", "EmaCross", "BollingerBreakout", "MACD")
MOST = 100
STATE_AFTER = {"start_bot": "RUNNING", "resume_bot": "RUNNING", "pause_bot": "PAUSED", "stop_bot": "STOPPED"}

Call = tuple[str, dict[str, Any]]


def new_bot(name: str, state: str = "RUNNING", **settings: Any) -> dict[str, Any]:
    return {
        "id": f"{abs(hash(name)):012x}"[:12],
        "name": name,
        "state": state,
        "health": "healthy" if state == "RUNNING" else "off",
        "health_reason": None,
        "mode": "SIMULATED",
        "pairs": ["BTC/USDT"],
        "strategy": "RsiMeanReversion",
        "timeframe": "5m",
        "stake": "50",
        "max_open_trades": 1,
        "stake_currency": "USDT",
        "open_trades": 0,
        "closed_trades": 0,
        "open_exposure": "0",
        "max_exposure": "50",
        "realised_profit": "0",
        "unrealised_profit": "0",
        **settings,
    }


def usual_bots() -> list[dict[str, Any]]:
    return [new_bot("alpha"), new_bot("beta", "PAUSED", pairs=["ETH/USDT"], strategy="EmaCross")]


@dataclass
class World:
    """Bots, and a conversation about them."""

    language: Language
    bots: list[dict[str, Any]] = field(default_factory=usual_bots)
    tools: tuple[str, ...] = VERBS
    messages: list[ModelMessage] = field(default_factory=list)
    made: int = 0
    proposals: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str) -> tuple[list[Call], str]:
        """A turn: the calls it made and the words it ended with."""
        self.messages.append(ModelRequest(parts=[UserPromptPart(text)]))
        calls: list[Call] = []
        for _ in range(30):
            response = interpret(self.messages, self.tools, self.language)
            self.messages.append(response)
            asked = [part for part in response.parts if isinstance(part, ToolCallPart)]
            if not asked:
                return calls, _text(response)
            calls += [(part.tool_name, part.args_as_dict()) for part in asked]
            returns = [
                ToolReturnPart(part.tool_name, self.do(part.tool_name, part.args_as_dict()), part.tool_call_id)
                for part in asked
            ]
            self.messages.append(ModelRequest(parts=returns))
        raise AssertionError(f"no end to {text!r}: {calls}")

    def do(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        if verb == "create_bot":
            return self.create(args)
        if "bot" in args:
            return self.act(verb, args)
        if verb in WRITES:
            return self.change(verb, args)
        return self.look(verb, args)

    def look(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        match verb:
            case "list_bots":
                return {"bots": [dict(bot) for bot in self.bots]}
            case "explain_limits":
                limits = {"max_trade": "100", "max_bot_exposure": "500", "max_total_exposure": "1000"}
                return {
                    "limits": {**limits, "blocked_pairs": ["DOGE/USDT"], "live_enabled": False},
                    "own_limits": {"alpha": {"blocked_pairs": ["SHIB/USDT"]}},
                    "stake_currency": "USDT",
                    "total_used": "0",
                    "total_committed": "50",
                }
            case "list_strategies":
                return {"strategies": [{"name": name, "summary": "…", "timeframe": "5m"} for name in STRATEGIES]}
            case "strategy_source":
                return {"strategy": args["name"], "source": {"untrusted_text": "class X: ..."}}
            case "guard_status":
                numbers = {"asked": "500", "max": "100", "currency": "USDT", "pair": "BTC/USDT"}
                order = {"bot_name": "alpha", "pair": "BTC/USDT", "rule": "trade_size", "numbers": numbers}
                return {"panic": None, "refused_orders": [order, order]}
            case "live_status":
                check = {"key_works": True, "can_trade": True, "can_withdraw": False, "ip_restricted": False}
                return {"enabled": False, "passed": True, "rule": None, "numbers": {}, "check": check, "bots": []}
            case "list_proposals":
                return {"proposals": self.proposals}
        return {
            "pair": args["pair"],
            "timeframe": "5m",
            "price": "50000.10",
            "change_24h_pct": "-1.25",
            "trend": "up",
            "rsi_14": "55.12",
            "synthetic": True,
        }

    def change(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        """What concerns all bots: tighter is done, looser is the person's."""
        refused = {"status": "refused", "action": verb, "rule": "agent_cannot_loosen"}
        if verb == "release_panic":
            return {**refused, "numbers": {"limit": "panic", "from": "on", "to": "off"}}
        if verb == "unblock_pair":
            return {**refused, "numbers": {"limit": "blocked_pairs", "from": args["pair"], "to": "-"}}
        for name, value in args.get("changes", {}).items():
            if value is True or value > LOOSER.get(name, float("inf")) if not isinstance(value, list) else False:
                return {**refused, "numbers": {"limit": name, "from": str(LOOSER.get(name)), "to": str(value)}}
        return {"status": "done", "action": verb}

    def create(self, args: dict[str, Any]) -> dict[str, Any]:
        refused = {"status": "refused", "action": "create_bot"}
        if args.get("mode") == "REAL_MARKET_SPOT":
            return {**refused, "rule": "live_disabled", "numbers": {"mode": "REAL_MARKET_SPOT"}}
        if args["stake"] > MOST:
            numbers = {"asked": str(args["stake"]), "max": str(MOST), "currency": "USDT"}
            return {**refused, "rule": "trade_size", "numbers": numbers}
        self.made += 1
        bot = new_bot(args.get("name") or f"new-{self.made}", "CREATED", pairs=args["pairs"], stake=str(args["stake"]))
        self.bots.append(bot)
        return {"status": "done", "action": "create_bot", "bot": dict(bot)}

    def act(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        bot = next((one for one in self.bots if args["bot"].casefold() in (one["name"].casefold(), one["id"])), None)
        if bot is None:
            known = ", ".join(one["name"] for one in self.bots)
            numbers = {"bot": args["bot"], "known": known}
            return {"status": "problem", "action": verb, "problem": "unknown_bot", "numbers": numbers}
        if verb == "bot_status":
            return {"bot": dict(bot)}
        if verb == "bot_trades":
            return {"bot": bot["name"], "stake_currency": "USDT", "trades": []}
        if verb == "bot_log":
            return {"bot": bot["name"], "log": {"untrusted_text": "one line\nand another"}}
        if verb == "change_mode" and args["mode"] == "REAL_MARKET_SPOT":
            proposal = {"proposal": "p1", "action": verb, "bot_name": bot["name"], "why": "live", "numbers": {}}
            self.proposals.append(proposal)
            return {"status": "needs_confirmation", **proposal}
        if verb == "delete_bot" and bot["state"] == "RUNNING":
            return {"status": "problem", "action": verb, "problem": "bot_running", "numbers": {"name": bot["name"]}}
        if verb == "delete_bot":
            self.bots.remove(bot)
        if verb == "edit_bot":
            bot.update({key: value for key, value in args.items() if key != "bot"})
        bot["state"] = STATE_AFTER.get(verb, bot["state"])
        return {"status": "done", "action": verb, "bot": dict(bot)}


def _text(response: ModelResponse) -> str:
    return "".join(part.content for part in response.parts if isinstance(part, TextPart))


@pytest.fixture
def build_world() -> Callable[..., World]:
    return World
