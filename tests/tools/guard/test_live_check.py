"""The exchange key: what it must be able to do, what it must not, and how fresh a look must be."""

from typing import Any

import pytest

from tests.tools.guard.samples import PERSON, checked, refused, snapshot
from tools.actions import SetLimits
from tools.guard.actor import Actor
from tools.guard.judge import judge
from tools.guard.limits import Limits, LimitsChange
from tools.guard.live_check import Checked, facts_of_key, judge_key
from tools.guard.verdict import Allow, NeedsConfirmation, Rule, Why

ENABLE = SetLimits(changes=LimitsChange(live_enabled=True))
STALE, KEY, SKEW = Rule.STALE_SNAPSHOT, Rule.NO_EXCHANGE_KEY, Rule.CLOCK_SKEW
WITHDRAW = Rule.KEY_CAN_WITHDRAW
REFUSED: list[tuple[Checked | None, Rule, dict[str, str]]] = [
    (None, STALE, {"check": "none", "max_s": "600"}),
    (checked(answered=False), STALE, {"check": "none", "max_s": "600"}),
    (checked(600.6), STALE, {"check_age_s": "601", "max_s": "600"}),
    (checked(600.001), STALE, {"check_age_s": "600", "max_s": "600"}),
    (checked(-0.001), STALE, {"check_age_s": "0", "max_s": "600"}),
    (checked(-1), STALE, {"check_age_s": "1", "max_s": "600"}),
    (checked(1e12), STALE, {"check_age_s": "1000000000", "max_s": "600"}),
    (checked(configured=False), KEY, {}),
    (checked(key_works=False), KEY, {"code": "-"}),
    (checked(key_works=False, error_code=-2015), KEY, {"code": "-2015"}),
    (checked(can_trade=False), KEY, {"lacks": "trade"}),
    (checked(can_withdraw=True), WITHDRAW, {"can_withdraw": "true"}),
    (checked(can_withdraw=None), WITHDRAW, {"can_withdraw": "unknown"}),
    (checked(clock_skew_ms=1001), SKEW, {"skew_ms": "1001", "max_ms": "1000"}),
    (checked(clock_skew_ms=-1001), SKEW, {"skew_ms": "-1001", "max_ms": "1000"}),
    (checked(clock_skew_ms=5000, key_works=False), SKEW, {"skew_ms": "5000", "max_ms": "1000"}),
    (checked(can_withdraw=True, can_trade=False), WITHDRAW, {"can_withdraw": "true"}),
]
PASSED = [checked(), checked(0), checked(600), checked(clock_skew_ms=1000), checked(clock_skew_ms=-1000)]


@pytest.mark.parametrize(("last", "rule", "numbers"), REFUSED)
def test_judge_when_a_key_is_not_as_it_must_be_then_the_rule_and_its_numbers(
    last: Checked | None, rule: Rule, numbers: dict[str, str]
) -> None:
    assert refused(judge_key(last)) == (rule, numbers)
    assert refused(judge(ENABLE, PERSON, snapshot(live_check=last))) == (rule, numbers)


@pytest.mark.parametrize("last", [*PASSED, checked(ip_restricted=False)])
def test_judge_when_a_key_can_trade_and_nothing_worse_then_a_person_is_asked_to_enable_real_money(
    last: Checked,
) -> None:
    assert judge_key(last) == Allow()
    verdict = judge(ENABLE, PERSON, snapshot(live_check=last))
    assert verdict == NeedsConfirmation(Why.LOOSENING, {"limit": "live_enabled", "from": "false", "to": "true"})


@pytest.mark.parametrize("actor", [Actor(door="web", agent=True), Actor(door="mcp"), Actor(door="recovery")])
def test_judge_when_no_person_asks_to_enable_real_money_then_refused_whatever_the_key(actor: Actor) -> None:
    for last in (None, *PASSED):
        assert refused(judge(ENABLE, actor, snapshot(live_check=last)))[0] is Rule.AGENT_CANNOT_LOOSEN


def test_judge_when_real_money_is_enabled_already_or_switched_off_then_the_key_does_not_matter() -> None:
    enabled = snapshot(Limits(live_enabled=True), live_check=None)
    off = SetLimits(changes=LimitsChange(live_enabled=False))
    assert judge(off, PERSON, enabled) == Allow()
    looser = SetLimits(changes=LimitsChange.model_validate({"max_trade": "101"}))
    assert isinstance(judge(looser, PERSON, enabled), NeedsConfirmation)
    assert isinstance(judge(looser, PERSON, snapshot(live_check=None)), NeedsConfirmation)


@pytest.mark.parametrize(
    ("changes", "value"), [({"can_withdraw": None}, "unknown"), ({"can_withdraw": True}, "true"), ({}, "false")]
)
def test_facts_when_a_key_was_looked_at_then_each_is_text(changes: dict[str, Any], value: str) -> None:
    assert facts_of_key(checked(**changes)) == {
        "key.key_works": "true", "key.can_trade": "true", "key.can_withdraw": value, "key.ip_restricted": "true",
        "key.venue": "demo",
    }  # fmt: skip
    assert facts_of_key(None) == {}


def test_facts_when_a_venue_is_written_in_capitals_then_it_is_told_as_it_is_written() -> None:
    assert facts_of_key(checked(venue="Demo-2"))["key.venue"] == "Demo-2"
