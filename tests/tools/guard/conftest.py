"""A gate on a real database, with an executor that notes what it is asked and a world that a test sets."""

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.tools.guard.samples import bot, snapshot
from tools.actions import Action, BlockPair, ReleasePanic, SetBotLimits, SetLimits, UnblockPair
from tools.bot import State
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.guard.gate import Gate
from tools.guard.judge import apply_limits
from tools.guard.mandates import Binding, Mandates
from tools.guard.proposals import Proposals
from tools.guard.reservations import Reservations
from tools.guard.snapshot import Snapshot
from tools.guard.submissions import Submissions
from tools.store.database import Store
from tools.store.tables import AuditRow, now
from tools.views import LimitsView, ProposalView, Usage


class Desk:
    """One gate with all that stands around it; several can stand on one database."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.audit = Audit(store)
        self.late = timedelta(0)
        self.facts: Snapshot = snapshot(None, bot(State.STOPPED), bot(State.RUNNING))
        self.told: list[ProposalView] = []
        self.forgiven: list[tuple[str, str, str]] = []
        self.executor = Recorder(self)
        self.proposals = Proposals(store, lambda _: "alpha", self.clock)
        self.reservations = Reservations(store)
        self.gate = Gate(
            lambda _: self.facts,
            self.executor,
            self.audit,
            self.proposals,
            Mandates(store),
            Submissions(store),
            self.reservations,
            self.told.append,
            lambda *told: self.forgiven.append(told),
            self.clock,
        )

    def clock(self) -> datetime:
        return now() + self.late

    def lines(self, count: int = 20) -> list[AuditRow]:
        """The newest lines, oldest first."""
        return self.audit.read_newest(count)[::-1]

    def phases(self) -> list[str]:
        return [line.phase for line in self.lines()]


class Recorder:
    """Does nothing but what limits need, and notes what the audit held when it was asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.done: list[Action] = []
        self.braced: list[Action] = []
        self.phases_before: list[list[str]] = []
        self.problem: BaseException | None = None
        self.objection: Problem | None = None
        self.marks: dict[str, str] = {}
        self.seen: LimitsView | None = None
        self.binding: Binding | None = None
        self.open = asyncio.Event()
        self.open.set()

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        return self._locks[getattr(action, "bot_id", action.kind)]

    async def prepare(self, action: Action) -> None:
        await asyncio.sleep(0)
        if self.objection:
            raise self.objection
        if isinstance(action, SetLimits | SetBotLimits | UnblockPair | BlockPair):
            try:
                apply_limits(action, self._desk.facts.limits)
            except ValueError as error:
                raise Problem("invalid", 422, field="limits") from error

    async def execute(self, action: Action, actor: Actor) -> LimitsView:
        self.phases_before.append(self._desk.phases())
        await self.open.wait()
        if self.problem:
            raise self.problem
        self.done.append(action)
        facts = self._desk.facts
        if isinstance(action, SetLimits | SetBotLimits | UnblockPair | BlockPair):
            facts = replace(facts, limits=apply_limits(action, facts.limits), order=None)
        elif isinstance(action, ReleasePanic):
            facts = replace(facts, panic=False, order=None)
        self._desk.facts = facts
        return self.view()

    def brace(self, action: Action, actor: Actor) -> None:
        self.braced.append(action)

    def fingerprint(self, action: Action) -> dict[str, str]:
        return dict(self.marks)

    def bind(self, action: Action) -> Binding | None:
        return self.binding

    def read_back(self, action: Action, since: datetime) -> LimitsView | None:
        return self.seen

    def view(self) -> LimitsView:
        usage = Usage(used=0, committed=0, limit=1)
        return LimitsView(
            limits=self._desk.facts.limits, stake_currency="USDT", total_exposure=usage, bots=(),
            changed_at="2026-01-01T00:00:00Z",
        )  # fmt: skip


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, and copied."""
    path = tmp_path_factory.mktemp("guard") / "empty.sqlite"
    made = Store(path)
    made.migrate()
    made.close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Iterator[Store]:
    shutil.copy(empty_database, tmp_path / "tradehelm.sqlite")
    opened = Store(tmp_path / "tradehelm.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    """Two bots of 50 USDT in two slots: `ID` is stopped, `OTHER` runs."""
    return Desk(store)
