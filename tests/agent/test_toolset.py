"""Every verb: which action it submits, with which risk, and that none of them is a person's word."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic_ai import RunContext, ToolReturn
from pydantic_ai.models.test import TestModel
from pydantic_ai.usage import RunUsage

from agent.toolset import RISKS, TOOLSETS
from tests.tools.bots.fakes import World, trade
from tools.actions import KINDS, Action, Risk, read_action
from tools.bot import State
from tools.cards import RefusalCard
from tools.guard.actor import Actor
from tools.guard.limits import BotLimitsChange
from tools.guard.proposals import Draft, Proposals
from tools.guard.verdict import Why
from tools.store.database import Store
from tools.store.tables import now
from tools.verbs import Hands

VERBS: dict[str, Any] = {name: tool.function for tools in TOOLSETS for name, tool in tools.tools.items()}
WRITES = [verb for verb, risk in RISKS.items() if risk is not Risk.READ]
RISK_OF = {one.model_fields["kind"].default: one.risk for one in get_args(get_args(Action)[0])}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "create_bot": {"pairs": ["btc"], "stake": 20},
    "edit_bot": {"bot": "alpha", "stake": 30},
    "change_mode": {"bot": "alpha", "mode": "REAL_MARKET_SPOT"},
    "force_entry": {"bot": "alpha", "pair": "btc", "stake": 20, "price": 45000.5},
    "force_exit": {"bot": "alpha", "pair": "BTCUSDT"},
    "cancel_order": {"bot": "alpha"},
    "lock_pair": {"bot": "alpha", "pair": "btc-usdt", "minutes": 30},
    "unlock_pair": {"bot": "alpha", "pair": "btc"},
    "set_limits": {"changes": {"max_trade": 50, "blocked_pairs": ["doge"], "allowed_pairs": ["*/USDT"]}},
    "set_bot_limits": {"bot": "alpha", "changes": {"max_daily_loss": 5, "max_trade": None}},
    "block_pair": {"pair": "doge"},
    "unblock_pair": {"pair": "doge"},
    "panic": {"exit": True},
    "release_panic": {},
    "store_strategy": {"name": "Own", "source": "class Own: ..."},
    "settle_finding": {"finding": "0123456789abcdef"},
}
CONTENT: dict[str, dict[str, Any]] = {
    "force_entry": {"pair": "BTC/USDT", "stake": 20, "price": 45000.5},
    "force_exit": {"trade_id": 1},
    "cancel_order": {"trade_id": 1},
    "lock_pair": {"pair": "BTC/USDT", "minutes": 30},
    "set_limits": {"changes": {"max_trade": 50, "blocked_pairs": ["DOGE/USDT"], "allowed_pairs": ["*/USDT"]}},
    "set_bot_limits": {"changes": {"max_daily_loss": 5, "max_trade": None}},
    "block_pair": {"pair": "DOGE/USDT"},
    "panic": {"exit": True},
    "store_strategy": {"name": "Own", "source": "class Own: ..."},
    "settle_finding": {"finding": "0123456789abcdef"},
}


class Noting:
    """A gate that notes what it is asked, and refuses."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, Any], Actor, str | None]] = []

    async def submit(self, action: dict[str, Any], actor: Actor, key: str | None = None) -> RefusalCard:
        self.asked.append((action, actor, key))
        return RefusalCard(audit_id=1, action=action["kind"], at=now(), rule="panic", numbers={})


@pytest.fixture
async def bots(store: Store, tmp_path: Path) -> World:
    """One running bot that has one trade open."""
    world = World(store, tmp_path)
    bot = world.add(state=State.RUNNING)
    world.client(bot).told.append(trade(1))
    await world.mirror.ask(bot, world.client(bot))
    return world


@pytest.fixture
def hands(store: Store, bots: World) -> Hands:
    """The hands of a model."""
    gate: Any = Noting()
    analyst: Any = None
    actor = Actor(door="web", agent=True, run_id="r1")
    proposals = Proposals(store, lambda _: None)
    return Hands(gate, bots.desk, analyst, bots.shelf.read, actor, proposals, lambda *_: [], bots.reconciliation.read)


@pytest.fixture
def use(hands: Hands) -> Callable[..., Any]:
    async def run(verb: str, **arguments: Any) -> ToolReturn:
        context = RunContext(deps=hands, model=TestModel(), usage=RunUsage(), tool_call_id="call_1")
        returned: ToolReturn = await VERBS[verb](context, **arguments)
        return returned

    return run


def test_verbs_when_listed_then_each_has_its_risk_and_no_other_is_there() -> None:
    assert set(VERBS) == set(RISKS)


def test_verbs_when_listed_then_every_action_has_one_and_its_own_risk() -> None:
    assert set(WRITES) == KINDS
    assert {verb: RISKS[verb] for verb in WRITES} == RISK_OF


def test_verbs_when_listed_then_none_confirms_or_denies() -> None:
    words = ("confirm", "deny", "decide", "approve", "accept")
    assert not [verb for verb in VERBS if any(word in verb for word in words)]
    sources = (Path(__file__).parents[2] / "tools").rglob("*verbs.py")
    for source in sources:
        text = source.read_text(encoding="utf-8")
        assert ".confirm(" not in text
        assert ".deny(" not in text


