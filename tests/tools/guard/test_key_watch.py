"""The exchange key is looked at while bots trade: one that can withdraw by now ends what a person confirmed."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID
from tests.tools.guard.test_keeper import Kept
from tools.guard import key_watch
from tools.guard.key_watch import KeyWatch
from tools.guard.live_check import Checked, LiveCheck
from tools.store.tables import now

GOOD = {"key_works": True, "can_trade": True, "can_withdraw": False}


class Watched:
    """`told` is what the exchange says when it is asked the next time; None where nobody has ever answered."""

    def __init__(self, kept: Kept) -> None:
        self.told: dict[str, Any] | None = dict(GOOD)
        self.asked = 0
        self.kept = kept
        self._last: Checked | None = None
        self.watch = KeyWatch(kept.mandates, lambda: kept.bots, self._refresh, lambda: self._last)

    async def _refresh(self) -> None:
        self.asked += 1
        self._last = None if self.told is None else Checked(LiveCheck(at=now(), **self.told), 0)

    def void(self) -> str | None:
        row = self.kept.mandates.read(ID)
        assert row is not None
        return row.void_reason


@pytest.fixture
def watched(desk: Desk) -> Watched:
    kept = Kept(desk)
    kept.grant()
    return Watched(kept)


@pytest.mark.parametrize(
    "told", [GOOD, {**GOOD, "can_withdraw": None}, {**GOOD, "can_withdraw": True, "answered": False}, None]
)
async def test_look_when_the_exchange_does_not_say_that_it_can_withdraw_then_nothing_ends(
    watched: Watched, told: dict[str, Any] | None
) -> None:
    watched.told = told
    await watched.watch.look()
    assert (watched.asked, watched.void()) == (1, None)


async def test_look_when_the_key_can_withdraw_by_now_then_every_mandate_ends_it_is_told_and_the_bot_paused(
    watched: Watched,
) -> None:
    watched.told = {**GOOD, "can_withdraw": True}
    await watched.watch.look()
    assert watched.void() == "key_can_withdraw"
    await watched.kept.keeper.look()
    ((bot_id, card),) = watched.kept.told
    assert (bot_id, card.numbers["reason"], watched.kept.paused()) == (ID, "key_can_withdraw", 1)


async def test_look_when_a_bot_is_paused_then_its_mandate_ends_with_the_others(watched: Watched) -> None:
    other = replace(watched.kept.bots[0], bot_id="f" * 12, enters=True)
    watched.kept.bots = [replace(watched.kept.bots[0], enters=False), other]
    watched.told = {**GOOD, "can_withdraw": True}
    await watched.watch.look()
    assert watched.void() == "key_can_withdraw"


@pytest.mark.parametrize("enters", [True, False])
async def test_look_when_no_bot_may_enter_then_nobody_is_asked(watched: Watched, enters: bool) -> None:
    watched.kept.bots[0].enters = enters
    await watched.watch.look()
    assert watched.asked == int(enters)


async def test_run_when_a_look_fails_then_the_next_one_comes(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_watch, "EVERY_S", 0.001)
    looks = 0
    enough = asyncio.Event()

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            enough.set()
        raise ValueError

    monkeypatch.setattr(watched.watch, "look", look)
    running = asyncio.create_task(watched.watch.run())
    await asyncio.wait_for(enough.wait(), 5)
    running.cancel()
