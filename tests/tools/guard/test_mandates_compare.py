"""What of a bot a mandate binds, and what of a change a person has to confirm again."""

import hashlib
from typing import Any

import pytest

from tests.tools.guard.samples import ID, OTHER
from tests.tools.guard.test_mandates import FIVE, SHA, SIX, facts, live
from tools.guard.limits import Limits
from tools.guard.mandates import MandateFacts, compare, limits_of, source_hash


def without(name: str) -> MandateFacts:
    """As an older or a newer version writes it down, which knows one setting less."""
    made = facts()
    return MandateFacts(SHA, {key: value for key, value in made.terms.items() if key != name}, made.limits)


def test_hash_when_lines_end_otherwise_then_it_is_the_same_and_else_another() -> None:
    assert source_hash(b"a\r\nb\rc\n") == source_hash(b"a\nb\nc\n") == hashlib.sha256(b"a\nb\nc\n").hexdigest()
    assert source_hash(b"a\r\n\r\nb") == source_hash(b"a\n\nb") != source_hash(b"a\nb")
    assert len({source_hash(source) for source in (b"", b"a", b"a\n", b"a\n\n", b"a ", b"A")}) == 6


@pytest.mark.parametrize(
    "same", [{"name": "other"}, {"description": "other"}, {"pairs": ["ETH/USDT", "BTC/USDT"]}, {"stake": "50"}]
)
def test_compare_when_nothing_that_matters_changed_then_it_holds(same: dict[str, Any]) -> None:
    assert compare(facts(), facts(live(**same)), ID) is None


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (facts(source="0" * 64), "source"),
        (facts(source=None), "source_unreadable"),
        (facts(live(pairs=["BTC/USDT"])), "pairs"),
        (facts(live(stake="50.00000001")), "stake"),
        (facts(live(stake="49")), "stake"),
        (facts(live(max_open_trades=3)), "max_open_trades"),
        (facts(live(parameters={"n": 2})), "parameters"),
        (facts(live(parameters={"n": 1, "m": 1})), "parameters"),
        (facts(live(mode="SIMULATED")), "mode"),
        (facts(live(timeframe="5m")), "timeframe"),
        (facts(live(stoploss_pct="5")), "stoploss_pct"),
        (facts(live(strategy="Other")), "strategy"),
        (without("stake"), "stake"),
        (facts(live(stake="40"), source="0" * 64), "source"),
        (facts(live(stake="40"), max_trade="101"), "stake"),
    ],
)
def test_compare_when_a_bot_is_another_then_the_first_that_differs_is_named(found: MandateFacts, reason: str) -> None:
    assert compare(facts(), found, ID) == reason


def test_compare_when_a_setting_came_that_nobody_confirmed_then_it_is_named() -> None:
    assert compare(without("stake"), facts(), ID) == "stake"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"max_trade": "100.00000001"}, "limits.max_trade"),
        ({"max_trade": "99"}, None),
        ({"max_total_exposure": "1001"}, "limits.max_total_exposure"),
        ({"reentry_cooldown_s": 59}, "limits.reentry_cooldown_s"),
        ({"reentry_cooldown_s": 61}, None),
        ({"blocked_pairs": ["XRP/USDT"]}, None),
        ({"live_enabled": False}, None),
        ({"bots": {ID: FIVE}}, None),
        ({"bots": {OTHER: FIVE}}, None),
    ],
)
def test_compare_when_limits_changed_then_only_a_looser_one_is_named(
    limits: dict[str, Any], reason: str | None
) -> None:
    assert compare(facts(), facts(**limits), ID) == reason


@pytest.mark.parametrize("after", [{}, {"bots": {ID: SIX}}])
def test_compare_when_a_bots_own_limits_get_looser_then_only_its_own_mandate_is_lost(after: dict[str, Any]) -> None:
    own = facts(bots={ID: FIVE})
    assert compare(own, facts(**after), ID) == "limits.max_trade"
    assert compare(own, facts(**after), OTHER) is None


def test_limits_of_when_bots_have_their_own_then_those_of_no_other_are_kept() -> None:
    limits = facts(bots={ID: FIVE, OTHER: SIX}).limits
    assert limits_of(limits, ID) == facts(bots={ID: FIVE}).limits
    assert limits_of(limits, "2" * 12) == facts().limits


@pytest.mark.parametrize(("before", "after"), [(1, True), (1, 1.0), (0, False)])
def test_compare_when_a_parameter_is_of_another_type_then_it_is_another_setting(before: Any, after: Any) -> None:
    confirmed, found = ({"parameters": {"n": value}} for value in (before, after))
    given = MandateFacts("a" * 64, confirmed, Limits())
    assert compare(given, MandateFacts("a" * 64, found, Limits()), ID) == "parameters"


def test_compare_when_the_parameters_stand_in_another_order_then_it_holds() -> None:
    confirmed, found = (facts(live(parameters=dict(order))) for order in ((("n", 1), ("m", 2)), (("m", 2), ("n", 1))))
    assert list(confirmed.terms["parameters"]) != list(found.terms["parameters"])
    assert compare(confirmed, found, ID) is None
