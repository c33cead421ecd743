import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tools.actions import Action, CreateBot, StartBot
from tools.bot import BotSpec
from tools.cards import ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.guard.gate import Gate
from tools.guard.limits import Limits
from tools.guard.snapshot import Snapshot
from tools.store.database import Store
from tools.views import BotView, LimitsView, Usage

ACTOR = Actor(door="rest")
SPEC = {"name": "alpha", "pairs": ["BTC/USDT"], "stake": "50", "max_open_trades": 1}


class Recorder:
    """An executor that notes what it was asked, and what the audit held at that moment."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.done: list[Action] = []
        self.phases_before: list[list[str]] = []
        self.problem: Exception | None = None
        self.hold = asyncio.Event()
        self.hold.set()
        self._lock = asyncio.Lock()

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        return self._lock

    async def prepare(self, action: Action) -> None:
        if isinstance(action, StartBot):
            raise Problem("unknown_bot", 404, bot=action.bot_id, known="-")

    async def execute(self, action: Action, actor: Actor) -> BotView | LimitsView:
        self.phases_before.append([row.phase for row in self.audit.read_newest(10)])
        await self.hold.wait()
        if self.problem:
            raise self.problem
        self.done.append(action)
        usage = Usage(used=0, committed=0, limit=1)
        return LimitsView(
            limits=Limits(),
            stake_currency="USDT",
            total_exposure=usage,
            bots=(),
            changed_at="2026-01-01T00:00:00Z",
        )


@pytest.fixture
def audit(store: Store) -> Audit:
    return Audit(store)


@pytest.fixture
def executor(audit: Audit) -> Recorder:
    return Recorder(audit)


@pytest.fixture
def gate(audit: Audit, executor: Recorder) -> Gate:
    return Gate(lambda: Snapshot(Limits(), {}, "USDT"), executor, audit)


def create(**changes: object) -> CreateBot:
    return CreateBot(spec=BotSpec.model_validate({**SPEC, **changes}))


async def test_submit_when_allowed_then_audits_before_and_after(gate: Gate, executor: Recorder, audit: Audit) -> None:
    outcome = await gate.submit(create(), ACTOR)
    assert isinstance(outcome, ReceiptCard)
    assert executor.phases_before == [["judged"]]
    assert [row.phase for row in audit.read_newest(10)] == ["done", "judged"]


async def test_submit_when_refused_then_nothing_is_done_and_a_line_tells_the_rule(
    gate: Gate, executor: Recorder, audit: Audit
) -> None:
    outcome = await gate.submit(create(stake="5000"), ACTOR)
    assert isinstance(outcome, RefusalCard)
    assert executor.done == []
    (line,) = audit.read_newest(10)
    assert (line.verdict, line.rule, line.numbers["asked"], line.id) == (
        "refuse",
        "trade_size",
        "5000",
        outcome.audit_id,
    )


@pytest.mark.parametrize("content", [{"kind": "withdraw", "amount": 1}, {}, {"kind": None}, {"kind": ["create_bot"]}])
async def test_submit_when_the_kind_is_unknown_then_refuses_and_audits(
    gate: Gate, executor: Recorder, audit: Audit, content: dict[str, Any]
) -> None:
    outcome = await gate.submit(content, ACTOR)
    assert isinstance(outcome, RefusalCard)
    assert outcome.rule == "unknown_action"
    assert executor.done == []
    assert len(audit.read_newest(10)) == 1


async def test_submit_when_a_field_cannot_be_read_then_raises_and_audits(gate: Gate, audit: Audit) -> None:
    with pytest.raises(Problem) as raised:
        await gate.submit({"kind": "create_bot", "spec": {**SPEC, "stake": -1}}, ACTOR)
    assert (raised.value.kind, raised.value.numbers["field"], raised.value.numbers["value"]) == (
        "invalid",
        "stake",
        "-1",
    )
    assert [row.phase for row in audit.read_newest(10)] == ["invalid"]


async def test_submit_when_it_makes_no_sense_as_it_stands_then_raises_and_audits(gate: Gate, audit: Audit) -> None:
    with pytest.raises(Problem, match="unknown_bot"):
        await gate.submit(StartBot(bot_id="0" * 12), ACTOR)
    assert [(row.phase, row.rule) for row in audit.read_newest(10)] == [("invalid", "unknown_bot")]


async def test_submit_when_the_execution_fails_then_the_audit_says_so(
    gate: Gate, executor: Recorder, audit: Audit
) -> None:
    executor.problem = Problem("start_failed", 502, name="alpha", reason="timeout")
    with pytest.raises(Problem, match="start_failed"):
        await gate.submit(create(), ACTOR)
    assert [row.phase for row in audit.read_newest(10)] == ["failed", "judged"]


async def test_submit_when_the_audit_cannot_be_written_then_nothing_is_done(
    gate: Gate, executor: Recorder, store: Store
) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    with pytest.raises(OperationalError):
        await gate.submit(create(), ACTOR)
    assert executor.done == []


async def test_submit_when_the_caller_stops_waiting_then_what_has_begun_is_finished(
    gate: Gate, executor: Recorder, audit: Audit
) -> None:
    executor.hold.clear()
    caller = asyncio.create_task(gate.submit(create(), ACTOR))
    while not executor.phases_before:
        await asyncio.sleep(0)
    caller.cancel()
    executor.hold.set()
    await gate.settle()
    assert len(executor.done) == 1
    assert audit.read_newest(1)[0].phase == "done"


async def test_submit_when_an_action_is_tainted_then_it_is_refused_until_a_person_can_be_asked(
    gate: Gate, executor: Recorder
) -> None:
    outcome = await gate.submit(create(), ACTOR.model_copy(update={"tainted": True}))
    assert isinstance(outcome, RefusalCard)
    assert outcome.rule == "tainted_turn"
    assert executor.done == []
