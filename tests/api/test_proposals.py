"""A person's word over REST: on exactly what was shown, once, in time, by whoever may."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from httpx_sse import aconnect_sse

from tests.api.inside import LIVE, Inside, moment, served
from tests.stack import REPOSITORY
from tools.views import GuardView, ProposalView

PAST = moment(datetime.now(UTC) - timedelta(minutes=1))


async def decide(client: httpx.AsyncClient, proposal: dict[str, Any], word: str = "confirm") -> httpx.Response:
    return await client.post(f"/api/proposals/{proposal['id']}/{word}", json={"hash": proposal["hash"]})


def error(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["detail"], body
    return answer.status_code, body["error"]


async def wait_out(inside: Inside) -> None:
    """The clock is ten minutes on for a moment."""
    decisions: Any = inside.services.gate._decisions
    clock, decisions._clock = decisions._clock, lambda: datetime.now(UTC) + timedelta(minutes=10, seconds=1)
    await inside.services.gate.tick()
    decisions._clock = clock


async def allow_real_money(inside: Inside) -> None:
    """As the owner did some time ago."""
    proposal = await inside.propose(live_enabled=True)
    assert (await decide(inside.http, proposal)).status_code == 202
    await wait_out(inside)
    assert (await inside.http.get("/api/limits")).json()["limits"]["live_enabled"] is True


async def test_write_when_a_person_must_say_yes_then_202_with_all_that_there_is_to_know(inside: Inside) -> None:
    answer = await inside.http.put("/api/limits", json={"max_trade": "150"})
    assert answer.status_code == 202
    assert answer.json()["kind"] == "proposal"
    proposal = answer.json()["proposal"]
    assert (proposal["status"], proposal["why"], proposal["door"]) == ("pending", "loosening", "web")
    assert proposal["action"]["changes"]["max_trade"] == "150"
    assert len(proposal["hash"]) == 64
    assert (proposal["preview"]["days"], proposal["effective_at"]) == (30, None)
    assert datetime.fromisoformat(proposal["expires_at"]) > datetime.now(UTC)
    assert (await inside.http.get("/api/limits")).json()["limits"]["max_trade"] == "100"
    assert (await inside.http.get(f"/api/proposals/{proposal['id']}")).json() == proposal
    assert (await inside.http.get("/api/proposals?open=true")).json() == [proposal]


async def test_confirm_when_it_is_real_money_then_done_with_a_receipt_once_confirmed(inside: Inside) -> None:
    await allow_real_money(inside)
    asked = await inside.http.post("/api/bots", json=LIVE)
    assert (asked.status_code, asked.json()["proposal"]["why"]) == (202, "live")
    assert (await inside.http.get("/api/bots")).json() == []
    done = await decide(inside.http, asked.json()["proposal"])
    assert (done.status_code, done.json()["kind"], done.json()["action"]) == (200, "receipt", "create_bot")
    assert done.json()["bot"]["spec"]["mode"] == "REAL_MARKET_SPOT"
    status = (await inside.http.get(f"/api/proposals/{asked.json()['proposal']['id']}")).json()["status"]
    assert status == "done"


async def test_confirm_when_it_loosens_then_202_and_it_waits_until_it_is_time_or_taken_back(inside: Inside) -> None:
    proposal = await inside.propose()
    waiting = await decide(inside.http, proposal)
    assert (waiting.status_code, waiting.json()["proposal"]["status"]) == (202, "waiting")
    left = datetime.fromisoformat(waiting.json()["proposal"]["effective_at"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    await inside.services.gate.tick()
    assert (await inside.http.get("/api/limits")).json()["limits"]["max_trade"] == "100"
    denied = await decide(inside.http, proposal, "deny")
    assert (denied.status_code, denied.json()["proposal"]["status"]) == (200, "denied")
    await wait_out(inside)
    assert (await inside.http.get("/api/limits")).json()["limits"]["max_trade"] == "100"


async def test_confirm_when_the_wait_is_over_then_the_limit_is_looser(inside: Inside) -> None:
    proposal = await inside.propose()
    await decide(inside.http, proposal)
    await wait_out(inside)
    assert (await inside.http.get("/api/limits")).json()["limits"]["max_trade"] == "150"


async def test_confirm_when_the_hash_is_anothers_or_none_then_409_a_line_and_nothing_is_done(inside: Inside) -> None:
    proposal = await inside.propose()
    other = await inside.propose(max_trade="160")
    for shown in (other["hash"], proposal["hash"].upper(), proposal["hash"][:-1], "", "é" * 50):
        for word in ("confirm", "deny"):
            answer = await decide(inside.http, {**proposal, "hash": shown}, word)
            assert error(answer) == (409, "wrong_hash")
            assert (await inside.read_audit(limit=1))[0]["rule"] == "wrong_hash"
    assert (await inside.http.get(f"/api/proposals/{proposal['id']}")).json()["status"] == "pending"


async def test_confirm_when_it_was_decided_before_then_409_and_a_line(inside: Inside) -> None:
    proposal = await inside.propose()
    assert (await decide(inside.http, proposal)).status_code == 202
    assert error(await decide(inside.http, proposal)) == (409, "already_decided")
    assert (await inside.read_audit(limit=1))[0]["rule"] == "already_decided"
    assert (await decide(inside.http, proposal, "deny")).status_code == 200
    for word in ("confirm", "deny"):
        assert error(await decide(inside.http, proposal, word)) == (409, "already_decided")


async def test_confirm_when_it_has_expired_then_409_and_a_line(inside: Inside) -> None:
    proposal = await inside.propose()
    inside.change("UPDATE proposal SET expires_at = ? WHERE id = ?", PAST, proposal["id"])
    assert error(await decide(inside.http, proposal)) == (409, "proposal_expired")
    assert (await inside.read_audit(limit=1))[0]["rule"] == "proposal_expired"
    assert (await inside.http.get(f"/api/proposals/{proposal['id']}")).json()["status"] == "expired"
    assert (await inside.http.get("/api/proposals?open=true")).json() == []


async def test_confirm_when_the_caller_has_no_such_scope_then_403_and_a_line(inside: Inside) -> None:
    proposal = await inside.propose()
    for scopes in (("read",), ("operate",), ("read", "operate")):
        program = await inside.with_token(*scopes)
        for word in ("confirm", "deny"):
            assert error(await decide(program, proposal, word)) == (403, "forbidden_scope")
            line = (await inside.read_audit(limit=1))[0]
            assert (line["rule"], line["door"]) == ("forbidden_scope", "rest")
    assert (await decide(await inside.with_token("read", "confirm"), proposal)).status_code == 202


async def test_confirm_when_there_is_no_such_proposal_then_404_and_a_line(inside: Inside) -> None:
    for wanted in ("nope", "0" * 12):
        assert error(await decide(inside.http, {"id": wanted, "hash": "x"})) == (404, "unknown_proposal")
        assert (await inside.read_audit(limit=1))[0]["rule"] == "unknown_proposal"
        assert error(await inside.http.get(f"/api/proposals/{wanted}")) == (404, "unknown_proposal")


async def test_confirm_when_two_or_more_do_at_once_then_one_wins(inside: Inside) -> None:
    await allow_real_money(inside)
    proposal = (await inside.http.post("/api/bots", json=LIVE)).json()["proposal"]
    answers = await asyncio.gather(*(decide(inside.http, proposal) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    assert len((await inside.http.get("/api/bots")).json()) == 1


async def test_confirm_and_deny_when_they_come_at_once_then_one_wins(inside: Inside) -> None:
    proposal = await inside.propose()
    answers = await asyncio.gather(decide(inside.http, proposal, "deny"), decide(inside.http, proposal, "deny"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_confirm_when_the_kept_content_was_changed_then_it_is_not_done(inside: Inside) -> None:
    proposal = await inside.propose()
    inside.change("UPDATE proposal SET content = replace(content, '150', '950') WHERE id = ?", proposal["id"])
    assert error(await decide(inside.http, proposal)) == (409, "wrong_hash")


async def test_confirm_when_it_may_not_be_any_more_then_403_with_the_rule(inside: Inside) -> None:
    await allow_real_money(inside)
    proposal = (await inside.http.post("/api/bots", json=LIVE)).json()["proposal"]
    (await inside.http.put("/api/limits", json={"live_enabled": False})).raise_for_status()
    refused = await decide(inside.http, proposal)
    assert (refused.status_code, refused.json()["error"]) == (403, "refused")
    assert (await inside.http.get(f"/api/proposals/{proposal['id']}")).json()["status"] == "refused"
    assert (await inside.http.get("/api/bots")).json() == []


async def test_proposals_when_some_are_decided_then_those_that_wait_come_first(inside: Inside) -> None:
    first, second, third = [await inside.propose(max_trade=stake) for stake in ("150", "160", "170")]
    await decide(inside.http, second, "deny")
    listed = (await inside.http.get("/api/proposals")).json()
    assert [one["id"] for one in listed] == [third["id"], first["id"], second["id"]]
    assert [one["status"] for one in listed] == ["pending", "pending", "denied"]
    reader = await inside.with_token("read")
    assert len((await reader.get("/api/proposals")).json()) == 3


async def test_confirm_when_the_body_is_not_one_then_422_and_the_proposal_still_waits(inside: Inside) -> None:
    proposal = await inside.propose()
    for body in ({}, {"hash": None}, {"hash": proposal["hash"], "yes": True}, []):
        answer = await inside.http.post(f"/api/proposals/{proposal['id']}/confirm", json=body)
        assert error(answer) == (422, "invalid")
    assert (await inside.http.get("/api/proposals?open=true")).json()[0]["id"] == proposal["id"]


async def test_desk_when_proposals_and_the_panic_stop_change_then_each_viewer_is_told(inside: Inside) -> None:
    proposal = await inside.propose()
    await decide(inside.http, proposal, "deny")
    (await inside.http.post("/api/panic")).raise_for_status()
    told: list[tuple[str, dict[str, Any]]] = []
    cookies = dict(inside.http.cookies)
    async with (
        served(inside) as address,
        httpx.AsyncClient(base_url=address, cookies=cookies) as viewer,
        aconnect_sse(viewer, "GET", "/api/events?after=0") as source,
        asyncio.timeout(10),
    ):
        async for event in source.aiter_sse():
            told.append((event.event, json.loads(event.data)))
            if event.event == "guard":
                break
    shown = [ProposalView.model_validate(data) for name, data in told if name == "proposal"]
    assert [(one.id, one.status) for one in shown] == [(proposal["id"], "pending"), (proposal["id"], "denied")]
    assert GuardView.model_validate(told[-1][1]).panic is not None


async def test_strategy_when_an_owner_stores_it_then_done_and_when_a_program_does_then_it_waits(
    inside: Inside,
) -> None:
    source = (REPOSITORY / "strategies" / "EmaCross.py").read_text()
    done = await inside.http.post(
        "/api/strategies", json={"name": "Mine", "source": source.replace("EmaCross", "Mine")}
    )
    assert (done.status_code, done.json()["strategy"]["name"]) == (201, "Mine"), done.text
    program = await inside.with_token("read", "operate")
    asked = await program.post("/api/strategies", json={"name": "Other", "source": source.replace("EmaCross", "Other")})
    assert (asked.status_code, asked.json()["proposal"]["why"]) == (202, "code"), asked.text
    known = {strategy["name"] for strategy in (await inside.http.get("/api/strategies")).json()}
    assert known >= {"Mine", "EmaCross"}
    assert "Other" not in known
    assert (await decide(inside.http, asked.json()["proposal"])).json()["strategy"]["name"] == "Other"
