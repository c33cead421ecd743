"""Bots that are not what a person confirmed any more: found, told once, and paused."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, LIVE, OTHER, bot, snapshot, spec
from tools.actions import PauseBot
from tools.bot import BotSpec, State
from tools.cards import RefusalCard
from tools.errors import Problem
from tools.guard import keeper as keeper_module
from tools.guard.actor import Actor
from tools.guard.guardian import Guardian
from tools.guard.holds import Holds
from tools.guard.keeper import Keeper
from tools.guard.limits import Limits
from tools.guard.mandates import MandateFacts, Mandates, terms_of
from tools.guard.snapshot import Snapshot
from tools.views import LimitsView

ENABLED = Limits(live_enabled=True)
CONFIRMED = spec(mode=LIVE)


def facts(source: str | None = "a" * 64, wanted: BotSpec = CONFIRMED) -> MandateFacts:
    return MandateFacts(source, terms_of(wanted), ENABLED)


@dataclass
class Seen:
    bot_id: str = ID
    name: str = "alpha"
    enters: bool = True
    found: MandateFacts = field(default_factory=facts)


class Kept:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.mandates, self.bots = desk, Mandates(desk.store), [Seen()]
        self.told: list[tuple[str, RefusalCard]] = []
        desk.facts = snapshot(ENABLED, bot(State.RUNNING, of={"mode": LIVE}))
        tell = lambda bot_id, card: self.told.append((bot_id, card))  # noqa: E731
        self.keeper = Keeper(self.mandates, desk.audit, desk.gate, lambda: self.bots, tell)

    def grant(self) -> None:
        with self.desk.store.writing() as session:
            self.mandates.grant(session, ID, facts(), by="web", proposal_id="p")

    def paused(self) -> int:
        return len(self.desk.executor.done)


@pytest.fixture
def kept(desk: Desk) -> Kept:
    return Kept(desk)


async def test_look_when_a_mandate_holds_then_nothing_happens(kept: Kept) -> None:
    kept.grant()
    await kept.keeper.look()
    assert (kept.told, kept.paused(), kept.desk.lines()) == ([], 0, [])


@pytest.mark.parametrize(
    ("found", "reason"),
    [(facts("b" * 64), "source"), (facts(wanted=spec(mode=LIVE, pairs=["ETH/USDT"])), "pairs")],
)
async def test_look_when_a_bot_is_another_then_it_is_voided_told_once_and_paused(
    kept: Kept, found: MandateFacts, reason: str
) -> None:
    kept.grant()
    kept.bots[0].found = found
    await kept.keeper.look()
    row = kept.mandates.read(ID)
    assert row is not None
    assert row.void_reason == reason
    ((told, card),) = kept.told
    assert (told, card.rule, card.numbers) == (ID, "mandate_void", {"bot": "alpha", "reason": reason})
    (line,) = kept.desk.audit.read_newest(9, action_kind="mandate")
    assert (line.id, line.submission, line.rule) == (card.audit_id, row.id, "mandate_void")
    judged = kept.desk.audit.read_newest(1, action_kind="pause_bot", phase="judged")[0]
    assert (judged.door, judged.rule, judged.numbers) == ("guard", "mandate_void", {"reason": reason})
    kept.bots[0].enters = False
    await kept.keeper.look()
    assert (len(kept.told), kept.paused()) == (1, 1)


async def test_look_when_a_mandate_is_lost_then_one_line_says_of_which_bot_and_why_and_the_card_is_that_line(
    kept: Kept,
) -> None:
    kept.grant()
    kept.bots[0].found = facts("b" * 64)
    kept.bots[0].name = "beta"
    for _ in range(2):
        await kept.keeper.look()
    row = kept.mandates.read(ID)
    assert row is not None
    (line,) = kept.desk.audit.read_newest(9, submission=row.id)
    assert line.action == {"kind": "mandate", "bot_id": ID, "mandate": row.id}
    assert (line.phase, line.verdict, line.risk, line.door) == ("judged", "refuse", "live", "guard")
    assert line.numbers == {"bot": "beta", "reason": "source"}
    assert line.id is not None
    card = RefusalCard(
        audit_id=line.id, action="mandate", at=line.at, rule="mandate_void", numbers={"bot": "beta", "reason": "source"}
    )
    assert kept.told == [(ID, card)]


async def test_look_when_the_wire_has_voided_it_then_it_is_told_here(kept: Kept) -> None:
    kept.grant()
    Mandates(kept.desk.store).void(ID, "limits.max_trade")
    await kept.keeper.look()
    await kept.keeper.look()
    assert [card.numbers["reason"] for _, card in kept.told] == ["limits.max_trade"]
    kept.grant()
    Mandates(kept.desk.store).void(ID, "limits.max_trade")
    await kept.keeper.look()
    assert len(kept.told) == 2


@pytest.mark.parametrize("reason", [None, "stopped", "start_failed", "mode"])
async def test_look_when_there_is_none_or_whoever_ended_it_knows_then_it_is_paused_and_not_told(
    kept: Kept, reason: str | None
) -> None:
    if reason:
        kept.grant()
        kept.mandates.void(ID, reason)
    await kept.keeper.look()
    assert (kept.told, kept.paused()) == ([], 1)


async def test_look_when_the_source_cannot_be_read_then_the_mandate_stays_and_nobody_is_told(kept: Kept) -> None:
    kept.grant()
    kept.bots[0].found = facts(None)
    await kept.keeper.look()
    assert (kept.told, kept.paused()) == ([], 0)
    assert kept.mandates.check(ID, facts()) is None


async def test_look_when_a_bot_cannot_be_paused_then_the_others_are_and_it_is_tried_again_later(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(keeper_module.time, "monotonic", lambda: clock[0])
    kept.desk.executor.problem = Problem("bot_unreachable", 502)
    await kept.keeper.look()
    kept.desk.executor.problem = None
    clock[0] = 59.9
    await kept.keeper.look()
    assert kept.paused() == 0
    clock[0] = 60
    await kept.keeper.look()
    assert kept.paused() == 1


async def test_look_when_a_bot_that_was_paused_enters_again_without_a_mandate_then_it_is_paused_at_once(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(keeper_module.time, "monotonic", lambda: clock[0])
    for times in (1, 2):
        await kept.keeper.look()
        assert kept.paused() == times
        clock[0] += 0.1


async def test_look_when_one_bot_cannot_be_paused_then_the_next_one_is_in_the_same_look(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = kept.desk.executor.execute

    async def fail_for_other(action: Any, actor: Actor) -> LimitsView:
        if action.bot_id == OTHER:
            raise Problem("bot_unreachable", 502)
        return await execute(action, actor)

    monkeypatch.setattr(kept.desk.executor, "execute", fail_for_other)
    kept.bots = [Seen(bot_id=OTHER), Seen()]
    await kept.keeper.look()
    assert kept.desk.executor.done == [PauseBot(bot_id=ID)]


async def test_guardian_when_it_looks_then_it_keeps_what_trades_with_real_money_too(kept: Kept) -> None:
    class World:
        def look(self) -> Snapshot:
            return replace(kept.desk.facts, bots={})

        def note_peaks(self) -> None: ...

    await Guardian(kept.desk.gate, Holds(kept.desk.store), World(), kept.keeper.look).look()
    assert kept.paused() == 1
