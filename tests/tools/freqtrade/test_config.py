"""A bot's spec as Freqtrade's configuration: bounds that hold, secrets that stay, real money only with credentials."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.bot import BotSpec, Mode
from tools.credentials import Credentials
from tools.errors import Problem
from tools.freqtrade.config import DATABASES, RestAccess, merge, number, translate

FOLDER = Path("/data/bots/one")
MINE = Credentials("the-key", "the-secret")
REST = RestAccess(8100, "tradehelm", "the-password", "the-jwt-secret", "the-ws-token")


def spec(**changes: object) -> BotSpec:
    return BotSpec.model_validate(
        {"name": "One", "pairs": ["BTC/USDT", "ETH/USDT"], "stake": "100", "max_open_trades": 2} | changes
    )


def translated(bot: BotSpec, **changes: object) -> dict:
    settings = {"api_url": "http://127.0.0.1:8081", "folder": FOLDER, "rest": REST}
    return translate(bot, **(settings | {"paused": False} | changes))


amounts = st.decimals(min_value=Decimal("0.00000001"), max_value=Decimal("9999999999999999"), places=8)
percents = st.none() | st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99.99"), places=2)


@given(stake=amounts, trades=st.integers(1, 50), stop=percents, profit=percents)
def test_translate_when_any_spec_then_its_exposure_bounds_every_way_to_spend(stake, trades, stop, profit):
    bot = spec(stake=stake, max_open_trades=trades, stoploss_pct=stop, take_profit_pct=profit)
    config = json.loads(json.dumps(translated(bot)), parse_float=Decimal)
    assert Decimal(config["stake_amount"]) <= bot.stake
    assert Decimal(config["stake_amount"]) * config["max_open_trades"] <= bot.exposure
    assert Decimal(config["available_capital"]) <= bot.exposure
    assert Decimal(config["dry_run_wallet"]) <= bot.exposure
    assert config["dry_run"] is True
    assert config["position_adjustment_enable"] is False


def test_translate_when_done_then_entries_can_be_forced_since_each_one_needs_leave_from_the_guard():
    assert translated(spec())["force_entry_enable"] is True


def test_databases_when_the_mode_changes_then_what_was_simulated_is_not_mixed_with_what_was_paid_for():
    assert translated(spec())["db_url"] == "sqlite:////data/bots/one/own/trades.sqlite"
    assert len({*DATABASES.values()}) == len(Mode)


@given(amounts)
def test_number_when_written_then_it_is_never_above_and_hardly_below(value):
    written = Decimal(repr(number(value)))
    assert written <= value
    assert value - written <= value * Decimal("1e-15")


@pytest.mark.parametrize(("mode", "credentials"), [(Mode.REAL_MARKET_SPOT, None), (Mode.SIMULATED, MINE)])
def test_translate_when_mode_and_credentials_do_not_go_together_then_it_is_refused(mode, credentials):
    with pytest.raises(Problem) as refused:
        translated(spec(mode=mode), credentials=credentials)
    assert refused.value.kind == "live_disabled"


def live(**changes: object) -> dict:
    return translated(spec(mode=Mode.REAL_MARKET_SPOT, **changes), credentials=MINE)


@given(stake=amounts, trades=st.integers(1, 50), stop=percents, profit=percents)
def test_translate_when_real_then_its_exposure_bounds_every_way_to_spend(stake, trades, stop, profit):
    bot = spec(
        mode=Mode.REAL_MARKET_SPOT, stake=stake, max_open_trades=trades, stoploss_pct=stop, take_profit_pct=profit
    )
    made = translated(bot, credentials=MINE, losses=Decimal(50))
    config = json.loads(json.dumps(made), parse_float=Decimal)
    assert Decimal(config["stake_amount"]) * config["max_open_trades"] <= bot.exposure
    assert Decimal(config["available_capital"]) <= bot.exposure
    assert (config["dry_run"], config["position_adjustment_enable"]) == (False, False)
    assert config["max_open_trades"] == trades


def test_translate_when_real_then_it_signs_at_the_gateway_and_has_its_stop_at_the_exchange():
    config = live()
    exchange = config["exchange"]
    assert (exchange["key"], exchange["secret"]) == ("the-key", "the-secret")
    assert exchange["ccxt_config"]["options"] == {"fetchMarkets": {"types": ["spot"]}, "fetchMargins": False}
    assert all(url.startswith("http://127.0.0.1:8081/") for url in exchange["ccxt_config"]["urls"]["api"].values())
    assert config["order_types"]["stoploss_on_exchange"] is True
    assert (config["order_types"]["entry"], config["order_types"]["force_entry"]) == ("limit", "limit")
    assert (config["force_entry_enable"], config["cancel_open_orders_on_exit"]) == (True, True)
    assert config["db_url"] == "sqlite:////data/bots/one/own/trades-live.sqlite"
    assert "dry_run_wallet" not in config


def test_translate_when_simulated_then_nothing_of_real_money_is_in_it():
    assert not {"key", "secret"} & translated(spec())["exchange"].keys()


def test_translate_when_simulated_then_it_is_spot_and_dry():
    config = translated(spec())
    assert (config["exchange"]["name"], config["trading_mode"], config["dry_run"]) == ("binance", "spot", True)
    assert config["exchange"]["ccxt_config"]["options"]["fetchMarkets"]["types"] == ["spot"]


def test_translate_when_quotes_differ_then_it_is_refused():
    with pytest.raises(Problem) as refused:
        translated(spec(pairs=["BTC/USDT", "ETH/BTC"]))
    assert refused.value.kind == "mixed_quotes"


def test_translate_when_an_address_is_given_then_every_request_goes_there():
    config = translated(spec(), api_url="http://127.0.0.1:8081/")
    urls = config["exchange"]["ccxt_config"]["urls"]["api"]
    assert urls["public"] == "http://127.0.0.1:8081/api/v3"
    assert all(url.startswith("http://127.0.0.1:8081/") for url in urls.values())
    assert config["exchange"]["enable_ws"] is False


def test_translate_when_exits_are_set_then_they_win_over_the_strategy():
    config = translated(spec(stoploss_pct="2.5", take_profit_pct="4"))
    assert config["stoploss"] == -0.025
    assert config["minimal_roi"] == {"0": 0.04}
    assert config["ignore_roi_if_entry_signal"] is False


def test_translate_when_exits_are_not_set_then_the_strategy_keeps_its_own():
    assert not {"stoploss", "minimal_roi", "ignore_roi_if_entry_signal"} & translated(spec()).keys()


def test_translate_when_money_was_lost_before_then_the_balance_makes_it_up():
    config = translated(spec(), losses=Decimal("12.5"))
    assert config["available_capital"] == config["dry_run_wallet"] == 212.5
    assert (config["stake_amount"], config["max_open_trades"]) == (100, 2)


@pytest.mark.parametrize(("paused", "state"), [(True, "paused"), (False, "running")])
def test_translate_when_paused_then_the_bot_begins_so(paused, state):
    assert translated(spec(), paused=paused)["initial_state"] == state


def test_translate_when_done_then_the_bot_listens_on_loopback_with_its_own_credentials():
    server = translated(spec())["api_server"]
    assert server["listen_ip_address"] == "127.0.0.1"
    assert (server["listen_port"], server["enable_openapi"]) == (8100, False)
    assert (server["password"], server["jwt_secret_key"], server["ws_token"]) == (
        "the-password",
        "the-jwt-secret",
        "the-ws-token",
    )


def test_translate_when_called_twice_then_the_layers_on_disk_are_not_mixed():
    translated(spec())["exchange"]["ccxt_config"]["options"]["fetchMarkets"]["types"].append("swap")
    assert translated(spec())["exchange"]["ccxt_config"]["options"]["fetchMarkets"]["types"] == ["spot"]


def test_rest_access_when_shown_then_its_secrets_are_not():
    shown = repr(REST)
    assert not [secret for secret in ("the-password", "the-jwt-secret", "the-ws-token") if secret in shown]


def test_rest_access_when_random_then_no_two_are_alike():
    first, second = RestAccess.random(8100), RestAccess.random(8100)
    assert len({first.password, first.jwt_secret, first.ws_token, second.password, second.jwt_secret}) == 5


def test_merge_when_a_later_layer_names_a_nested_key_then_its_neighbours_stay():
    assert merge({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}, "d": 4}) == {"a": {"b": 3, "c": 2}, "d": 4}
