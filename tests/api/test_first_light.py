"""From a sentence to a closed trade: HTTP, the agent, the gate, Freqtrade on the exchange, and all the way back."""

import pytest

from tests.first_light import CLOSED_WITHIN_S, FirstLight
from tests.stack import Browserless, Chunk, Stack, cards, said

pytestmark = pytest.mark.integration


def is_closed_trade(chunk: Chunk, _run: str = "") -> bool:
    card = chunk.get("data", {})
    return card.get("kind") == "trade" and not card["trade"]["is_open"]


def test_sentence_when_said_then_a_bot_is_created_and_started(api: Browserless, first_light: FirstLight) -> None:
    created, started = cards(first_light.chunks)
    assert (created["kind"], created["action"], created["bot"]["state"]) == ("receipt", "create_bot", "CREATED")
    assert (started["kind"], started["action"], started["bot"]["state"]) == ("receipt", "start_bot", "RUNNING")
    assert started["bot"]["health"] == "healthy"
    spec = started["bot"]["spec"]
    assert (spec["pairs"], spec["stake"], spec["mode"]) == (["BTC/USDT", "ETH/USDT"], "50", "SIMULATED")
    assert created["bot"]["spec"]["name"] in said(first_light.chunks)
    phases = [(line["action_kind"], line["phase"]) for line in api.get("/audit", limit=500)]
    for kind in ("create_bot", "start_bot"):
        assert {("judged"), ("done")} <= {phase for action, phase in phases if action == kind}


def test_bot_when_it_runs_then_its_freqtrade_is_bound_as_the_guard_judged(
    stack: Stack, first_light: FirstLight
) -> None:
    config = stack.read_config(first_light.bot_id)
    assert (config["dry_run"], config["stake_amount"], config["max_open_trades"]) == (True, 50, 2)
    assert config["position_adjustment_enable"] is False
    assert config["available_capital"] == 100


@pytest.mark.waits
def test_trade_when_freqtrade_closes_it_then_rest_and_the_card_tell_the_same(
    api: Browserless, first_light: FirstLight
) -> None:
    chunks = list(api.follow(first_light.conversation_id, is_closed_trade, timeout_s=CLOSED_WITHIN_S))
    card = chunks[-1]["data"]["trade"]
    (told,) = [
        trade for trade in api.get(f"/bots/{first_light.bot_id}/trades") if trade["trade_id"] == card["trade_id"]
    ]
    assert told == card
    assert told["exit_rate"] is not None
    assert told["closed_at"] > told["opened_at"]
    opened = [chunk for chunk in chunks if chunk["type"] == "data-card" and chunk["id"] == chunks[-1]["id"]]
    assert opened[0]["data"]["trade"]["is_open"], "the card came when the trade opened, and changed in place"
    bot = api.get(f"/bots/{first_light.bot_id}")
    assert bot["closed_trades"] >= 1
    assert api.get("/portfolio")[0]["closed_trades"] >= 1
