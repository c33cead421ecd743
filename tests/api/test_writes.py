"""Every write through REST: one action, through the gate, done once, by whoever may."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.app import create_app
from api.settings import Settings
from tests.api.inside import LIVE, SPEC, Inside
from tools.actions import KINDS

FINDING = "0123456789abcdef"
WRITES: dict[str, tuple[str, str, Any]] = {
    "create_bot": ("POST", "/bots", SPEC),
    "edit_bot": ("PATCH", "/bots/{id}", {"description": "new"}),
    "start_bot": ("POST", "/bots/{id}/start", None),
    "resume_bot": ("POST", "/bots/{id}/resume", None),
    "pause_bot": ("POST", "/bots/{id}/pause", None),
    "stop_bot": ("POST", "/bots/{id}/stop", None),
    "delete_bot": ("DELETE", "/bots/{id}", None),
    "change_mode": ("POST", "/bots/{id}/mode", {"mode": "SIMULATED"}),
    "force_entry": ("POST", "/bots/{id}/entry", {"pair": "BTC/USDT"}),
    "force_exit": ("POST", "/bots/{id}/exit", {}),
    "cancel_order": ("POST", "/bots/{id}/cancel-order", {"trade_id": 1}),
    "lock_pair": ("POST", "/bots/{id}/lock", {"pair": "BTC/USDT"}),
    "unlock_pair": ("POST", "/bots/{id}/unlock", {"pair": "BTC/USDT"}),
    "set_bot_limits": ("PUT", "/bots/{id}/limits", {"max_trade": "40"}),
    "set_limits": ("PUT", "/limits", {"max_trade": "90"}),
    "block_pair": ("POST", "/limits/block", {"pair": "BTC/USDT"}),
    "unblock_pair": ("POST", "/limits/unblock", {"pair": "BTC/USDT"}),
    "panic": ("POST", "/panic", {"exit": False}),
    "release_panic": ("POST", "/panic/release", None),
    "store_strategy": ("POST", "/strategies", {"name": "Nice", "source": "pass"}),
    "settle_finding": ("POST", f"/reconciliation/{FINDING}/settle", None),
}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings(_env_file=None))


def test_writes_when_compared_with_the_actions_then_there_is_one_route_named_for_each(app: FastAPI) -> None:
    names = [context.name for context in iter_route_contexts(app.routes) if context.name in KINDS]
    assert sorted(names) == sorted(KINDS) == sorted(WRITES)


def test_schema_when_a_route_writes_then_it_takes_a_key_and_may_answer_with_a_proposal(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    for kind, (method, path, _) in WRITES.items():
        named = path.replace("{id}", "{bot_id}").replace(FINDING, "{finding_id}")
        operation = paths[f"/api{named}"][method.lower()]
        assert operation["operationId"] == kind
        answers = {code: _name(answer) for code, answer in operation["responses"].items()}
        assert answers["202"] == "ProposalCard"
        assert "ReceiptCard" in (answers.get("200"), answers.get("201"))
        assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}


def _name(answer: dict[str, Any]) -> str:
    name: str = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return name


async def test_write_when_the_caller_may_only_read_then_403_and_nothing_changes(inside: Inside) -> None:
    bot_id = await inside.create_bot()
    reader, before = await inside.with_token("read"), await inside.read_state()
    for method, path, body in WRITES.values():
        answer = await reader.request(method, f"/api{path}".replace("{id}", bot_id), json=body)
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden_scope"), path
        line = (await inside.read_audit(limit=1))[0]
        assert (line["rule"], line["door"], line["verdict"]) == ("forbidden_scope", "rest", "invalid"), path
    assert (await reader.post("/api/limits/preview", json={"changes": {"max_trade": "150"}})).status_code == 200
    assert await inside.read_state() == before


async def test_write_when_another_sites_page_makes_the_browser_send_it_then_403_and_no_line(inside: Inside) -> None:
    bot_id = await inside.create_bot()
    before, lines = await inside.read_state(), len(await inside.read_audit())
    for method, path, body in (*WRITES.values(), ("POST", "/proposals/x/confirm", {"hash": "x"})):
        for site in ("cross-site", "same-site"):
            answer = await inside.http.request(
                method, f"/api{path}".replace("{id}", bot_id), json=body, headers={"sec-fetch-site": site}
            )
            assert (answer.status_code, answer.json()["error"]) == (403, "cross_site"), path
    assert await inside.read_state() == before
    assert len(await inside.read_audit()) == lines


async def test_write_when_done_then_the_line_names_the_session_and_not_its_secret(inside: Inside) -> None:
    program = await inside.with_token("read", "operate")
    (await program.post("/api/limits/block", json={"pair": "ETH/USDT"})).raise_for_status()
    line = (await inside.read_audit(kind="block_pair"))[0]
    assert (line["door"], sorted(line["actor"]["scopes"])) == ("rest", ["operate", "read"])
    assert len(line["actor"]["caller"]) == 12
    assert line["actor"]["caller"] not in program.headers["authorization"]


async def test_write_when_a_key_is_repeated_then_it_is_done_once_and_the_answer_is_the_same(inside: Inside) -> None:
    headers = {"idempotency-key": "the-first"}
    first = await inside.http.post("/api/bots", json=SPEC, headers=headers)
    again = await inside.http.post("/api/bots", json=SPEC, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert len((await inside.http.get("/api/bots")).json()) == 1
    assert len(await inside.read_audit(kind="create_bot")) == 2


async def test_write_when_a_key_is_used_for_something_else_then_409_and_nothing_is_done(inside: Inside) -> None:
    headers = {"idempotency-key": "the-first"}
    (await inside.http.post("/api/bots", json=SPEC, headers=headers)).raise_for_status()
    other = await inside.http.post("/api/bots", json={**SPEC, "name": "bia"}, headers=headers)
    assert (other.status_code, other.json()["error"]) == (409, "key_reused")
    assert len((await inside.http.get("/api/bots")).json()) == 1


async def test_write_when_a_key_comes_twice_at_once_then_it_is_done_once(inside: Inside) -> None:
    headers = {"idempotency-key": "the-first"}
    answers = await asyncio.gather(*(inside.http.post("/api/bots", json=SPEC, headers=headers) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["bot"]["id"] for answer in answers}) == 1


async def test_write_when_a_key_comes_for_two_things_at_once_then_one_is_done_and_the_other_is_told(
    inside: Inside,
) -> None:
    headers = {"idempotency-key": "the-first"}
    wanted = [{**SPEC, "name": name} for name in ("ada", "bia")]
    answers = await asyncio.gather(*(inside.http.post("/api/bots", json=one, headers=headers) for one in wanted))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_write_when_another_caller_chose_the_same_key_then_it_is_not_the_same_request(inside: Inside) -> None:
    program = await inside.with_token("read", "operate")
    headers = {"idempotency-key": "the-first"}
    for client, name in ((inside.http, "ada"), (program, "bia")):
        answer = await client.post("/api/bots", json={**SPEC, "name": name}, headers=headers)
        assert answer.json()["bot"]["spec"]["name"] == name


async def test_write_when_a_proposal_is_asked_for_again_then_it_is_the_same_proposal(inside: Inside) -> None:
    headers = {"idempotency-key": "looser"}
    answers = [await inside.http.put("/api/limits", json={"max_trade": "150"}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["proposal"]["id"] == answers[1].json()["proposal"]["id"]


@pytest.mark.parametrize("key", ["", "a" * 201, "with space", "\x00", "é"])
async def test_write_when_the_key_is_none_then_422_and_nothing_is_done(inside: Inside, key: str) -> None:
    headers = {"idempotency-key": key.encode("latin-1")}
    answer = await inside.http.post("/api/bots", json=SPEC, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
    assert (await inside.http.get("/api/bots")).json() == []


async def test_bot_limits_when_tightened_and_given_up_then_they_hold_and_going_back_takes_a_person(
    inside: Inside,
) -> None:
    path = f"/api/bots/{await inside.create_bot()}/limits"
    tight = await inside.http.put(path, json={"max_trade": "40", "max_open_trades": 1})
    assert tight.status_code == 200, tight.text
    (own,) = (await inside.http.get("/api/limits")).json()["limits"]["bots"].values()
    assert (own["max_trade"], own["max_open_trades"], own["max_drawdown"]) == ("40", 1, None)
    back = await inside.http.put(path, json={"max_trade": None})
    assert back.status_code == 202, back.text
    proposal = back.json()["proposal"]
    assert (proposal["why"], proposal["action"]["changes"]) == ("loosening", {"max_trade": None})


async def test_limits_when_some_get_tighter_and_some_looser_then_the_tighter_hold_and_the_rest_waits(
    inside: Inside,
) -> None:
    answer = await inside.http.put("/api/limits", json={"max_open_trades": 5, "max_trade": "150"})
    assert answer.status_code == 202
    limits = (await inside.http.get("/api/limits")).json()["limits"]
    assert (limits["max_open_trades"], limits["max_trade"]) == (5, "100")


async def test_pair_when_blocked_then_no_bot_can_be_made_for_it_and_unblocking_takes_a_person(inside: Inside) -> None:
    blocked = await inside.http.post("/api/limits/block", json={"pair": "ETH/USDT"})
    assert blocked.json()["limits"]["limits"]["blocked_pairs"] == ["ETH/USDT"]
    refused = await inside.http.post("/api/bots", json={**SPEC, "pairs": ["ETH/USDT"]})
    assert (refused.status_code, refused.json()["rule"]) == (403, "pair_blocked")
    newest = (await inside.read_audit(limit=1))[0]
    assert (newest["verdict"], newest["rule"], newest["numbers"]) == ("refuse", "pair_blocked", {"pair": "ETH/USDT"})
    assert (await inside.http.post("/api/limits/unblock", json={"pair": "ETH/USDT"})).status_code == 202


async def test_preview_when_asked_for_then_tells_what_would_have_been_and_changes_nothing(inside: Inside) -> None:
    before, lines = await inside.read_state(), len(await inside.read_audit())
    answer = await inside.http.post("/api/limits/preview", json={"changes": {"max_trade": "150"}})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["days"], answer.json()["orders"], answer.json()["newly_allowed"]) == (30, 0, [])
    contradiction = await inside.http.post("/api/limits/preview", json={"changes": {"max_trade": "900"}})
    assert (contradiction.status_code, contradiction.json()["error"]) == (422, "invalid")
    assert await inside.read_state() == before
    assert len(await inside.read_audit()) == lines


async def test_panic_when_pressed_then_nothing_enters_and_lifting_it_takes_a_person(inside: Inside) -> None:
    bot_id = await inside.create_bot()
    program = await inside.with_token("read", "operate")
    pressed = await program.post("/api/panic")
    assert (pressed.status_code, pressed.json()["guard"]["panic"]["door"]) == (200, "rest")
    assert (await inside.http.get("/api/guard")).json()["panic"]["exit"] is False
    started = await inside.http.post(f"/api/bots/{bot_id}/start")
    assert (started.status_code, started.json()["rule"]) == (403, "panic")
    release = await inside.http.post("/api/panic/release")
    assert (release.status_code, release.json()["proposal"]["why"]) == (202, "panic")
    assert (await inside.http.get("/api/guard")).json()["panic"] is not None
    proposal = release.json()["proposal"]
    confirmed = await inside.http.post(f"/api/proposals/{proposal['id']}/confirm", json={"hash": proposal["hash"]})
    assert (confirmed.status_code, confirmed.json()["guard"]["panic"]) == (200, None)


async def test_mode_when_it_is_real_money_then_refused_while_that_is_off(inside: Inside) -> None:
    bot_id = await inside.create_bot()
    answer = await inside.http.post(f"/api/bots/{bot_id}/mode", json={"mode": "REAL_MARKET_SPOT"})
    assert (answer.status_code, answer.json()["rule"]) == (403, "live_disabled")
    assert (await inside.http.post("/api/bots", json=LIVE)).json()["rule"] == "live_disabled"
