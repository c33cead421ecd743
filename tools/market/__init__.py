"""The market: candles, what can be traded, and what indicators say."""
