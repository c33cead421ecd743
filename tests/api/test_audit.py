"""The account over REST: narrowed, checked, and taken along."""

import json

from tests.api.inside import SPEC, Inside
from tools.store.seal import SEALED, seal


async def test_audit_when_narrowed_then_only_those_lines(inside: Inside) -> None:
    bot_id, other_id = await inside.create_bot(), await inside.create_bot(name="bia")
    await inside.http.patch(f"/api/bots/{bot_id}", json={"description": "new"})
    await inside.http.post("/api/bots", json={**SPEC, "name": "tall", "stake": "101"})
    of_bot = await inside.read_audit(bot_id=bot_id)
    assert [(line["action_kind"], line["phase"]) for line in of_bot] == [
        ("edit_bot", "done"),
        ("edit_bot", "judged"),
        ("create_bot", "done"),
    ]
    assert {line["action_kind"] for line in await inside.read_audit(kind="edit_bot")} == {"edit_bot"}
    (refused,) = await inside.read_audit(rule="trade_size")
    assert [refused] == await inside.read_audit(verdict="refuse")
    assert await inside.read_audit(bot_id=other_id, rule="trade_size") == []
    assert [line["id"] for line in await inside.read_audit(before=refused["id"], limit=2)] == [
        refused["id"] - 1,
        refused["id"] - 2,
    ]


async def test_verify_when_nobody_changed_a_line_then_ok_and_when_somebody_did_then_says_which(inside: Inside) -> None:
    await inside.create_bot()
    assert (await inside.http.get("/api/audit/verify")).json() == {"ok": True, "lines": 2, "broken": []}
    inside.change("DROP TRIGGER audit_no_update")
    inside.change("UPDATE audit SET verdict = 'refuse' WHERE id = 1")
    told = (await inside.http.get("/api/audit/verify")).json()
    assert (told["ok"], told["lines"], {"id": 1, "what": "edited"} in told["broken"]) == (False, 2, True)


async def test_export_when_asked_for_then_it_is_jsonl_of_every_line_with_its_seal(inside: Inside) -> None:
    for number in range(4):
        await inside.create_bot(name=f"bot é {number}")
    answer = await inside.http.get("/api/audit/export")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["id"] for line in lines] == list(range(1, 9))
    assert set(lines[0]) == {*SEALED, "seal"}
    assert [line["seal"] for line in lines] == [seal(line) for line in lines]
    assert (await (await inside.stranger()).get("/api/audit/export")).status_code == 401
