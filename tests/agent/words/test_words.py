"""The sentences are complete and the same in both languages."""

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.words import LANGUAGES, Language, name_values, say, sentences
from tools.actions import KINDS
from tools.guard.limits import SENSES
from tools.guard.verdict import Rule, Why
from tools.verbs import Source
from tools.views import ProposalStatus

ROOT = Path(__file__).parents[3]
BLANK = re.compile(r"\{(\w+)\}")
KEYS = sorted(set(sentences("en")) | set(sentences("pt-BR")))
BREAKERS = ("daily_loss", "drawdown", "loss_streak", "order_rate")
RULES = tuple(rule.value for rule in Rule)


@pytest.mark.parametrize("key", KEYS)
def test_sentences_when_a_key_is_in_one_language_then_the_other_has_it_with_the_same_blanks(key: str) -> None:
    blanks = [sorted(BLANK.findall(sentences(language)[key])) for language in LANGUAGES]
    assert blanks[0] == blanks[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_when_read_then_hold_plain_blanks_only(language: Language) -> None:
    for sentence in sentences(language).values():
        assert not re.search(r"[{}]|\$t\(", BLANK.sub("", sentence)), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_when_a_rule_or_an_action_is_declared_then_has_words(language: Language) -> None:
    wanted = [f"refusal.{rule}{part}" for rule in RULES for part in ("", ".hint")]
    wanted += [f"{what}.{kind}" for what in ("action", "receipt") for kind in KINDS]
    assert not set(wanted) - set(sentences(language))


def test_sentences_when_the_source_raises_a_problem_then_it_has_words() -> None:
    sources = [path for room in ("tools", "api", "agent") for path in (ROOT / room).rglob("*.py")]
    raised = {kind for path in sources for kind in re.findall(r'Problem\(\s*"(\w+)"', path.read_text(encoding="utf-8"))}
    assert raised
    missing = {kind for kind in raised if f"problem.{kind}" not in sentences("en")}
    assert not missing, f"write problem.<kind> in agent/words/*.json for {missing}"


def test_say_when_a_number_is_missing_then_shows_its_name_in_brackets() -> None:
    said = say("en", "refusal.trade_size", asked="500", max="100")
    assert said == "500 [currency] a trade is above the limit of 100 [currency]."


def test_say_when_a_blank_is_a_word_of_python_then_it_can_be_filled() -> None:
    said = say("pt-BR", "refusal.agent_cannot_loosen", limit="x", **{"from": "1", "to": "2"})
    assert "(x: 1 → 2)" in said


def test_say_when_the_key_is_unknown_then_says_the_key() -> None:
    assert say("en", "refusal.nobody_wrote_this") == "refusal.nobody_wrote_this"


@given(st.text(), st.text())
def test_say_when_a_number_holds_braces_then_it_is_not_filled_again(asked: str, most: str) -> None:
    said = say("en", "refusal.trade_size", asked="{max}" + asked, max=most, currency="USDT")
    assert said.startswith("{max}" + asked)


@pytest.mark.parametrize(
    ("numbers", "part"),
    [
        ({"held": "480"}, "already; another 50"),
        ({"committed": "950"}, "With 950 USDT already committed"),
        ({}, "50 USDT does not fit"),
    ],
)
def test_say_when_a_number_fills_a_fuller_sentence_then_that_is_said(numbers: dict[str, str], part: str) -> None:
    said = say("en", "refusal.total_exposure", asked="50", max="1000", currency="USDT", **numbers)
    assert part in said
    assert "[" not in said


@pytest.mark.parametrize(
    ("blank", "value", "said"),
    [
        ("limit", "bots.0123456789ab.max_trade", "largest trade"),
        ("limit", "panic", "panic stop"),
        ("what", "limits.max_daily_loss", "daily loss"),
        ("what", "strategy", "the strategy’s source"),
        ("to", "true", "on"),
        ("to", "200", "200"),
        ("why", "live", "This touches real money."),
        ("name", "panic", "panic"),
    ],
)
def test_name_values_when_a_value_is_a_name_of_ours_then_it_is_said_in_words(blank: str, value: str, said: str) -> None:
    assert name_values("en", {blank: value}) == {blank: said}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_when_a_limit_a_reason_or_a_status_is_declared_then_has_words(language: Language) -> None:
    wanted = [f"limit.{name}" for name in SENSES] + [f"rule.{rule}" for rule in RULES]
    wanted += [f"proposal.why.{why.value}" for why in Why] + [f"taint.{one}" for one in get_args(Source)]
    wanted += [f"proposal.status.{status}" for status in get_args(ProposalStatus)]
    wanted += [f"{family}.{rule}" for family in ("hold", "state") for rule in BREAKERS]
    assert not set(wanted) - set(sentences(language))
