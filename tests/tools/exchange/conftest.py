"""The exchange in this process, at a moment that the test sets; and candles to record."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from starlette.testclient import TestClient

from tools.exchange.app import build_app
from tools.exchange.clock import DAY_MS
from tools.exchange.market import Market
from tools.exchange.source import Source
from tools.exchange.synthetic import Synthetic

NOW_MS = 1_795_333_625_400
"""2026-11-22T07:47:05.400Z: the sixth second of a minute."""


class Exchange:
    """The exchange in this process: `read` gives the JSON of an answer, `now_ms` is its clock."""

    def __init__(self, source: Source) -> None:
        self.market = Market(source)
        self.now_ms = NOW_MS
        self.app = build_app(self.market, lambda: self.now_ms)
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def read(self, path: str, **params: Any) -> Any:
        response = self.client.get(path, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def refused(self, path: str, **params: Any) -> tuple[int, int]:
        response = self.client.get(path, params=params)
        return response.status_code, response.json()["code"]


@pytest.fixture(scope="session")
def synthetic() -> Synthetic:
    return Synthetic(7)


@pytest.fixture
def exchange(synthetic: Synthetic) -> Exchange:
    return Exchange(synthetic)


@pytest.fixture
def open_exchange() -> Callable[[Source], Exchange]:
    return Exchange


@pytest.fixture
def now_ms() -> int:
    return NOW_MS


@pytest.fixture
def today() -> int:
    return NOW_MS // DAY_MS


@pytest.fixture
def recorded_data() -> Path:
    folder = Path(__file__).parents[4] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the recorded candles (../shared/data) are not here")
    return folder


@pytest.fixture
def frame() -> Callable[..., pd.DataFrame]:
    """Makes minute candles from a moment on, each opening at the close before it."""

    def make(closes: list[float], start: str = "2024-08-01 00:00", volume: float = 10.0) -> pd.DataFrame:
        close = np.array(closes)
        opens = np.concatenate((close[:1], close[:-1]))
        dates = pd.date_range(start, periods=len(close), freq="min", tz="UTC")
        prices = {"open": opens, "high": np.maximum(opens, close), "low": np.minimum(opens, close), "close": close}
        return pd.DataFrame({"date": dates, **prices, "volume": volume})

    return make
