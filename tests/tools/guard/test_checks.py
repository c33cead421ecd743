from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.actions import (
    Action,
    BotChanges,
    CreateBot,
    DeleteBot,
    EditBot,
    PauseBot,
    SetLimits,
    StartBot,
    StopBot,
)
from tools.bot import BotSpec, Mode, State
from tools.guard.actor import Actor
from tools.guard.checks import find_beyond_limits, judge
from tools.guard.limits import Limits, LimitsChange
from tools.guard.snapshot import BotFacts, Snapshot
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Rule, Verdict

PERSON = Actor(door="web")
MODEL = Actor(door="web", agent=True)
ID, OTHER = "0" * 12, "1" * 12


def spec(stake: object = 50, trades: int = 2, **more: object) -> BotSpec:
    settings = {"name": "alpha", "pairs": ["BTC/USDT"], "stake": stake, "max_open_trades": trades, **more}
    return BotSpec.model_validate(settings)


def facts(limits: Limits | None = None, **bots: BotFacts) -> Snapshot:
    return Snapshot(limits or Limits(), {key.removeprefix("b"): bot for key, bot in bots.items()}, "USDT")


def one(state: State = State.CREATED, held: object = 0, **settings: object) -> dict[str, BotFacts]:
    return {f"b{ID}": BotFacts(spec(**settings), state, Decimal(str(held)))}


def refused(verdict: Verdict) -> tuple[Rule, dict[str, str]]:
    assert isinstance(verdict, Refuse)
    return verdict.rule, dict(verdict.numbers)


def test_judge_when_a_bot_fits_then_allows() -> None:
    assert judge(CreateBot(spec=spec()), MODEL, facts()) == Allow()


def test_judge_when_a_trade_is_too_large_then_refuses_with_numbers() -> None:
    rule, numbers = refused(judge(CreateBot(spec=spec(stake="100.01")), MODEL, facts()))
    assert (rule, numbers["asked"], numbers["max"]) == (Rule.TRADE_SIZE, "100.01", "100")


def test_judge_when_a_trade_is_at_the_limit_then_allows() -> None:
    assert judge(CreateBot(spec=spec(stake=100, trades=5)), MODEL, facts()) == Allow()


def test_judge_when_all_slots_exceed_a_bots_exposure_then_refuses() -> None:
    rule, numbers = refused(judge(CreateBot(spec=spec(stake=100, trades=6)), PERSON, facts()))
    assert (rule, numbers["asked"], numbers["max"]) == (Rule.BOT_EXPOSURE, "600", "500")


def test_judge_when_a_pair_is_blocked_then_refuses_and_names_it() -> None:
    limits = Limits(blocked_pairs=frozenset({"BTC/USDT"}))
    assert refused(judge(CreateBot(spec=spec()), PERSON, facts(limits))) == (Rule.PAIR_BLOCKED, {"pair": "BTC/USDT"})


def test_judge_when_a_pair_was_blocked_after_creation_then_its_start_is_refused() -> None:
    limits = Limits(blocked_pairs=frozenset({"BTC/USDT"}))
    assert refused(judge(StartBot(bot_id=ID), PERSON, facts(limits, **one())))[0] is Rule.PAIR_BLOCKED


def test_judge_when_real_money_is_asked_for_then_refuses_as_disabled() -> None:
    action = CreateBot(spec=spec(mode=Mode.REAL_MARKET_SPOT))
    assert refused(judge(action, PERSON, facts()))[0] is Rule.LIVE_DISABLED


def test_judge_when_running_bots_leave_too_little_then_start_is_refused_with_what_is_committed() -> None:
    running = {f"b{OTHER}": BotFacts(spec(stake=100, trades=5), State.RUNNING, Decimal(0))}
    limits = Limits(max_total_exposure=Decimal(550))
    rule, numbers = refused(judge(StartBot(bot_id=ID), PERSON, facts(limits, **one(), **running)))
    assert rule is Rule.TOTAL_EXPOSURE
    assert (numbers["asked"], numbers["committed"], numbers["max"]) == ("100", "500", "550")


