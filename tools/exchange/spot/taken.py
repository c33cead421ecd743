"""What of the house's offers has been taken in this second: it is not there again until the next one."""

from collections.abc import Iterator

from tools.exchange.spot.orders import Side
from tools.exchange.spot.prices import Offers
from tools.exchange.spot.store import Store
from tools.exchange.symbols import Symbol


class Taken:
    """Quantities taken by symbol, side, price and second; those of earlier seconds are overwritten or dropped."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, symbol: Symbol, side: Side, price: int, quantity: int, second: int) -> None:
        """Remembers that so much of the house's offer at a price is gone."""
        self._store.write("DELETE FROM taken WHERE symbol = ? AND second < ?", symbol.name, second)
        self._store.write(
            "INSERT INTO taken VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (symbol, side, price) DO UPDATE SET quantity = quantity + excluded.quantity",
            *(symbol.name, side, price, second, quantity),
        )

    def left(self, symbol: Symbol, side: Side, offers: Offers, second: int) -> Iterator[tuple[int, int]]:
        """What remains of the house's offers of one side in this second, best first."""
        rows = self._store.rows(
            "SELECT price, quantity FROM taken WHERE symbol = ? AND side = ? AND second = ?", symbol.name, side, second
        )
        gone: dict[int, int] = {row[0]: row[1] for row in rows}
        for price, quantity in offers:
            if (left := quantity - gone.get(price, 0)) > 0:
                yield price, left
