"""What the bots hold, by the fills of their orders: positions, and what each sale won."""

import sqlite3
from dataclasses import replace
from decimal import Decimal

from tools.gateway.orders.entry import Entry
from tools.gateway.orders.position import ZERO, Fill, Position


class Holdings:
    """Stands on the ledger's connection, and writes within its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def take(self, entry: Entry, fill: Fill) -> Decimal:
        """The quantity of a fill that was not known yet, put into the bot's position."""
        values = (entry.id, fill.trade_id, text(fill.price), text(fill.quantity), text(fill.commission), fill.asset)
        insert = "INSERT OR IGNORE INTO fills VALUES (?, ?, ?, ?, ?, ?, ?)"
        if self._is_known(entry, fill) or not self._connection.execute(insert, (*values, fill.at_ms)).rowcount:
            return ZERO
        self._flow(entry, fill)
        before = self._position(entry.bot_id, entry.pair)
        if entry.side == "BUY":
            self._put(entry, before.bought(fill, entry.base, entry.quote))
        else:
            self._sell(entry, before, fill)
        if fill.asset not in (entry.base, entry.quote) and fill.commission:
            self._pay(entry, fill)
        return fill.quantity

    def _is_known(self, entry: Entry, fill: Fill) -> bool:
        """Whether the exchange's trade was counted already, of whichever order: its number is one of the symbol's."""
        query = """
            SELECT 1 FROM orders JOIN fills ON fills.order_id = orders.id
            WHERE orders.symbol = ? AND orders.exchange_id = ? AND orders.side = ? AND fills.trade_id = ?
        """
        values = (entry.symbol, entry.exchange_id, entry.side, fill.trade_id)
        return self._connection.execute(query, values).fetchone() is not None

    def read_fills(self, order_id: str) -> list[Fill]:
        rows = self._connection.execute("SELECT * FROM fills WHERE order_id = ? ORDER BY trade_id", (order_id,))
        return [_fill(row) for row in rows]

    def read_positions(self, bot_id: str | None = None) -> dict[tuple[str, str], tuple[Position, Decimal]]:
        """By bot and pair: what is held, and the value below which it is dust."""
        where, values = ("", ()) if bot_id is None else ("WHERE bot_id = ?", (bot_id,))
        rows = self._connection.execute(f"SELECT * FROM positions {where}", values)  # noqa: S608
        return {(row["bot_id"], row["pair"]): (_position(row), Decimal(row["dust"])) for row in rows}

    def read_flows(self) -> dict[str, Decimal]:
        """What all fills have brought of each currency, less what they and their commissions took."""
        rows = self._connection.execute("SELECT asset, amount FROM flows")
        return {row["asset"]: Decimal(row["amount"]) for row in rows}

    def write_off(self, bot_id: str, pair: str, quantity: Decimal) -> None:
        """So much of what a bot holds is not there any more; it was not sold, and nothing was won or lost with it."""
        left = self._position(bot_id, pair).without(quantity)
        self._connection.execute(
            "UPDATE positions SET quantity = ?, cost = ? WHERE bot_id = ? AND pair = ?",
            (text(left.quantity), text(left.cost), bot_id, pair),
        )

    def release(self, entry: Entry) -> None:
        """What a sale leaves that cannot be sold is the owner's from then on: it would add up from trade to trade.

        The coins and what was paid for them are kept in `released`, so that the books still come out even.
        """
        fills, position = self.read_fills(entry.id), self._position(entry.bot_id, entry.pair)
        if not fills or position.quantity <= 0 or not position.is_over(entry.dust, fills[-1].price):
            return
        self._put(entry, Position())
        query = "SELECT quantity, cost FROM released WHERE bot_id = ? AND pair = ?"
        row = self._connection.execute(query, (entry.bot_id, entry.pair)).fetchone()
        before = (Decimal(row["quantity"]), Decimal(row["cost"])) if row else (ZERO, ZERO)
        amounts = (text(before[0] + position.quantity), text(before[1] + position.cost))
        self._connection.execute(
            "INSERT OR REPLACE INTO released VALUES (?, ?, ?, ?)", (entry.bot_id, entry.pair, *amounts)
        )

    def read_released(self) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
        """By bot and pair: the coins that were left over of its trades, and what was paid for them."""
        rows = self._connection.execute("SELECT * FROM released")
        return {(row["bot_id"], row["pair"]): (Decimal(row["quantity"]), Decimal(row["cost"])) for row in rows}

    def hand_over(self, bot_id: str, pair: str, quantity: Decimal) -> bool:
        """What a bot's trades of a pair left over is the owner's: it does not count as the bot's exposure any more.

        False where it is not this quantity, and nothing is done.
        """
        if self.read_released().get((bot_id, pair), (ZERO, ZERO))[0] != quantity:
            return False
        self._connection.execute("DELETE FROM released WHERE bot_id = ? AND pair = ?", (bot_id, pair))
        return True

    def read_sales(self, since_ms: int) -> list[tuple[str, Decimal]]:
        """Which bot won how much with each sale since then."""
        rows = self._connection.execute("SELECT bot_id, profit FROM sales WHERE at_ms >= ?", (since_ms,))
        return [(row["bot_id"], Decimal(row["profit"])) for row in rows]

    def read_closed(self, bot_id: str, since_ms: int, most: int) -> list[Decimal]:
        """What the bot's newest trades won that closed since then, newest first."""
        query = (
            "SELECT closed FROM sales WHERE bot_id = ? AND at_ms > ? AND closed IS NOT NULL ORDER BY id DESC LIMIT ?"
        )
        return [Decimal(row["closed"]) for row in self._connection.execute(query, (bot_id, since_ms, most))]

    def read_last_close(self, bot_id: str, pair: str) -> int | None:
        query = "SELECT max(at_ms) AS at_ms FROM sales WHERE bot_id = ? AND pair = ? AND closed IS NOT NULL"
        row = self._connection.execute(query, (bot_id, pair)).fetchone()
        return None if row["at_ms"] is None else int(row["at_ms"])

    def _sell(self, entry: Entry, before: Position, fill: Fill) -> None:
        after, profit = before.sold(fill, entry.base, entry.quote)
        closed = after.realised if after.is_over(entry.dust, fill.price) else None
        self._put(entry, after if closed is None else replace(after, realised=ZERO))
        self._connection.execute(
            "INSERT INTO sales (bot_id, pair, at_ms, profit, closed) VALUES (?, ?, ?, ?, ?)",
            (entry.bot_id, entry.pair, fill.at_ms, text(profit), None if closed is None else text(closed)),
        )

    def _pay(self, entry: Entry, fill: Fill) -> None:
        """A commission in a third currency is taken from what the bot holds of it; the rest the owner had."""
        self.write_off(entry.bot_id, f"{fill.asset}/{entry.quote}", fill.commission)

    def _flow(self, entry: Entry, fill: Fill) -> None:
        sign = 1 if entry.side == "BUY" else -1
        moves = ((entry.base, sign * fill.quantity), (entry.quote, -sign * fill.quote), (fill.asset, -fill.commission))
        for asset, amount in moves:
            row = self._connection.execute("SELECT amount FROM flows WHERE asset = ?", (asset,)).fetchone()
            whole = (Decimal(row["amount"]) if row else ZERO) + amount
            self._connection.execute("INSERT OR REPLACE INTO flows VALUES (?, ?)", (asset, text(whole)))

    def _position(self, bot_id: str, pair: str) -> Position:
        query = "SELECT * FROM positions WHERE bot_id = ? AND pair = ?"
        row = self._connection.execute(query, (bot_id, pair)).fetchone()
        return _position(row) if row else Position()

    def _put(self, entry: Entry, position: Position) -> None:
        amounts = (text(position.quantity), text(position.cost), text(position.realised), text(entry.dust))
        query = "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?, ?)"
        self._connection.execute(query, (entry.bot_id, entry.pair, *amounts))


def _fill(row: sqlite3.Row) -> Fill:
    price, quantity, commission = (Decimal(row[name]) for name in ("price", "quantity", "commission"))
    return Fill(row["trade_id"], price, quantity, commission, row["asset"], row["at_ms"])


def _position(row: sqlite3.Row) -> Position:
    return Position(*(Decimal(row[name]) for name in ("quantity", "cost", "realised")))


def text(value: Decimal) -> str:
    """As it is kept: its digits."""
    return format(value, "f")