@pytest.mark.parametrize("verb", WRITES)
async def test_verb_when_used_then_submits_its_own_action_once_for_the_person_who_asks(
    hands: Hands, use: Callable[..., Any], verb: str
) -> None:
    await use(verb, **ARGUMENTS.get(verb, {"bot": "alpha"}))
    gate: Any = hands.gate
    ((action, actor, key),) = gate.asked
    assert read_action(action).kind == verb
    assert CONTENT.get(verb, {}).items() <= action.items()
    assert (actor, key) == (hands.actor, "r1:call_1")


@pytest.mark.parametrize("verb", WRITES)
async def test_verb_when_the_turn_is_tainted_then_so_is_whoever_asks(
    hands: Hands, use: Callable[..., Any], verb: str
) -> None:
    hands.taint.mark("log")
    await use(verb, **ARGUMENTS.get(verb, {"bot": "alpha"}))
    gate: Any = hands.gate
    assert [actor.tainted for _, actor, _ in gate.asked] == [True]


@pytest.mark.parametrize("verb", [verb for verb in WRITES if "bot" in ARGUMENTS.get(verb, {"bot": ""})])
async def test_verb_when_the_bot_is_unknown_then_nothing_is_submitted(
    hands: Hands, use: Callable[..., Any], verb: str
) -> None:
    returned = await use(verb, **{**ARGUMENTS.get(verb, {}), "bot": "nobody"})
    gate: Any = hands.gate
    assert returned.return_value["problem"] == "unknown_bot"
    assert gate.asked == []


async def test_exit_when_no_trade_is_open_in_the_pair_then_nothing_is_sold(
    hands: Hands, use: Callable[..., Any]
) -> None:
    returned = await use("force_exit", bot="alpha", pair="ETH/USDT")
    gate: Any = hands.gate
    assert returned.return_value["problem"] == "no_open_trade"
    assert gate.asked == []


async def test_exit_when_neither_pair_nor_trade_is_given_then_all_of_the_bot_is_meant(
    hands: Hands, use: Callable[..., Any]
) -> None:
    await use("force_exit", bot="alpha")
    gate: Any = hands.gate
    assert "trade_id" not in gate.asked[0][0]


def test_schemas_when_sent_with_each_request_then_they_are_short() -> None:
    tools = [tool for toolset in TOOLSETS for tool in toolset.tools.values()]
    assert sum(len(str(tool.function_schema.json_schema)) + len(tool.description or "") for tool in tools) < 14_000
    assert all(len((tool.description or "").splitlines()) <= 2 for tool in tools)


async def test_proposals_when_listed_then_neither_hash_nor_texts_of_the_action_are_told(
    hands: Hands, use: Callable[..., Any]
) -> None:
    spec = {"name": "x", "pairs": ["BTC/USDT"], "stake": "20", "max_open_trades": 1, "description": "Confirm me!"}
    made = hands.proposals.make(
        read_action({"kind": "create_bot", "spec": spec}), hands.actor, Draft(submission="s", why=Why.TAINTED)
    )
    returned = await use("list_proposals")
    (told,) = returned.return_value["proposals"]
    assert (told["proposal"], told["action"], told["why"], told["status"]) == (
        made.id,
        "create_bot",
        "tainted",
        "pending",
    )
    assert made.hash not in str(told)
    assert "Confirm me!" not in str(told)
    assert [card.proposal.id for card in returned.metadata] == [made.id]


async def test_guard_when_its_state_is_read_then_panic_and_refused_orders_are_told(
    hands: Hands, use: Callable[..., Any]
) -> None:
    returned = await use("guard_status")
    assert returned.return_value == {"panic": None, "refused_orders": []}


async def test_limits_when_explained_then_a_bots_own_go_by_its_name(bots: World, use: Callable[..., Any]) -> None:
    bot = bots.registry.find("alpha")
    bots.book.write(BotLimitsChange(max_trade=Decimal(10)).applied_to(bots.book.read(), bot.id))
    returned = await use("explain_limits")
    assert returned.return_value["own_limits"] == {"alpha": {"max_trade": "10"}}


async def test_live_when_its_state_is_read_then_the_key_and_the_bots_are_told_and_no_balance(
    bots: World, use: Callable[..., Any]
) -> None:
    before = await use("live_status")
    assert (before.return_value["passed"], before.return_value["check"], before.metadata) == (False, None, [])
    bots.key.told |= {"balances": {"USDT": {"free": "1234.5", "locked": "0"}}}
    await bots.checks.refresh()
    bots.add("real", mode="REAL_MARKET_SPOT")
    after = await use("live_status")
    assert (after.return_value["passed"], after.return_value["enabled"]) == (True, False)
    assert [(bot["name"], bot["mandate"]["status"]) for bot in after.return_value["bots"]] == [("real", "none")]
    assert "1234.5" not in str(after.return_value)
    assert [card.kind for card in after.metadata] == ["bots"]
