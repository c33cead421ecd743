"""Talk over several turns, and the words that end them."""

from collections.abc import Callable
from typing import Any

import pytest

World = Any
Build = Callable[..., World]


def test_say_when_a_bot_is_created_and_started_then_one_sentence_tells_of_both(build_world: Build) -> None:
    _, text = build_world("en").say("create a bot for BTC/USDT and ETH/USDT with 50 USDT a trade and start it")
    assert text == "Created **new-1** (simulated): BTC/USDT and ETH/USDT, 50 USDT a trade. It is running."


def test_say_when_creation_is_refused_then_nothing_is_started_and_the_limit_is_offered(build_world: Build) -> None:
    world = build_world("pt-BR")
    calls, text = world.say("crie um bot de BTC com 5000 USDT e inicie")
    assert [verb for verb, _ in calls] == ["create_bot"]
    assert "5.000 USDT por operação passa do limite de 100 USDT" in text
    assert text.endswith("Quer que eu crie o bot (BTC/USDT, 100 por operação) e inicie o bot?")
    assert world.say("sim")[0][-1] == ("start_bot", {"bot": "new-1"})


def test_say_when_creation_was_refused_then_it_is_no_older_bot(build_world: Build) -> None:
    world = build_world("en")
    world.say("how is alpha doing?")
    world.say("create a bot for BTC with 5000 USDT")
    calls, text = world.say("start it")
    assert [verb for verb, _ in calls] == ["list_bots"]
    assert text == "Which bot do you mean: **alpha** or **beta**?"


def test_say_when_the_message_is_in_another_language_then_answers_in_that(build_world: Build) -> None:
    world = build_world("pt-BR")
    assert world.say("what can you do?")[1].startswith("I can create")
    assert world.say("o que você sabe fazer?")[1].startswith("Posso criar")


@pytest.mark.parametrize(("language", "answer"), [("en", "I did not understand"), ("pt-BR", "Não entendi")])
def test_say_when_the_language_does_not_show_then_the_one_given_is_used(
    build_world: Build, language: str, answer: str
) -> None:
    assert build_world(language).say("xyzzy")[1].startswith(answer)


def test_say_when_both_modes_are_said_then_money_stays_virtual(build_world: Build) -> None:
    for text in (
        "create a paper bot for BTC using real market data with 20 usdt",
        "create a bot for BTC with 20 usdt, never with real money",
        "crie um bot simulado com preços reais de BTC com 20 usdt",
    ):
        calls, _ = build_world("en").say(text)
        assert calls[0][1].get("mode", "SIMULATED") == "SIMULATED"


def test_say_when_an_offer_is_not_answered_then_yes_no_longer_accepts_it(build_world: Build) -> None:
    world = build_world("en")
    world.say("delete all bots")
    world.say("show my bots")
    assert not world.say("yes")[0]


def test_say_when_a_deleted_bot_runs_then_offers_to_stop_it_first(build_world: Build) -> None:
    world = build_world("en")
    _, text = world.say("delete alpha")
    assert text == "alpha is running. Stop it first. Shall I stop **alpha** and delete it for good?"
    assert [verb for verb, _ in world.say("yes")[0]] == ["stop_bot", "delete_bot"]


def test_say_when_more_bots_than_requests_allow_are_meant_then_one_batch_stops_them(build_world: Build) -> None:
    world = build_world("en")
    world.bots = [{**world.bots[0], "name": f"bot-{n}", "id": f"{n:012d}"} for n in range(30)]
    calls, _ = world.say("stop all bots")
    assert len(calls) == 31
    assert len(world.messages) == 6


def test_say_when_a_rule_is_not_in_the_words_then_its_detail_is_told(build_world: Build) -> None:
    world = build_world("en")
    world.act = lambda *_: {"status": "refused", "rule": "new_rule", "numbers": {}, "detail": "It is a new rule."}
    assert world.say("stop alpha")[1] == "The guard refused: It is a new rule."


def test_say_when_no_bot_is_there_then_says_how_to_make_one(build_world: Build) -> None:
    world = build_world("en")
    world.bots = []
    assert world.say("stop all bots")[1].startswith("There are no bots yet.")
    assert world.say("show my bots")[1] == "There are no bots yet."
