"""The paths that are served over WebSocket, and the task behind them.

The application's state holds `market`, `clock` and `publisher`, and `desk` where there are accounts.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.routing import BaseRoute, WebSocketRoute

from tools.exchange.streams.api_door import serve_api
from tools.exchange.streams.market_door import serve_combined, serve_raw
from tools.exchange.streams.publisher import Publisher

ROUTES: list[BaseRoute] = [
    WebSocketRoute("/ws-api/v3", serve_api),
    WebSocketRoute("/stream", serve_combined),
    WebSocketRoute("/ws", serve_raw),
    WebSocketRoute("/ws/{names:path}", serve_raw),
]


@asynccontextmanager
async def publishing(publisher: Publisher) -> AsyncIterator[None]:
    """Publishes as long as the context lasts; made for an application's lifespan."""
    task = asyncio.create_task(publisher.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
