"""The demo exchange: a process of its own that answers like Binance Spot: market data, accounts, orders and matching.

Its prices come from one of two sources, and neither is a live market:

- `synthetic`: invented, seeded candles. They resemble a market and are worth nothing as evidence about one.
- `replay`: recorded candles, shifted in time so that they end now, and repeated when they run out.

The package imports nothing of this project, and nothing of this project imports it.
"""
