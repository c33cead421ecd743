"""An answer says what was done, what was not, and nothing that is untrue of its turn."""

from collections.abc import Callable
from typing import Any

import pytest

Build = Callable[..., Any]


@pytest.mark.parametrize(
    ("language", "said", "part"),
    [
        ("en", "create a bot for SOL with 20 USDT and blorf it", "I did not understand “blorf it”"),
        ("en", "create a bot for SOL with 20 USDT. Blorf the thing.", "I did not understand “Blorf”"),
        ("pt-BR", "crie um bot de SOL com 20 USDT e blorfa ele", "Não entendi “blorfa ele”"),
        ("pt-BR", "crie um bot de SOL com 20 USDT e põe verde", "Não entendi"),
        ("en", "stop alpha and make it pretty", "I did not understand “make it pretty”"),
    ],
)
def test_say_when_a_part_is_not_understood_then_names_it_beside_what_was_done(
    build_world: Build, language: str, said: str, part: str
) -> None:
    calls, text = build_world(language).say(said)
    assert calls
    assert part in text
    assert "changed nothing" not in text
    assert "não alterei nada" not in text


def test_say_when_a_bot_is_asked_of_many_then_offers_one_and_nothing_is_done(build_world: Build) -> None:
    world = build_world("en")
    calls, text = world.say("create 20 bots on BTC with 100 USDT per trade and start them all")
    assert not calls
    assert text == "I create one bot at a time. Shall I create the bot (BTC/USDT, 100 a trade) and start it?"


def test_say_when_one_bot_is_created_beside_one_other_then_both_is_asked_about(build_world: Build) -> None:
    world = build_world("en")
    world.bots = world.bots[1:]
    calls, text = world.say("create a bot for BTC with 20 USDT and start both")
    assert [verb for verb, _ in calls if verb == "start_bot"] == []
    assert "Which bot do you mean" in text


@pytest.mark.parametrize(
    ("language", "said", "answer"),
    [
        (
            "en",
            "how much did I make?",
            "Profit so far, open trades included (simulated): 3.5 USDT in total, **alpha** 5 and **beta** -1.5.",
        ),
        (
            "pt-BR",
            "quanto ganhei?",
            "Lucro até agora, com as operações abertas (simulado): 3,5 USDT no total, **alpha** 5 e **beta** -1,5.",
        ),
    ],
)
def test_say_when_profit_is_asked_for_then_tells_the_total_and_that_of_each_bot(
    build_world: Build, language: str, said: str, answer: str
) -> None:
    world = build_world(language)
    world.bots[0].update(realised_profit="4", unrealised_profit="1")
    world.bots[1].update(realised_profit="-1.5")
    assert world.say(said)[1] == answer


def test_say_when_profit_is_both_simulated_and_real_then_they_are_not_added_up(build_world: Build) -> None:
    world = build_world("en")
    world.bots[0].update(realised_profit="4")
    world.bots[1].update(realised_profit="1", mode="REAL_MARKET_SPOT")
    text = world.say("how much did I make?")[1]
    assert "(simulated): 4 USDT in total" in text
    assert "(real money): 1 USDT in total" in text


@pytest.mark.parametrize(("language", "said"), [("en", "what did you trade today?"), ("pt-BR", "o que operou hoje?")])
def test_say_when_there_is_one_bot_then_what_was_traded_is_that_of_it(
    build_world: Build, language: str, said: str
) -> None:
    world = build_world(language)
    world.bots = world.bots[:1]
    assert world.say(said)[0][-1] == ("bot_trades", {"bot": "alpha"})


@pytest.mark.parametrize(
    ("language", "said", "doubt"),
    [
        (
            "en",
            "create a bot for BTC/USDT with 50 EUR per trade",
            "I do not convert currencies, so “50 EUR” is not taken.",
        ),
        (
            "pt-BR",
            "crie um bot para BTC/USDT com R$ 50 por operação",
            "Não converto moedas, então “R$ 50” fica de fora.",
        ),
        ("en", "create a bot for BTC with 50x USDT", "I cannot read “50x” as a number."),
        ("pt-BR", "crie um bot para BTC com 50x USDT", "Não consigo ler “50x” como número."),
    ],
)
def test_say_when_an_amount_is_in_doubt_then_names_it_and_asks(
    build_world: Build, language: str, said: str, doubt: str
) -> None:
    calls, text = build_world(language).say(said)
    assert not calls
    assert text.startswith(doubt)
    assert text.endswith("?")


CHECK = {"ip_restricted": True}
PASSED = {"enabled": True, "passed": True, "rule": None, "numbers": {}, "check": CHECK, "bots": []}
REAL = {"name": "real", "state": "RUNNING", "health": "healthy"}
READY = [
    (PASSED, "Ready for real money", "Pronto para dinheiro real"),
    ({**PASSED, "enabled": False}, "Not enabled", "Não habilitado"),
    ({**PASSED, "check": {"ip_restricted": False}}, "not bound to an IP", "não está presa a um endereço IP"),
    ({**PASSED, "check": None, "passed": False}, "Nobody has looked", "Ninguém verificou"),
    (
        {**PASSED, "passed": False, "rule": "key_can_withdraw", "numbers": {"can_withdraw": "unknown"}},
        "can withdraw money",
        "pode sacar dinheiro",
    ),
    ({**PASSED, "passed": False, "rule": "no_exchange_key"}, "There is no exchange key", "Não há chave"),
    (
        {**PASSED, "bots": [{**REAL, "mandate": {"status": "void", "reason": "limits.max_trade"}}]},
        "confirmation: largest trade",
        "confirmação: maior operação",
    ),
    (
        {**PASSED, "bots": [{**REAL, "mandate": {"status": "valid"}}]},
        "confirmation: confirmed",
        "confirmação: confirmado",
    ),
    ({**PASSED, "bots": [{**REAL, "mandate": {"status": "none"}}]}, "it was never confirmed", "nunca foi confirmado"),
]


@pytest.mark.parametrize(("returned", "english", "portuguese"), READY)
def test_say_when_it_is_asked_for_real_money_then_what_is_in_the_way_is_told_in_both_languages(
    build_world: Build, returned: dict[str, Any], english: str, portuguese: str
) -> None:
    for language, said, part in (
        ("en", "is live trading ready?", english),
        ("pt-BR", "posso operar de verdade?", portuguese),
    ):
        world = build_world(language)
        world.look = lambda verb, _, known=world.look: returned if verb == "live_status" else known(verb, _)
        calls, text = world.say(said)
        assert [verb for verb, _ in calls] == ["live_status"]
        assert part in text
        assert "[" not in text
