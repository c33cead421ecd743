"""What mutation testing found unheld where a person is asked: what of a change is left, and what a question is."""

from datetime import timedelta
from typing import Any

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, MODEL, OTHER, PERSON, bot, snapshot, spec
from tools.actions import CreateBot, PauseBot, SetBotLimits, SetLimits
from tools.bot import State
from tools.cards import ProposalCard
from tools.guard.judge import apply_limits, find_beyond_limits
from tools.guard.limits import BotLimitsChange, Limits, LimitsChange
from tools.guard.proposals import Draft, Proposals, receipt_of
from tools.guard.tightening import split
from tools.guard.verdict import Rule, Why


def of_all(**values: Any) -> SetLimits:
    return SetLimits(changes=LimitsChange.model_validate(values))


def of_bot(**values: Any) -> SetBotLimits:
    return SetBotLimits(bot_id=ID, changes=BotLimitsChange.model_validate(values))


async def test_submit_when_some_of_a_change_changes_nothing_then_it_is_the_same_question_as_without_that(
    desk: Desk,
) -> None:
    first = await desk.gate.submit(of_all(max_trade=200), PERSON)
    again = await desk.gate.submit(of_all(max_trade=200, max_drawdown=250), PERSON)
    assert isinstance(first, ProposalCard)
    assert again == first
    assert desk.lines()[-1].action == desk.lines()[0].action


async def test_submit_when_the_same_is_asked_again_then_the_account_names_the_question_that_waits(desk: Desk) -> None:
    shown = await desk.gate.submit(of_all(max_trade=200), PERSON)
    assert isinstance(shown, ProposalCard)
    await desk.gate.submit(of_all(max_trade=200), PERSON)
    first, again = (line.receipt for line in desk.lines())
    assert first is not None
    assert (set(first), first["proposal"]) == ({"proposal", "seal"}, shown.proposal.id)
    assert again == {"proposal": shown.proposal.id}


def test_facts_of_when_asked_then_they_are_those_of_this_action(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.executor, "fingerprint", lambda action: {"settings": action.bot_id})
    assert desk.gate._asking.facts_of(PauseBot(bot_id=ID), desk.facts) == {"settings": ID}


def test_facts_of_when_a_limit_is_named_and_left_as_it_is_then_it_is_no_fact(desk: Desk) -> None:
    touched = desk.gate._asking.facts_of(of_all(max_trade=None, max_daily_loss=200), desk.facts)
    assert touched == {"limits.max_daily_loss": "100"}


def test_count_open_when_asked_then_each_session_and_each_door_counts_for_itself_whatever_it_talks_about(
    desk: Desk,
) -> None:
    asked = [
        MODEL.model_copy(update=changes)
        for changes in (
            {}, {"conversation_id": "c1"}, {"tainted": True}, {"caller": "a"}, {"caller": "a", "run_id": "r1"},
            {"door": "rest"}, {"agent": False}, {"agent": False, "door": "cli"},
        )
    ]  # fmt: skip
    for number, actor in enumerate(asked):
        desk.proposals.make(PauseBot(bot_id=ID), actor, Draft(f"s{number}", Why.TAINTED))
    counts = [desk.proposals.count_open(actor) for actor in asked]
    assert counts == [3, 3, 3, 2, 2, 1, 1, 1]


def test_find_same_when_a_person_asks_what_a_model_asked_then_it_is_another_question(desk: Desk) -> None:
    tainted = {"tainted": True}
    model, person = (actor.model_copy(update=tainted) for actor in (MODEL, PERSON))
    made = desk.proposals.make(PauseBot(bot_id=ID), model, Draft("s1", Why.TAINTED))
    assert desk.proposals.find_same(PauseBot(bot_id=ID), model, {}) == made
    for other in (person, MODEL, model.model_copy(update={"door": "rest"})):
        assert desk.proposals.find_same(PauseBot(bot_id=ID), other, {}) is None


def test_find_same_when_its_time_is_over_to_the_moment_then_it_is_asked_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk.proposals.make(PauseBot(bot_id=ID), PERSON, Draft("s1", Why.TAINTED))
    for late, same in ((timedelta(microseconds=-1), made), (timedelta(0), None)):
        monkeypatch.setattr(desk.proposals, "_clock", lambda late=late: made.expires_at + late)
        assert desk.proposals.find_same(PauseBot(bot_id=ID), PERSON, {}) == same


