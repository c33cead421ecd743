"""Freqtrade, as the rest of the product sees it: configuration, processes, REST client and the strategies on disk."""
