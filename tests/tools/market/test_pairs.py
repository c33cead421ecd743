import pytest

from tools.market.pairs import read_pair


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("btc", "BTC/USDT"),
        ("BTCUSDT", "BTC/USDT"),
        ("btc-usdt", "BTC/USDT"),
        ("BTC_USDT", "BTC/USDT"),
        (" eth/usdt ", "ETH/USDT"),
        ("ETH/BTC", "ETH/BTC"),
        ("USDT", "USDT/USDT"),
        ("ＢＴＣ", "ＢＴＣ/USDT"),
    ],
)
def test_read_pair_when_written_as_people_do_then_is_base_and_quote(text: str, pair: str) -> None:
    assert read_pair(text, "USDT") == pair