def test_view_when_a_proposal_is_of_a_bot_then_it_is_called_by_the_name_of_that_bot(desk: Desk) -> None:
    named = Proposals(desk.store, {ID: "one", OTHER: "two"}.get)
    for bot_id, name in ((ID, "one"), (OTHER, "two")):
        assert named.make(PauseBot(bot_id=bot_id), PERSON, Draft("s1", Why.TAINTED)).bot_name == name


async def test_submit_when_what_is_asked_loosens_nothing_then_no_orders_are_judged_again(desk: Desk) -> None:
    shown = await desk.gate.submit(CreateBot(spec=spec()), MODEL.model_copy(update={"tainted": True}))
    assert isinstance(shown, ProposalCard)
    assert shown.proposal.preview is None


def test_receipt_of_when_what_was_shown_stands_in_another_order_then_it_is_the_same(desk: Desk) -> None:
    draft = Draft("s1", Why.TAINTED, {"a": "1", "b": "2"}, {"price": "1", "settings": "2"})
    row = desk.proposals.find(desk.proposals.make(PauseBot(bot_id=ID), PERSON, draft).id)
    before = receipt_of(row)
    for name in ("numbers", "facts", "actor"):
        setattr(row, name, dict(reversed(getattr(row, name).items())))
    assert receipt_of(row) == before
    row.facts = {"price": "2", "settings": "1"}
    assert receipt_of(row) != before


def test_receipt_of_when_a_text_cannot_be_encoded_then_it_is_sealed_all_the_same(desk: Desk) -> None:
    row = desk.proposals.find(desk.proposals.make(PauseBot(bot_id=ID), PERSON, Draft("s1", Why.TAINTED)).id)
    before = receipt_of(row)
    row.numbers = {"what": "\ud800"}
    assert len(receipt_of(row)["seal"]) == 64
    assert receipt_of(row) != before


def test_split_when_the_whole_contradicts_itself_then_nothing_of_it_is_split_off() -> None:
    action = of_all(max_trade=600, max_daily_loss=50)
    with pytest.raises(ValueError, match="a trade must fit into a bot"):
        apply_limits(action, Limits())
    assert split(action, Limits()) == (None, action)


def test_split_when_what_tightens_would_contradict_what_the_bot_still_has_then_it_is_not_split() -> None:
    limits = Limits.model_validate({"bots": {ID: {"max_trade": 10}}})
    action = of_bot(max_trade=None, max_bot_exposure=5)
    assert apply_limits(action, limits).of(ID).max_trade == 5
    assert split(action, limits) == (None, action)


def test_split_when_both_parts_would_come_to_other_patterns_than_the_whole_then_it_is_not_split() -> None:
    limits = Limits.model_validate({"bots": {ID: {"allowed_pairs": ["*/*"]}}})
    action = of_all(max_trade=200, allowed_pairs=["B*/USDT", "BTC/*"])
    assert split(action, limits) == (None, action)
    part, rest = split(of_all(max_trade=200, allowed_pairs=["*/USDT", "BTC/EUR"]), limits)
    assert (part, rest) == (of_all(allowed_pairs=["*/USDT", "BTC/EUR"]), of_all(max_trade=200))


def test_split_when_a_bots_own_pairs_are_blocked_then_what_is_blocked_for_all_is_no_part_of_it() -> None:
    own = {"max_trade": 10, "blocked_pairs": ["BTC/USDT"]}
    limits = Limits.model_validate({"blocked_pairs": ["DOGE/USDT"], "bots": {ID: own}})
    blocked = ["BTC/USDT", "ETH/USDT"]
    split_up = split(of_bot(max_trade=None, blocked_pairs=blocked), limits)
    assert split_up == (of_bot(blocked_pairs=blocked), of_bot(max_trade=None))


def test_split_when_just_as_many_would_be_blocked_as_can_be_then_it_is_split() -> None:
    before, after = ([f"{name}{number}/USDT" for number in range(500)] for name in "AB")
    action = of_all(blocked_pairs=after)
    split_up = split(action, Limits.model_validate({"blocked_pairs": before}))
    assert split_up == (of_all(blocked_pairs=[*before, *after]), action)


def test_find_beyond_limits_when_the_panic_stop_is_on_then_only_what_is_beyond_a_limit_is() -> None:
    known = snapshot(None, bot(), bot(of={"stake": 101}), bot(State.STOPPED, of={"stake": 101}), panic=True)
    ((bot_id, refusal),) = find_beyond_limits(known)
    assert (bot_id, refusal.rule) == ("1" * 12, Rule.TRADE_SIZE)
