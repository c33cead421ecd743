"""The sentences are complete and the same in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

from agent.words import LANGUAGES, Language, name_values, say, say_why, sentences
from tools.actions import KINDS, read_action
from tools.errors import Problem
from tools.gateway.orders.errors import Denied
from tools.gateway.orders.judge import WireRule
from tools.guard.limits import SENSES, Limits
from tools.guard.verdict import Rule, Why
from tools.invalid import invalid
from tools.verbs import Source
from tools.views import ProposalStatus

ROOT = Path(__file__).parents[3]
BLANK = re.compile(r"\{(\w+)\}")
KEYS = sorted(set(sentences("en")) | set(sentences("pt-BR")))
BREAKERS = ("daily_loss", "drawdown", "loss_streak", "order_rate")
RULES = (*(rule.value for rule in Rule), *(rule.value for rule in WireRule))
GATEWAY = ROOT / "tools" / "gateway" / "orders"


def _wire_rules() -> set[str]:
    """Those by which the gateway turns requests away, beside the guard's own."""
    sources = [path.read_text(encoding="utf-8") for path in GATEWAY.glob("*.py")]
    codes = {int(code) for source in sources for code in re.findall(r"Denied\((-\d+)", source)}
    named = {rule for source in sources for rule in re.findall(r"""\brule = "(\w+)"|rule="(\w+)\"""", source)}
    return (
        {Denied(code, "").rule for code in codes} | {one for pair in named for one in pair if one} | {"unauthenticated"}
    )


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
    wanted += [f"refusal.{rule}{part}" for rule in _wire_rules() for part in ("", ".hint")]
    wanted += [f"{what}.{kind}" for what in ("action", "receipt") for kind in KINDS]
    assert not set(wanted) - set(sentences(language))


def test_sentences_when_the_source_raises_a_problem_then_it_has_words() -> None:
    sources = [path for room in ("tools", "api", "agent") for path in (ROOT / room).rglob("*.py")]
    raised = {kind for path in sources for kind in re.findall(r'Problem\(\s*"(\w+)"', path.read_text(encoding="utf-8"))}
    assert raised
    missing = {kind for kind in raised if f"problem.{kind}" not in sentences("en")}
    assert not missing, f"write problem.<kind> in agent/words/*.json for {missing}"


def _raised() -> Iterator[tuple[str, set[str | None]]]:
    """Each kind of problem that the source raises, with the names of its numbers."""
    for path in (path for room in ("tools", "api", "agent") for path in (ROOT / room).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)):
                continue
            makes = isinstance(call.func, ast.Name) and call.func.id == "Problem"
            inherits = isinstance(call.func, ast.Attribute) and call.func.attr == "__init__" and len(call.args) == 2
            if makes or inherits:
                yield str(call.args[0].value), {keyword.arg for keyword in call.keywords}


@pytest.mark.parametrize(("kind", "numbers"), _raised())
def test_say_when_the_source_raises_a_problem_then_no_blank_is_left(kind: str, numbers: set[str | None]) -> None:
    said = say("en", f"problem.{kind}", **{str(name): "1" for name in numbers})
    assert said != f"problem.{kind}"
    assert not re.search(r"\[\w+\]", said), said


@pytest.mark.parametrize("rule", [*BREAKERS, Rule.AGENT_CANNOT_LOOSEN])
def test_say_when_a_question_came_where_nobody_is_then_its_refusal_needs_no_numbers(rule: str) -> None:
    said = say("en", f"refusal.{rule}", rule=rule) + say("en", f"refusal.{rule}.hint")
    assert not re.search(r"\[\w+\]", said), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_name_values_when_pydantic_finds_anything_wrong_then_it_is_said_in_words(kind: str, language: Language) -> None:
    numbers = {**invalid({"type": kind, "loc": ("name",), "input": "x"}).numbers}
    said = name_values(language, numbers)["expected"]
    assert (said[0].isupper(), said[-1]) == (True, "."), said


