"""The control of faults over HTTP."""

from typing import Any

import pytest


def test_fault_when_posted_then_planned_listed_and_deleted(shop: Any) -> None:
    posted = shop.client.post("/demo/faults", json={"kind": "latency", "delay_ms": 5, "count": 2})
    assert posted.status_code == 201
    assert posted.json() == {
        "id": "f1", "kind": "latency", "delay_ms": 5, "path": "/", "method": None, "probability": 1.0, "count": 2,
        "start_in_s": 0.0, "duration_s": 60.0, "begins": "2026-11-22T07:47:05.400Z", "state": "active", "strikes": 0,
    }  # fmt: skip
    shop.client.get("/api/v3/ping")
    (listed,) = shop.client.get("/demo/faults").json()["faults"]
    assert (listed["id"], listed["strikes"]) == ("f1", 1)
    assert shop.client.delete("/demo/faults/f1").json() == {"removed": 1}
    gone = shop.client.delete("/demo/faults/f1")
    assert (gone.status_code, gone.json()["msg"]) == (404, "id: no fault f1 is planned. GET /demo/faults lists them.")


def test_faults_when_deleted_then_none_is_left(shop: Any) -> None:
    for kind in ("reset", "latency"):
        shop.plan(kind)
    assert shop.client.delete("/demo/faults").json() == {"removed": 2}
    assert shop.client.get("/demo/faults").json() == {"faults": []}


def test_log_when_something_was_struck_then_every_strike(shop: Any) -> None:
    shop.plan("server_error")
    shop.client.post("/api/v3/order")
    shop.now_ms += 1_000
    shop.client.get("/api/v3/order")
    assert shop.client.get("/demo/faults/log").json()["strikes"] == [
        {"number": 1, "at": "2026-11-22T07:47:05.400Z", "fault": "f1", "kind": "server_error", "method": "POST",
         "path": "/api/v3/order"},
        {"number": 2, "at": "2026-11-22T07:47:06.400Z", "fault": "f1", "kind": "server_error", "method": "GET",
         "path": "/api/v3/order"},
    ]  # fmt: skip


def test_schedule_when_posted_twice_then_the_same_faults(shop: Any) -> None:
    asked = {"seed": 7, "duration_s": 600, "rate_per_min": 6, "kinds": ["reset", "latency"]}
    first, second = (shop.client.post("/demo/faults/schedule", json=asked).json()["faults"] for _ in range(2))
    assert len(first) > 30
    assert [{**each, "id": ""} for each in first] == [{**each, "id": ""} for each in second]


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("/demo/faults", "nonsense", "body: it is not JSON."),
        ("/demo/faults", b"\xff", "body: it is not JSON."),
        ("/demo/faults", "[" * 100_000, "body: it is not JSON."),
        ("/demo/faults", '{"kind": "flood"}', "kind: 'flood' is not a kind of fault."),
        ("/demo/faults", '{"kind": "reset", "count": -1}', "count: -1 is out of range."),
        ("/demo/faults/schedule", "{}", "body: send an object"),
    ],
)
def test_fault_when_bad_then_400_and_one_sentence(shop: Any, path: str, content: str | bytes, says: str) -> None:
    refused = shop.client.post(path, content=content)
    assert refused.status_code == 400
    assert refused.json()["code"] == -1130
    assert refused.json()["msg"].startswith(says)
    assert shop.client.get("/demo/faults").json() == {"faults": []}


def test_control_when_a_token_is_set_then_writes_need_it_and_reads_do_not(shop: Any) -> None:
    shop.app.state.control_token = "sesame"
    body = {"kind": "latency"}
    wrong = [{}, {"X-Demo-Token": "sesam"}, {"X-Demo-Token": "sésame".encode()}]
    assert [shop.client.post("/demo/faults", json=body, headers=each).status_code for each in wrong] == [401] * 3
    assert shop.client.delete("/demo/faults").json()["code"] == -1002
    assert shop.client.post("/demo/faults/schedule", json={}).status_code == 401
    assert shop.client.get("/demo/faults").json() == {"faults": []}
    right = {"X-Demo-Token": "sesame"}
    assert shop.client.post("/demo/faults", json=body, headers=right).status_code == 201
    assert shop.client.delete("/demo/faults/f1", headers=right).status_code == 200


def test_control_when_everything_is_struck_then_it_still_answers(shop: Any) -> None:
    shop.plan("server_error")
    assert shop.client.get("/api/v3/ping").status_code == 500
    assert shop.client.get("/demo/faults").status_code == 200
