"""Rate limits as Binance Spot has them: request weight, raw requests and orders, counted and enforced.

`Meter` counts, `cost` says what a request costs, and `WeightsMiddleware` refuses what is too much before it is handled.
"""