@pytest.mark.parametrize(
    ("limits", "english", "portuguese"),
    [
        (
            {"max_trade": 200, "max_bot_exposure": 100},
            "These limits contradict each other: 200 / 100 / 1000 (a trade must fit into a bot, a bot into all).",
            "Estes limites se contradizem: 200 / 100 / 1000 (uma operação precisa caber em um bot, e um bot no total).",
        ),
        (
            {"max_entries_per_minute": 31, "max_entries_per_hour": 30},
            "These limits contradict each other: 31 > 30 (a minute’s entries must fit into an hour’s).",
            "Estes limites se contradizem: 31 > 30 (as entradas por minuto precisam caber nas por hora).",
        ),
        (
            {"bots": {"0123456789ab": {"max_trade": 101}}},
            "A bot’s limit would be above that of all: largest trade 101 / 100.",
            "O limite de um bot ficaria acima do limite geral: maior operação 101 / 100.",
        ),
        (
            {"allowed_pairs": ["BTC/*"], "bots": {"0123456789ab": {"allowed_pairs": ["*/USDT", "*/EUR"]}}},
            "A bot’s limit would be above that of all: allowed pairs */EUR, */USDT / BTC/*.",
            "O limite de um bot ficaria acima do limite geral: pares liberados */EUR, */USDT / BTC/*.",
        ),
    ],
)
def test_say_when_limits_contradict_then_the_sentence_stands_alone(
    limits: dict[str, object], english: str, portuguese: str
) -> None:
    with pytest.raises(ValidationError) as contradiction:
        Limits.model_validate(limits)
    problem = invalid(contradiction.value.errors()[0])
    assert (problem.kind, problem.numbers["field"], problem.numbers["value"]) == ("invalid", "request", "…")
    for language, told in zip(LANGUAGES, (english, portuguese), strict=True):
        assert say(language, "problem.invalid", **name_values(language, problem.numbers)) == told


@pytest.mark.parametrize("given", ["yes", "true", 1, None])
def test_say_when_a_yes_or_no_is_none_then_says_what_it_must_be(given: object) -> None:
    with pytest.raises(Problem) as raised:
        read_action({"kind": "panic", "exit": given})
    sentences_ = [say(one, "problem.invalid", **name_values(one, raised.value.numbers)) for one in LANGUAGES]
    assert ["It must be true or false." in sentences_[0], "Precisa ser true ou false." in sentences_[1]] == [True, True]


def test_say_when_a_pair_is_locked_or_a_panic_not_written_then_no_blank_is_left() -> None:
    locked = {"pair": "BTC/USDT", "until": "2026-11-22 15:00"}
    assert say("en", "problem.pair_locked", **locked) == (
        "BTC/USDT is locked for this bot until 2026-11-22 15:00 (UTC). Unlock it first."
    )
    assert "até 2026-11-22 15:00 (UTC)" in say("pt-BR", "problem.pair_locked", **locked)
    assert say("en", "problem.panic_not_written").startswith("Nothing enters any more.")
    assert say("pt-BR", "problem.panic_not_written").startswith("Nada mais entra.")


@pytest.mark.parametrize(
    ("why", "numbers", "action", "part"),
    [
        ("breaker", {"rule": "loss_streak"}, "resume_bot", "limit was reached: losses in a row"),
        ("breaker", {"rule": "loss_streak", "bot": "owl"}, "start_bot", "is like owl"),
        ("breaker", {"bot": "owl", "rule": "loss_streak"}, "start_bot", "is like owl"),
        ("breaker", {"rule": "loss_streak"}, "delete_bot", "that pause is forgotten"),
        ("breaker", {}, "delete_bot", "or one like it"),
        ("lifts", {"what": "limits", "bot": "owl"}, "delete_bot", "hold owl back: the limits of its own"),
        ("lifts", {"bot": "owl", "pair": "BTC/USDT", "what": "lock"}, "unlock_pair", "keeps it out of BTC/USDT"),
        ("live", {}, "start_bot", "real money"),
    ],
)
def test_say_why_when_the_numbers_tell_more_then_so_does_the_sentence(
    why: str, numbers: dict[str, str], action: str, part: str
) -> None:
    said = say_why("en", why, numbers, action)
    assert part in said
    assert "[" not in said + say_why("pt-BR", why, numbers, action)


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
