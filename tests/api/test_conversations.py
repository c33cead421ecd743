"""The stream of a conversation: resumed, watched by two, spoken into from several doors."""

import threading

import pytest

from tests.stack import Browserless, Chunk, Stack, cards, said

pytestmark = pytest.mark.integration


def finished(run_id: str):  # type: ignore[no-untyped-def]
    return lambda chunk, run: run == run_id and chunk["type"] == "finish"


def test_follow_when_dropped_in_the_middle_then_the_rest_comes_and_nothing_twice(api: Browserless) -> None:
    conversation_id = api.converse()
    whole = api.say(conversation_id, "what are my limits?")
    run_id = whole[0]["run"]
    for cut in (0, 1, len(whole) // 2, len(whole) - 2):
        rest = list(api.follow(conversation_id, finished(run_id), after=whole[cut]["seq"]))
        assert rest == whole[cut + 1 :]


def test_follow_when_two_tabs_watch_then_both_see_the_same_as_it_comes(stack: Stack, api: Browserless) -> None:
    conversation_id = api.converse()
    seen: list[list[Chunk]] = [[], []]

    def watch(chunks: list[Chunk]) -> None:
        tab = Browserless(stack)
        chunks += tab.follow(conversation_id, lambda chunk, _: chunk["type"] == "finish")
        tab.close()

    tabs = [threading.Thread(target=watch, args=(chunks,)) for chunks in seen]
    for tab in tabs:
        tab.start()
    api.post_message(conversation_id, "list my bots")
    for tab in tabs:
        tab.join(timeout=30)
    assert seen[0] == seen[1] != []


def test_message_when_portuguese_then_the_answer_is(api: Browserless) -> None:
    assert "por operação" in said(api.say(api.converse("pt-BR"), "quais são meus limites?"))


def test_message_when_refused_then_words_and_card_tell_the_rule(api: Browserless) -> None:
    chunks = api.say(api.converse(), "create a bot trading BTC/USDT with 5000 USDT per trade")
    (card,) = cards(chunks)
    assert (card["kind"], card["rule"]) == ("refusal", "trade_size")
    assert "100" in said(chunks)


def test_message_when_real_money_is_asked_for_then_it_is_refused(api: Browserless) -> None:
    chunks = api.say(api.converse(), "create a real money bot trading BTC/USDT with 50 USDT per trade")
    assert cards(chunks)[0]["rule"] == "live_disabled"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("create a bot trading FOO/USDT with 50 USDT per trade", "unknown_pair"),
        ("create a bot trading BTC/USDT with 2 USDT per trade", "below_minimum"),
        ("create a bot trading BTC/USDT with -50 USDT per trade", "invalid"),
    ],
)
def test_message_when_it_asks_for_the_impossible_then_the_chat_says_so(
    api: Browserless, text: str, problem: str
) -> None:
    before = api.read_bots()
    chunks = api.say(api.converse(), text)
    assert cards(chunks)[0]["problem"] == problem
    assert said(chunks)
    assert api.read_bots() == before


def test_analysis_when_asked_then_the_card_has_the_indicators(api: Browserless) -> None:
    chunks = api.say(api.converse(), "how is BTC on 5m?")
    (card,) = cards(chunks)
    analysis = card["analysis"]
    assert (card["kind"], analysis["pair"], analysis["timeframe"]) == ("analysis", "BTC/USDT", "5m")
    assert 0 <= float(analysis["rsi_14"]) <= 100
    assert {analysis[name] is not None for name in ("ema_20", "ema_50", "ema_200", "atr_14_pct")} == {True}
    assert len(analysis["candles"]) == 60


def test_token_when_it_may_only_read_then_it_cannot_write_or_make_more(stack: Stack, api: Browserless) -> None:
    token = api.http.post("/api/tokens", json={"label": "reader", "scopes": ["read"]}).json()
    reader = {"authorization": f"Bearer {token['token']}"}
    other = Browserless(stack)
    other.http.cookies.clear()
    assert other.http.get("/api/bots", headers=reader).status_code == 200
    for path in ("/api/conversations", "/api/tokens"):
        answer = other.http.post(path, json={"label": "x"}, headers=reader)
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden_scope")
    assert api.http.delete(f"/api/tokens/{token['id']}").status_code == 204
    assert other.http.get("/api/bots", headers=reader).status_code == 401
    other.close()
