"""Replay: real candles as they were, moved in time, repeated, with their gaps carried forward."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tools.exchange.clock import DAY_MS, MINUTE_MS, format_time, parse_time
from tools.exchange.errors import ConfigurationError
from tools.exchange.recording import read_recordings
from tools.exchange.replay import Anchor, Replay
from tools.exchange.synthetic import Synthetic

Frame = Callable[..., pd.DataFrame]
AT_MS = parse_time("2024-08-01T00:02:00Z")


def minutes(source: Replay, symbol_name: str, first_ms: int, count: int) -> np.ndarray:
    (symbol,) = (symbol for symbol in source.symbols if symbol.name == symbol_name)
    start = first_ms // MINUTE_MS
    days = range(start // 1440, (start + count) // 1440 + 1)
    shown = np.concatenate([source.day(symbol, day) for day in days])
    return shown[start % 1440 : start % 1440 + count]


def closes(source: Replay, first_ms: int, count: int) -> list[float]:
    return [float(close) for close in minutes(source, "BTCUSDT", first_ms, count)[:, 3]]


def write(folder: Path, frame: pd.DataFrame, name: str = "BTC_USDT-1m.feather") -> Path:
    path = folder / name
    if path.suffix == ".feather":
        frame.to_feather(path)
    else:
        frame.to_csv(path, index=False)
    return path


def test_replay_when_anchored_then_that_moment_is_now(tmp_path: Path, frame: Frame, now_ms: int) -> None:
    write(tmp_path, frame([100, 101, 102, 103, 104]))
    source = Replay(read_recordings(tmp_path), Anchor(AT_MS, now_ms))
    assert closes(source, now_ms - 2 * MINUTE_MS, 5) == [100, 101, 102, 103, 104]
    assert format_time(source.data_now(now_ms)) == "2024-08-01T00:02:05.400Z"


def test_replay_when_the_data_ends_then_it_begins_again(tmp_path: Path, frame: Frame, now_ms: int) -> None:
    write(tmp_path, frame([100, 101, 102]))
    source = Replay(read_recordings(tmp_path), Anchor(AT_MS, now_ms))
    assert closes(source, now_ms - 5 * MINUTE_MS, 8) == [100, 101, 102, 100, 101, 102, 100, 101]
    assert minutes(source, "BTCUSDT", now_ms + MINUTE_MS, 1)[0, 0] == 100


def test_replay_when_not_anchored_then_wall_time_alone_decides(tmp_path: Path, frame: Frame, now_ms: int) -> None:
    write(tmp_path, frame([100, 101, 102, 103, 104, 105, 106]))
    one, another = (Replay(read_recordings(tmp_path)) for _ in range(2))
    assert closes(one, now_ms, 50) == closes(another, now_ms, 50)


def test_replay_when_minutes_are_missing_then_the_close_is_carried(tmp_path: Path, frame: Frame, now_ms: int) -> None:
    write(tmp_path, frame([100, 101, 102, 103, 104]).drop(index=[1, 2]))
    shown = minutes(Replay(read_recordings(tmp_path), Anchor(AT_MS, now_ms)), "BTCUSDT", now_ms - 2 * MINUTE_MS, 4)
    assert shown[:, 3].tolist() == [100, 100, 100, 103]
    assert shown[:, 4].tolist() == [10, 0, 0, 10]
    assert shown[1].tolist() == [100, 100, 100, 100, 0]


def test_replay_when_in_a_gap_then_every_endpoint_answers(
    tmp_path: Path, frame: Frame, now_ms: int, open_exchange: Callable[..., Any]
) -> None:
    write(tmp_path, frame([100.5, 101, 102, 103, 104]).drop(index=[1, 2]))
    exchange = open_exchange(Replay(read_recordings(tmp_path), Anchor(AT_MS, now_ms)))
    kline = exchange.read("/api/v3/klines", symbol="BTCUSDT", interval="1m", limit=1)[0]
    assert (kline[4], kline[5], kline[8]) == ("100.50000000", "0.00000000", 0)
    assert exchange.read("/api/v3/ticker/24hr", symbol="BTCUSDT")["lastPrice"] == "100.50000000"
    assert exchange.read("/api/v3/ticker/price", symbol="BTCUSDT")["price"] == "100.50000000"
    assert len(exchange.read("/api/v3/trades", symbol="BTCUSDT", limit=5)) == 5
    assert exchange.read("/api/v3/depth", symbol="BTCUSDT", limit=5)["bids"]


def test_replay_when_csv_then_as_feather(tmp_path: Path, frame: Frame, now_ms: int) -> None:
    for kind in ("feather", "csv"):
        (tmp_path / kind).mkdir()
        write(tmp_path / kind, frame([100.25, 101, 102.5]), f"BTC_USDT-1m.{kind}")
    feather, csv = (Replay(read_recordings(tmp_path / kind)) for kind in ("feather", "csv"))
    assert feather.symbols == csv.symbols
    assert closes(feather, now_ms, 9) == closes(csv, now_ms, 9)


def test_replay_when_csv_has_milliseconds_then_the_same_dates(tmp_path: Path, frame: Frame) -> None:
    candles = frame([100, 101, 102])
    candles["date"] = candles["date"].dt.as_unit("ms").astype("int64")
    write(tmp_path, candles, "BTC_USDT-1m.csv")
    (recording,) = read_recordings(tmp_path)
    assert recording.first_minute * MINUTE_MS == parse_time("2024-08-01T00:00:00Z")


def test_replay_when_pairs_differ_in_length_then_only_the_shared_minutes(tmp_path: Path, frame: Frame) -> None:
    write(tmp_path, frame([100, 101, 102, 103]))
    write(tmp_path, frame([10, 11, 12, 13], start="2024-08-01 00:02"), "ETH_USDT-1m.feather")
    first, end = Replay(read_recordings(tmp_path)).data_range(0)
    assert (first, end) == (AT_MS, AT_MS + 2 * MINUTE_MS)


def test_replay_when_steps_are_read_then_from_the_decimals(tmp_path: Path, frame: Frame) -> None:
    write(tmp_path, frame([0.1234, 0.12, 0.1], volume=3.5))
    (recording,) = read_recordings(tmp_path)
    assert (recording.symbol.price_decimals, recording.symbol.quantity_decimals) == (4, 1)


@pytest.mark.parametrize("at", ["2024-07-31T23:59:00Z", "2024-08-01T00:03:00Z"])
def test_replay_when_anchored_outside_the_data_then_refused(tmp_path: Path, frame: Frame, at: str) -> None:
    write(tmp_path, frame([100, 101, 102]))
    with pytest.raises(ConfigurationError, match="name a moment from 2024-08-01T00:00"):
        Replay(read_recordings(tmp_path), Anchor(parse_time(at), 0))


def test_replay_when_periods_do_not_meet_then_refused(tmp_path: Path, frame: Frame) -> None:
    write(tmp_path, frame([100, 101]))
    write(tmp_path, frame([10, 11], start="2025-01-01"), "ETH_USDT-1m.feather")
    with pytest.raises(ConfigurationError, match="no minute in common"):
        Replay(read_recordings(tmp_path))


def test_status_when_replay_then_it_tells_the_recorded_time(
    tmp_path: Path, frame: Frame, now_ms: int, open_exchange: Callable[..., Any]
) -> None:
    write(tmp_path, frame([100, 101, 102]))
    status = open_exchange(Replay(read_recordings(tmp_path), Anchor(AT_MS, now_ms))).read("/demo/status")
    assert (status["source"], status["synthetic"], status["seed"]) == ("replay", False, None)
    assert status["pairs"] == ["BTC/USDT"]
    assert status["data_now"] == "2024-08-01T00:02:05.400Z"


def test_replay_when_the_recorded_month_then_its_candles_unchanged(
    recorded_data: Path, now_ms: int, open_exchange: Callable[..., Any]
) -> None:
    at_ms = parse_time("2024-08-05T06:30:00Z")
    exchange = open_exchange(Replay(read_recordings(recorded_data), Anchor(at_ms, now_ms)))
    shown = exchange.read("/api/v3/klines", symbol="ETHUSDT", interval="1m", limit=1_000)[:-1]
    frame = pd.read_feather(recorded_data / "ETH_USDT-1m.feather")
    recorded = frame[frame["date"] < format_time(at_ms)].tail(999)
    for column, place in (("open", 1), ("high", 2), ("low", 3), ("close", 4), ("volume", 5)):
        assert [float(kline[place]) for kline in shown] == recorded[column].tolist()
    assert len(exchange.read("/api/v3/klines", symbol="BTCUSDT", interval="1d", limit=1_000)) == 1_000


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda candles: candles.drop(columns="volume"), "column volume is missing"),
        (lambda candles: candles.iloc[:0], "holds no candles"),
        (lambda candles: candles.assign(date="yesterday"), "other than dates"),
        (lambda candles: candles.assign(date=candles["date"] + pd.Timedelta("7s")), "whole minute"),
        (lambda candles: candles.assign(date=candles["date"].iloc[0]), "same date at 2024-08-01T00:00Z"),
        (lambda candles: candles.assign(open="much"), "not a number"),
        (lambda candles: candles.assign(close=[100, np.nan, 102, 103]), "missing or infinite at 2024-08-01T00:01Z"),
        (lambda candles: candles.assign(low=[100, 0, 101, 102]), "not above zero at 2024-08-01T00:01Z"),
        (lambda candles: candles.assign(volume=-1.0), "below zero"),
        (lambda candles: candles.assign(high=99.0), "high is below"),
        (lambda candles: candles.assign(low=200.0, high=300.0), "low is above"),
        (
            lambda candles: candles.assign(date=candles["date"].iloc[0] + pd.to_timedelta(range(0, 20, 5), "min")),
            "half",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["feather", "csv"])
def test_read_when_a_file_is_malformed_then_its_name_and_the_remedy(
    tmp_path: Path, frame: Frame, spoil: Callable[[pd.DataFrame], pd.DataFrame], says: str, kind: str
) -> None:
    path = write(tmp_path, spoil(frame([100, 101, 102, 103])).reset_index(drop=True), f"BTC_USDT-1m.{kind}")
    with pytest.raises(ConfigurationError) as refusal:
        read_recordings(tmp_path)
    assert str(path) in str(refusal.value)
    assert says in str(refusal.value)


@pytest.mark.parametrize(("name", "content"), [("BTC_USDT-1m.feather", b"not feather"), ("BTC_USDT-1m.csv", b"")])
def test_read_when_a_file_is_not_of_its_kind_then_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_recordings(tmp_path)


def test_read_when_the_folder_is_empty_or_absent_then_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no candle files"):
        read_recordings(tmp_path)
    with pytest.raises(ConfigurationError, match="Name a folder"):
        read_recordings(tmp_path / "nowhere")


def test_read_when_a_pair_is_there_twice_then_refused(tmp_path: Path, frame: Frame) -> None:
    write(tmp_path, frame([100, 101]))
    write(tmp_path, frame([100, 101]), "BTC_USDT-1m.csv")
    with pytest.raises(ConfigurationError, match="both as feather and as CSV"):
        read_recordings(tmp_path)


def test_replay_when_a_day_is_asked_for_then_as_long_as_a_synthetic_one(tmp_path: Path, frame: Frame) -> None:
    write(tmp_path, frame([100, 101, 102]))
    source = Replay(read_recordings(tmp_path))
    synthetic = Synthetic(7)
    day = parse_time("2026-01-01T00:00:00Z") // DAY_MS
    assert source.day(source.symbols[0], day).shape == synthetic.day(synthetic.symbols[0], day).shape
