"""The exchange over WebSocket: market streams that say what REST says, and the WebSocket API with its user data.

Every event is about a whole second and is made by asking the REST handlers about that second, so that both agree. One
publisher computes each stream once a second for all who listen to it.

Sources: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md and web-socket-api.md.
"""
