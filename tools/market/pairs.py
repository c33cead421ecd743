"""Pairs as people write them."""


def read_pair(text: str, quote: str) -> str:
    """`btc`, `BTCUSDT`, `btc-usdt` and `BTC/USDT` as `BTC/USDT`; `quote` is what a bare coin is traded against."""
    coin = text.strip().upper().replace("-", "/").replace("_", "/")
    if "/" in coin:
        return coin
    base = coin.removesuffix(quote)
    return f"{base or coin}/{quote}"