def test_judge_when_a_paused_bot_holds_trades_then_only_those_count() -> None:
    paused = {f"b{OTHER}": BotFacts(spec(stake=100, trades=5), State.PAUSED, Decimal(450))}
    limits = Limits(max_total_exposure=Decimal(550))
    assert judge(StartBot(bot_id=ID), PERSON, facts(limits, **one(), **paused)) == Allow()


def test_judge_when_a_stopped_bot_is_started_paused_then_its_slots_do_not_count() -> None:
    running = {f"b{OTHER}": BotFacts(spec(stake=100, trades=5), State.RUNNING, Decimal(0))}
    limits = Limits(max_total_exposure=Decimal(500))
    known = facts(limits, **one(), **running)
    assert judge(StartBot(bot_id=ID, paused=True), PERSON, known) == Allow()
    assert refused(judge(StartBot(bot_id=ID), PERSON, known))[0] is Rule.TOTAL_EXPOSURE


def test_judge_when_a_running_bot_is_edited_beyond_the_total_then_refuses() -> None:
    running = {f"b{OTHER}": BotFacts(spec(stake=100, trades=5), State.RUNNING, Decimal(0))}
    edit = EditBot(bot_id=ID, changes=BotChanges(max_open_trades=6))
    known = facts(Limits(max_total_exposure=Decimal(700)), **one(State.RUNNING), **running)
    assert refused(judge(edit, MODEL, known))[0] is Rule.TOTAL_EXPOSURE


def test_judge_when_an_edit_makes_the_trade_too_large_then_refuses() -> None:
    edit = EditBot(bot_id=ID, changes=BotChanges(stake=Decimal(101)))
    assert refused(judge(edit, MODEL, facts(**one(State.STOPPED))))[0] is Rule.TRADE_SIZE


@pytest.mark.parametrize(
    "changes",
    [
        BotChanges(name="renamed"),
        BotChanges(stake=Decimal(10), max_open_trades=2, pairs=("ETH/USDT",)),
    ],
)
def test_judge_when_an_edit_only_lowers_then_it_passes_though_the_total_is_passed_and_a_pair_is_blocked(
    changes: BotChanges,
) -> None:
    running = {f"b{OTHER}": BotFacts(spec(stake=100, trades=5), State.RUNNING, Decimal(0))}
    limits = Limits(max_total_exposure=Decimal(500), blocked_pairs=frozenset({"BTC/USDT"}))
    mine = one(State.RUNNING, stake=100, trades=4, pairs=["BTC/USDT", "ETH/USDT"])
    assert judge(EditBot(bot_id=ID, changes=changes), MODEL, facts(limits, **mine, **running)) == Allow()


def test_judge_when_a_paused_bot_comes_back_to_hold_its_trades_then_no_limit_keeps_it_away() -> None:
    limits = Limits(blocked_pairs=frozenset({"BTC/USDT"}), max_trade=Decimal(1))
    known = facts(limits, **one(State.PAUSED, held=400))
    assert judge(StartBot(bot_id=ID, paused=True), PERSON, known) == Allow()
    assert refused(judge(StartBot(bot_id=ID), PERSON, known))[0] is Rule.PAIR_BLOCKED


def test_judge_when_an_edit_is_under_way_then_what_it_may_need_is_still_claimed() -> None:
    shrinking = BotFacts(spec(stake=20, trades=5), State.RUNNING, Decimal(0), claim=Decimal(500))
    limits = Limits(max_total_exposure=Decimal(550))
    verdict = judge(StartBot(bot_id=ID), PERSON, facts(limits, **one(), **{f"b{OTHER}": shrinking}))
    assert refused(verdict)[1]["committed"] == "500"


def test_judge_when_a_model_loosens_then_refuses_and_when_a_person_does_then_allows() -> None:
    loosen = SetLimits(changes=LimitsChange(max_trade=Decimal(200)))
    rule, numbers = refused(judge(loosen, MODEL, facts()))
    assert (rule, numbers) == (Rule.AGENT_CANNOT_LOOSEN, {"limit": "max_trade", "from": "100", "to": "200"})
    assert judge(loosen, PERSON, facts()) == Allow()


def test_judge_when_a_model_tightens_then_allows() -> None:
    assert judge(SetLimits(changes=LimitsChange(max_trade=Decimal(10))), MODEL, facts()) == Allow()


