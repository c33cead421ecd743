"""What the desk and the conversations are told of proposals, of the guard, and of orders that it refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent import notices as room
from agent.events import DESK, ConversationEvents
from agent.notices import Notices
from tools.bot import BotSpec
from tools.bots.registry import Registry
from tools.cards import ProposalCard
from tools.store.database import Store
from tools.store.events import EventLog
from tools.store.tables import ConversationRow
from tools.views import BotView, GuardView, HoldView, OrderRefusalView, ProposalView

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def log(store: Store) -> EventLog:
    with store.session() as session:
        session.add_all([ConversationRow(id="c1", language="en"), ConversationRow(id="c2", language="en")])
        session.commit()
    return EventLog(store)


@pytest.fixture
def registry(store: Store) -> Registry:
    return Registry(store)


@pytest.fixture
def notices(log: EventLog, registry: Registry) -> Notices:
    return Notices(log, registry)


def proposal(status: Any = "pending", conversation_id: str | None = "c1") -> ProposalView:
    return ProposalView(
        id="p1",
        hash="0" * 64,
        action={"kind": "release_panic"},
        action_kind="release_panic",
        why="panic",
        numbers={},
        status=status,
        door="web",
        by_agent=True,
        tainted=False,
        conversation_id=conversation_id,
        bot_id=None,
        bot_name=None,
        effect=None,
        preview=None,
        created_at=AT,
        expires_at=AT + timedelta(minutes=10),
        effective_at=None,
        decided_at=None,
        decided_by=None,
        rule=None,
        rule_numbers={},
    )


def refusal(at: datetime = AT, **changes: Any) -> OrderRefusalView:
    told = {
        "id": "o1",
        "bot_id": "0" * 12,
        "bot_name": "alpha",
        "mode": "SIMULATED",
        "pair": "BTC/USDT",
        "order_type": "limit",
        "stake": Decimal(500),
        "rate": Decimal(50000),
        "rule": "trade_size",
        "numbers": {"asked": "500", "max": "100", "currency": "USDT"},
        "at": at,
    }
    return OrderRefusalView.model_validate({**told, **changes})


def chunks(log: EventLog, conversation_id: str = "c1") -> list[tuple[str | None, str]]:
    return [(event.run_id, event.data["type"]) for event in log.read(conversation_id)]


def states(log: EventLog, conversation_id: str) -> list[tuple[str | None, str]]:
    return [(event.run_id, event.data["data"]["proposal"]["status"]) for event in log.read(conversation_id)]


def desk(log: EventLog) -> list[str]:
    return [event.name for event in log.read(DESK)]


def test_proposal_when_it_is_new_then_the_desk_is_told_and_the_verb_shows_it(notices: Notices, log: EventLog) -> None:
    notices.proposal_changed(proposal())
    assert desk(log) == ["proposal"]
    assert chunks(log) == []


def test_proposal_when_it_changes_then_its_card_is_redrawn_in_the_run_that_showed_it(
    notices: Notices, log: EventLog
) -> None:
    ConversationEvents(log, "c1").card("r1", "proposal-p1", ProposalCard(proposal=proposal()))
    notices.proposal_changed(proposal("denied"))
    assert states(log, "c1") == [("r1", "pending"), ("r1", "denied")]


def test_proposal_when_it_was_shown_in_several_places_then_each_is_redrawn(notices: Notices, log: EventLog) -> None:
    for conversation, run in (("c1", "r1"), ("c2", "r2"), ("c2", "r2")):
        ConversationEvents(log, conversation).card(run, "proposal-p1", ProposalCard(proposal=proposal()))
    notices.proposal_changed(proposal("done"))
    assert states(log, "c1") == [("r1", "pending"), ("r1", "done")]
    assert states(log, "c2") == [("r2", "pending"), ("r2", "pending"), ("r2", "done")]


def test_proposal_when_the_server_was_started_again_then_its_place_is_still_known(store: Store, log: EventLog) -> None:
    ConversationEvents(log, "c1").card("r1", "proposal-p1", ProposalCard(proposal=proposal()))
    Notices(EventLog(store), Registry(store)).proposal_changed(proposal("expired"))
    assert states(log, "c1")[-1] == ("r1", "expired")


def test_guard_when_it_changes_then_the_desk_is_told(notices: Notices, log: EventLog) -> None:
    notices.guard_changed(GuardView(panic=None, refused_orders=()))
    assert desk(log) == ["guard"]


def test_refusal_when_it_is_the_first_then_it_is_one_message_with_one_card(notices: Notices, log: EventLog) -> None:
    notices.order_refused(refusal(), "c1")
    run_id = "refused-000000000000-BTC/USDT-trade_size-2026-01-01"
    assert chunks(log) == [(run_id, "start"), (run_id, "data-card"), (run_id, "finish")]
    card = log.read("c1")[1].data["data"]
    assert (card["kind"], card["guard"]["refused_orders"][0]["rule"]) == ("guard", "trade_size")


def test_refusal_when_it_repeats_at_once_then_nothing_more_is_kept(notices: Notices, log: EventLog) -> None:
    for number in range(20):
        notices.order_refused(refusal(id=f"o{number}"), "c1")
    assert len(chunks(log)) == 3
    assert desk(log) == ["order_refused"]


def test_refusal_when_it_repeats_later_then_its_card_changes_in_place(
    notices: Notices, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "REPEATED_WITHIN_S", 0.0)
    notices.order_refused(refusal(), "c1")
    notices.order_refused(refusal(AT + timedelta(hours=1)), "c1")
    assert [kind for _, kind in chunks(log)] == ["start", "data-card", "finish", "data-card"]
    assert len({run_id for run_id, _ in chunks(log)}) == 1


@pytest.mark.parametrize("other", [{"pair": "ETH/USDT"}, {"rule": "panic"}, {"bot_id": "1" * 12}])
def test_refusal_when_it_is_of_another_kind_then_it_is_a_message_of_its_own(
    notices: Notices, log: EventLog, other: dict[str, Any]
) -> None:
    notices.order_refused(refusal(), "c1")
    notices.order_refused(refusal(**other), "c1")
    assert len({run_id for run_id, _ in chunks(log)}) == 2


def test_refusal_when_no_conversation_made_the_bot_then_only_the_desk_is_told(notices: Notices, log: EventLog) -> None:
    notices.order_refused(refusal(), None)
    assert desk(log) == ["order_refused"]


def test_bot_when_the_guard_pauses_it_then_its_conversation_is_told_once(
    notices: Notices, log: EventLog, registry: Registry
) -> None:
    spec = BotSpec(name="alpha", pairs=("BTC/USDT",), stake=Decimal(50), max_open_trades=1)
    bot = registry.add(spec, "demo", "c1")
    held = view(bot.id, spec, HoldView(rule="drawdown", numbers={}, at=AT))
    notices.bot_changed(view(bot.id, spec, None))
    notices.bot_changed(held)
    notices.bot_changed(held)
    assert [kind for _, kind in chunks(log)] == ["start", "data-card", "finish"]
    assert desk(log) == ["bot"] * 3


def view(bot_id: str, spec: BotSpec, hold: HoldView | None) -> BotView:
    zero = Decimal(0)
    return BotView(
        id=bot_id,
        spec=spec,
        state="PAUSED",
        hold=hold,
        health="healthy",
        health_reason=None,
        venue="demo",
        stake_currency="USDT",
        open_trades=0,
        closed_trades=0,
        open_exposure=zero,
        max_exposure=zero,
        realised_profit=zero,
        unrealised_profit=zero,
        created_at=AT,
        started_at=None,
    )
