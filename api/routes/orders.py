"""Orders of a bot that a person asks for, and pairs that it is kept out of."""

from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import Field

from api.writes import MAY_WAIT, KnownBot, WriteRoute, Writes
from tools.actions import CancelOrder, ForceEntry, ForceExit, LockPair, TradeId, UnlockPair
from tools.bot import Amount, Frozen, Pair
from tools.cards import ReceiptCard

router = APIRouter(prefix="/api/bots/{bot_id}", tags=["orders"], route_class=WriteRoute)


class NewEntry(Frozen):
    pair: Pair
    stake: Amount | None = None
    """The bot's own stake where null."""
    price: Amount | None = None
    """A limit order at this price; at the market's where null."""


class NewExit(Frozen):
    trade_id: TradeId | None = None
    """All open trades where null."""
    amount: Amount | None = None
    """In the base currency; all of one trade where null."""


class OpenOrder(Frozen):
    trade_id: TradeId
    """The trade whose open order is taken back."""


class NewLock(Frozen):
    pair: Pair
    minutes: Annotated[int, Field(ge=1, le=60 * 24 * 365)] = 60


class LockedPair(Frozen):
    pair: Pair


@router.post("/entry", response_model=ReceiptCard, responses=MAY_WAIT)
async def force_entry(bot_id: KnownBot, body: NewEntry, writes: Writes) -> Response:
    """Has a running bot enter a pair now, whatever its strategy says."""
    return await writes.submit(ForceEntry(bot_id=bot_id, pair=body.pair, stake=body.stake, price=body.price))


@router.post("/exit", response_model=ReceiptCard, responses=MAY_WAIT)
async def force_exit(
    bot_id: KnownBot, writes: Writes, body: Annotated[NewExit, Body(default_factory=NewExit)]
) -> Response:
    """Has a bot sell now what a trade, or all its trades, hold."""
    return await writes.submit(ForceExit(bot_id=bot_id, trade_id=body.trade_id, amount=body.amount))


@router.post("/cancel-order", response_model=ReceiptCard, responses=MAY_WAIT)
async def cancel_order(bot_id: KnownBot, body: OpenOrder, writes: Writes) -> Response:
    """Takes back the open order of a trade."""
    return await writes.submit(CancelOrder(bot_id=bot_id, trade_id=body.trade_id))


@router.post("/lock", response_model=ReceiptCard, responses=MAY_WAIT)
async def lock_pair(bot_id: KnownBot, body: NewLock, writes: Writes) -> Response:
    """Keeps a bot out of a pair for some time."""
    return await writes.submit(LockPair(bot_id=bot_id, pair=body.pair, minutes=body.minutes))


@router.post("/unlock", response_model=ReceiptCard, responses=MAY_WAIT)
async def unlock_pair(bot_id: KnownBot, body: LockedPair, writes: Writes) -> Response:
    """Lets a bot back into a pair that was locked."""
    return await writes.submit(UnlockPair(bot_id=bot_id, pair=body.pair))
