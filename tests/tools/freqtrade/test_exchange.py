"""The guarded exchange by itself: what it tells the guard of each order, and what it lets through."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def inside() -> dict[str, Any]:
    """What happened in a process that has Freqtrade's imports."""
    script = Path(__file__).with_name("inside_bot.py")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize(
    ("error", "heard", "raised"),
    [
        ("none", ["ask", "placed"], None),
        ("invalid", ["ask", "failed"], "EntryNotMade"),
        ("funds", ["ask", "failed"], "EntryNotMade"),
        ("temporary", ["ask"], "TemporaryError"),
        ("operational", ["ask"], "OperationalException"),
        ("bug", ["ask"], "KeyError"),
    ],
)
def test_create_order_when_it_is_live_then_leave_is_given_back_only_if_surely_nothing_was_made(
    inside, error, heard, raised
):
    outcome = inside["live"][error]
    assert (outcome["heard"], outcome["raised"]) == (heard, raised)
    assert outcome["made"] == [["buy", 0.5, 100.0]]


def test_create_order_when_it_is_simulated_and_fails_then_leave_is_given_back(inside):
    heard = {name: outcome["heard"] for name, outcome in inside["dry_run"].items()}
    assert heard.pop("none") == ["ask", "placed"]
    assert set(map(tuple, heard.values())) == {("ask", "failed")}


def test_create_order_when_it_sells_then_it_is_made_known_and_made(inside):
    for outcome in inside["sell"].values():
        assert (outcome["heard"], outcome["made"]) == (["exit"], [["sell", 0.5, 100.0]])
    assert inside["sell"]["none"]["raised"] is None


def test_create_order_when_it_is_refused_then_nothing_is_made_and_freqtrade_understands(inside):
    outcome = inside["refused"]
    assert (outcome["heard"], outcome["made"], outcome["known"]) == (["ask"], [], [True, True])
    assert outcome["text"] == "The guard refused to buy 0.5 of BTC/USDT at 100.0 (limit): trade_size (asked 50)"


@pytest.mark.parametrize(
    ("amounts", "heard"),
    [
        ("[0.5]", ["ask", "placed"]),
        ("[0.4]", ["ask", "placed"]),
        ("[0.4, 0.1]", ["ask", "ask", "placed", "placed"]),
        ("[0.6]", ["ask", "ask", "placed", "placed"]),
    ],
)
def test_create_order_when_one_is_allowed_then_a_second_or_a_larger_one_asks_anew(inside, amounts, heard):
    assert inside["spent"][amounts] == heard


def test_create_order_when_the_price_is_rounded_up_then_that_is_asked_for(inside):
    assert inside["rounded"][0] == ["ask", "BTC/USDT", "buy", "limit", 0.5, 100.1]
    assert inside["not_rounded_down"][0][-1] == 100.04


def test_create_order_when_the_strategy_plays_with_types_then_what_is_asked_is_what_is_made(inside):
    assert inside["numpy"] == [["ask", "BTC/USDT", "buy", "limit", 0.1, 3.0], ["float", "buy", 3.0]]
    assert [inside[name][0][0] for name in ("two_faced", "unknown_side", "sale")] == ["ask", "ask", "exit"]
    assert [inside[name][1][1] for name in ("two_faced", "unknown_side", "sale")] == ["buy", "buy", "sell"]


TOLD = [["cancelled", "permit", "7"]]


@pytest.mark.parametrize("how", ["simulated", "real", "real and fetched", "over when made"])
def test_cancel_order_when_nothing_was_bought_then_the_guard_is_told_once(inside, how):
    assert inside["ended"][how] == TOLD


def test_cancel_order_when_something_was_or_may_have_been_bought_then_the_guard_is_told_nothing(inside):
    untold = {how: told for how, told in inside["ended"].items() if told != TOLD}
    assert set(map(str, untold.values())) == {"[]"}
    assert {"simulated and filled", "real and filled", "real and untold", "simulated and fetched"} <= untold.keys()
    assert len(untold) == 9


def test_load_strategy_when_it_is_live_then_no_strategy_turns_off_the_stop_at_the_exchange(inside):
    assert inside["loaded"]["live"] == [{"stoploss_on_exchange": True}] * 3
    assert inside["loaded"]["dry_run"] == [{"stoploss_on_exchange": False}] * 3
