"""Our strategies and our configuration under Freqtrade itself; one process imports it for all of these."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.integration

NAMES = ("RsiMeanReversion", "EmaCross", "BollingerBreakout")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    script = Path(__file__).with_name("inside_freqtrade.py")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", NAMES)
def test_load_when_freqtrade_resolves_it_then_it_gives_signals(told, name):
    strategy = told["strategies"][name]
    assert strategy["entries"] > 50
    assert strategy["exits"] > 50
    assert strategy["can_short"] is False
    assert strategy["startup"] <= 900


@pytest.mark.parametrize("name", NAMES)
def test_signals_when_the_future_is_cut_off_then_they_are_the_same(told, name):
    assert told["strategies"][name]["looks_ahead"] == []


@pytest.mark.parametrize("name", NAMES)
def test_signals_when_made_then_each_says_why(told, name):
    assert told["strategies"][name]["tagged"]
    assert told["strategies"][name]["exit_tagged"]


@pytest.mark.parametrize("name", NAMES)
def test_custom_exit_when_held_long_enough_then_it_closes(told, name):
    assert told["strategies"][name]["held"] == [None, "held_long_enough"]


@pytest.mark.parametrize("name", NAMES)
def test_protections_when_the_cooldown_is_zero_then_there_are_none(told, name):
    cooldown = {"method": "CooldownPeriod", "stop_duration_candles": 30}
    assert told["strategies"][name]["protections"] == [[cooldown], []]


def test_load_when_the_owner_set_values_then_they_win_over_the_strategy(told):
    assert told["overridden"] == {
        "stoploss": -0.02,
        "minimal_roi": {"0": 0.015},
        "timeframe": "5m",
        "buy_rsi": 33,
        "sell_rsi": 65,
        "order_types": "limit",
        "max_open_trades": 2,
        "dry_run": True,
    }


def test_load_when_a_strategy_asks_for_everything_then_it_gets_the_exposure_at_most(told):
    hostile = told["hostile"]
    assert hostile["asked_for_a_million"] == 100
    assert hostile["stake"] == 50
    assert hostile["max_open_trades"] == 2
    assert hostile["position_adjustment"] == [False, 0]
    assert (hostile["stoploss"], hostile["minimal_roi"], hostile["ignore_roi"]) == (-0.03, {"0": 0.02}, False)


def test_layers_when_freqtrade_validates_them_then_all_are_accepted(told):
    names = ["base", "dry-run", "live"]
    assert told["valid_layers"] == names
