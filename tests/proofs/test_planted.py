"""The machine can fail: each of these bugs, put in on purpose, is found by it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import Phase, settings
from sqlalchemy import update
from sqlmodel import col

from tests.proofs.machine import Siege
from tests.proofs.siege import BATCH, Arena, besiege
from tests.proofs.tally import Tally
from tests.proofs.witness import Breach
from tools.bots import bindings
from tools.guard import decisions, guardian, judge, mandates, order_checks, permits, plan_checks
from tools.guard.audit import Audit
from tools.guard.breakers import find_trips
from tools.guard.decisions import Decisions
from tools.guard.permits import Permits
from tools.guard.proposals import Proposals
from tools.guard.reservations import Reservations
from tools.guard.submissions import Submissions
from tools.guard.verdict import Allow
from tools.store.tables import ProposalRow

pytestmark = pytest.mark.proof

Plant = Callable[[pytest.MonkeyPatch], None]
BATCHES = 20
FOUND = settings(BATCH, phases=(Phase.generate,), report_multiple_bugs=False)
"""The first run in which it is found is enough."""


def without_order_check(name: str) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        kept = tuple(check for check in order_checks.ORDER_CHECKS if check.__name__ != name)
        assert len(kept) == len(order_checks.ORDER_CHECKS) - 1
        patch.setattr(order_checks, "ORDER_CHECKS", kept)

    return plant


def without_breaker_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(judge, "PLAN_CHECKS", (*plan_checks.SIZE_CHECKS, plan_checks.key_is_safe))


def any_key_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plan_checks, "judge_key", lambda _: Allow())


def a_mandate_is_not_compared(patch: pytest.MonkeyPatch) -> None:
    for module in (bindings, mandates):
        patch.setattr(module, "compare", lambda *_: None)


def whatever_was_confirmed_comes_back(patch: pytest.MonkeyPatch) -> None:
    original = judge._ask_a_person

    def ask(action: Any, actor: Any, facts: Any) -> Any:
        return Allow() if actor.door == "recovery" and not actor.tainted else original(action, actor, facts)

    patch.setattr(judge, "_ask_a_person", ask)


def a_model_is_a_person(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(judge, "_is_person", lambda _: True)


def nobody_is_asked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(judge, "_ask_a_person", lambda *_: Allow())


def loosening_does_not_wait(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decisions, "LOOSENS_IN", timedelta(0))


def any_hash_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decisions.hmac, "compare_digest", lambda *_: True)


def proposals_never_expire(patch: pytest.MonkeyPatch) -> None:
    original = Proposals.__init__

    def begin(self: Proposals, *asked: Any, **more: Any) -> None:
        original(self, *asked, **more)
        self._expires_in = timedelta(days=9)

    patch.setattr(Proposals, "__init__", begin)


def confirming_does_not_compare(patch: pytest.MonkeyPatch) -> None:
    def move(self: Proposals, row: ProposalRow, *, to: str, write_down: Any = None, **values: Any) -> ProposalRow:
        with self._store.writing() as session:
            session.exec(update(ProposalRow).where(col(ProposalRow.id) == row.id).values(status=to, **values))
            if write_down is not None:
                write_down(session)
        return self.find(row.id)

    patch.setattr(Proposals, "move", move)


def done_before_it_is_written_down(patch: pytest.MonkeyPatch) -> None:
    original = Audit.write

    def write(self: Audit, submission: str, phase: str, *more: Any, **told: Any) -> Any:
        return (
            None
            if (phase, told["verdict"]) == ("judged", "allow")
            else original(self, submission, phase, *more, **told)
        )

    patch.setattr(Audit, "write", write)


def nothing_is_reserved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Reservations, "_take", lambda *_: None)


def reservations_are_forgotten_in_a_restart(patch: pytest.MonkeyPatch) -> None:
    original = Reservations.__init__

    def begin(self: Reservations, store: Any) -> None:
        original(self, store)
        self._held.clear()

    patch.setattr(Reservations, "__init__", begin)


def every_look_gives_all_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Reservations, "settle", lambda self, bot_id, *_: self.settle_all(bot_id))


def somebody_else_comes_between_look_and_reservation(patch: pytest.MonkeyPatch) -> None:
    async def ask(self: Permits, order: Any) -> Any:
        await self._world.freshen(order.pair)
        name, facts = self._world.of_order(order) or ("", None)
        if facts is None:
            return self._judge(order)
        await asyncio.sleep(0)
        verdict = order_checks.judge_order(order, facts, self._read_limits())
        return self._record(order, name, facts, verdict)

    patch.setattr(permits.Permits, "ask", ask)


def what_was_cut_off_is_done_again(patch: pytest.MonkeyPatch) -> None:
    def recover(self: Decisions) -> None:
        for row in self._proposals.find_by_status("executing"):
            self._proposals.move(row, to="pending")

    patch.setattr(Decisions, "recover", recover)
    patch.setattr(Decisions, "_is_as_shown", lambda *_: True)


def keys_are_not_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Submissions, "find", lambda *_: None)
    patch.setattr(Submissions, "keep", lambda *_: None)


def the_account_is_edited(patch: pytest.MonkeyPatch) -> None:
    original = Audit.add

    def add(self: Audit, session: Any, *told: Any, **more: Any) -> Any:
        row = original(self, session, *told, **more)
        if row.id == 40:
            row.verdict = "allow" if row.verdict != "allow" else "refuse"
        return row

    patch.setattr(Audit, "add", add)


def panic_holds_nobody(patch: pytest.MonkeyPatch) -> None:
    without_order_check("no_panic")(patch)
    without_order_check("bot_enters")(patch)


def without_breaker(rule: str) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(guardian, "find_trips", lambda facts: [trip for trip in find_trips(facts) if trip.rule != rule])

    return plant


CHECKS = (
    "trade_fits", "bot_fits", "total_fits", "trades_fit", "rate_is_bearable", "pair_is_open", "price_is_fresh",
    "mandate_holds",
)  # fmt: skip
BUGS: dict[str, Plant] = {
    **{f"without {name}": without_order_check(name) for name in CHECKS},
    **{f"no breaker of {rule}": without_breaker(rule) for rule in ("daily_loss", "loss_streak")},
    **{
        plant.__name__: plant
        for plant in (
            without_breaker_check, a_model_is_a_person, nobody_is_asked, loosening_does_not_wait, any_hash_will_do,
            proposals_never_expire, confirming_does_not_compare, done_before_it_is_written_down, nothing_is_reserved,
            reservations_are_forgotten_in_a_restart, every_look_gives_all_back,
            somebody_else_comes_between_look_and_reservation, what_was_cut_off_is_done_again, keys_are_not_kept,
            the_account_is_edited, panic_holds_nobody, any_key_will_do, a_mandate_is_not_compared,
            whatever_was_confirmed_comes_back,
        )
    },
}  # fmt: skip


def look_for_it() -> None:
    for batch in range(BATCHES):
        besiege(batch, FOUND)


@pytest.mark.parametrize("name", BUGS)
def test_siege_when_a_bug_is_planted_then_it_is_found(arena: Arena, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BUGS[name](monkeypatch)
    monkeypatch.setattr(Siege, "tally", Tally())
    with pytest.raises(Breach):
        look_for_it()
    arena.note(name, Siege.tally)
