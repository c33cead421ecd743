"""The same gate as for orders."""

from tests.tools.gateway.orders.conftest import empty_database, gate, server, store, venue

__all__ = ["empty_database", "gate", "server", "store", "venue"]