def test_judge_when_the_turn_is_tainted_then_a_write_needs_a_person() -> None:
    tainted = MODEL.model_copy(update={"tainted": True})
    assert isinstance(judge(CreateBot(spec=spec()), tainted, facts()), NeedsConfirmation)


def test_judge_when_an_action_is_of_no_known_kind_then_refuses() -> None:
    class Withdraw:
        kind = "withdraw"

    verdict = judge(Withdraw(), PERSON, facts())  # type: ignore[arg-type]
    assert refused(verdict) == (Rule.UNKNOWN_ACTION, {"kind": "withdraw"})


def test_find_beyond_when_limits_tighten_then_the_newest_give_way_until_the_rest_fits() -> None:
    bots = {f"b{number:012x}": BotFacts(spec(stake=50, trades=2), State.RUNNING, Decimal(0)) for number in range(4)}
    assert find_beyond_limits(facts(Limits(), **bots)) == []
    tight = Limits(max_total_exposure=Decimal(250), max_bot_exposure=Decimal(250))
    assert find_beyond_limits(facts(tight, **bots)) == [f"{3:012x}", f"{2:012x}"]


def test_find_beyond_when_a_pair_is_blocked_then_the_bots_that_trade_it() -> None:
    bots = {**one(State.RUNNING), f"b{OTHER}": BotFacts(spec(pairs=["ETH/USDT"]), State.RUNNING, Decimal(0))}
    assert find_beyond_limits(facts(Limits(blocked_pairs=frozenset({"BTC/USDT"})), **bots)) == [ID]


stakes = st.decimals(min_value="1", max_value="2000", places=2)
states = st.sampled_from(State)


@st.composite
def worlds(draw: st.DrawFn) -> Snapshot:
    trade, bot, total = sorted(draw(st.lists(stakes, min_size=3, max_size=3)))
    limits = Limits(max_trade=trade, max_bot_exposure=bot, max_total_exposure=total)
    bots = {
        f"{number:012x}": BotFacts(
            spec(stake=draw(stakes), trades=draw(st.integers(1, 5))),
            draw(states),
            draw(st.decimals(min_value=0, max_value=5000, places=2)),
        )
        for number in range(draw(st.integers(1, 5)))
    }
    return Snapshot(limits, bots, "USDT")


@given(worlds(), st.sampled_from([PauseBot, StopBot, DeleteBot]), st.sampled_from([PERSON, MODEL]))
def test_judge_when_risk_is_lowered_then_always_allows(
    world: Snapshot, kind: type[PauseBot | StopBot | DeleteBot], actor: Actor
) -> None:
    for bot_id in world.bots:
        action: Action = kind(bot_id=bot_id)
        assert judge(action, actor, world) == Allow()


@given(worlds(), st.sampled_from([PERSON, MODEL]))
def test_judge_when_a_start_is_allowed_then_no_limit_can_be_passed(world: Snapshot, actor: Actor) -> None:
    for bot_id, bot in world.bots.items():
        if judge(StartBot(bot_id=bot_id), actor, world) == Allow():
            others = world.committed_by_others(bot_id, Mode.SIMULATED)
            assert bot.spec.stake <= world.limits.max_trade
            assert bot.spec.exposure <= world.limits.max_bot_exposure
            assert others + bot.spec.exposure <= world.limits.max_total_exposure


@given(worlds())
def test_find_beyond_when_those_are_paused_then_all_limits_hold(world: Snapshot) -> None:
    for bot_id in find_beyond_limits(world):
        world = world.with_state(bot_id, State.PAUSED)
    assert find_beyond_limits(world) == []
    for bot_id, bot in world.bots.items():
        if bot.state is State.RUNNING:
            assert (
                bot.spec.exposure + world.committed_by_others(bot_id, Mode.SIMULATED) <= world.limits.max_total_exposure
            )


@pytest.mark.parametrize("stake", ["NaN", "inf", "-5", "0", "1e308", "0.0000000001", "50,5", True])
def test_read_when_a_stake_is_no_amount_then_no_spec_comes_of_it(stake: object) -> None:
    with pytest.raises(ValueError, match="stake"):
        spec(stake=stake)
