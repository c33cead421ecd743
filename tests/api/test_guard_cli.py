"""The guard's commands: with the API, without it, and what the person reads."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from agent.words import LANGUAGES, Language
from api.cli import app
from api.terminal.differences import tell_differences
from tests.api.inside import PASSWORD, SPEC, Inside, open_inside, served
from tests.stack import free_port
from tools.guard.audit import Audit
from tools.guard.holds import Holds
from tools.store.database import Store
from tools.store.tables import now
from tools.views import FindingView, ReconciliationView

Run = Callable[..., Awaitable[tuple[int, str]]]


def tradehelm(*words: str, typed: str = "") -> tuple[int, str]:
    told = CliRunner().invoke(app, list(words), input=typed)
    return told.exit_code, told.output


def carried_out(inside: Inside) -> int:
    """How often the guard has done what a panic stop asks that was written past the product."""
    return len(inside.services.audit.read_newest(9, action_kind="panic", door="guard", phase="done"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder in which nothing runs."""
    for name, value in (("DATA_DIR", str(tmp_path)), ("PORT", str(free_port())), ("OWNER_PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"TRADEHELM_{name}", value)
    return tmp_path


@pytest.fixture
async def run(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Run]:
    """Commands of somebody who is where the data is."""
    async with served(inside) as address:
        monkeypatch.setenv("TRADEHELM_DATA_DIR", str(inside.services.settings.data_dir))
        monkeypatch.setenv("TRADEHELM_PORT", address.rpartition(":")[2])
        monkeypatch.setenv("TRADEHELM_OWNER_PASSWORD", PASSWORD)
        yield lambda *words, typed="": asyncio.to_thread(tradehelm, *words, typed=typed)


def difference(kind: str, **changes: Any) -> FindingView:
    numbers = {"asset": "BTC", "ledger": "0.5", "account": "0.25", "order": "th-1", "symbol": "BTCUSDT"}
    numbers |= {
        "quantity": "0.5",
        "missing": "0.1",
        "bot": "0.5",
        "before": "10",
        "now": "9",
        "change": "-1",
        "cost": "5.31",
    }
    told = {"id": "0123456789abcdef", "kind": kind, "bot_id": "a" * 12, "bot_name": "real", "pair": "BTC/USDT"}
    more = {"numbers": numbers, "uncertain": True, "since": now(), "settles": True}
    return FindingView.model_validate({**told, **more, **changes})


def comparison(*found: FindingView, agrees: bool | None = False) -> ReconciliationView:
    return ReconciliationView(at=now(), agrees=agrees, findings=found, unasked=("slow",) if agrees is None else ())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(FindingView.model_fields["kind"].annotation))
def test_differences_when_told_then_each_says_what_it_is_what_to_do_and_how_to_settle_it(
    kind: str, language: Language
) -> None:
    settles = kind not in ("fills_missing", "foreign_order")
    told = "\n".join(tell_differences(comparison(difference(kind, settles=settles)), language))
    assert not re.search(r"\[\w+\]|finding\.|difference\.", told), told
    assert told.startswith("real: ")
    assert ("tradehelm live settle 0123456789abcdef (" in told) is settles


def test_differences_when_there_is_only_something_to_know_then_it_is_said_that_all_is_certain() -> None:
    lines = list(tell_differences(comparison(difference("left_over", uncertain=False), agrees=True), "en"))
    assert lines[0] == "It is certain what each bot has. There is something to know:"
    assert not any("enters nothing" in line for line in lines)


@pytest.mark.parametrize(("agrees", "told"), [(True, "agree"), (None, "could not be compared")])
def test_differences_when_there_is_none_or_nobody_knows_then_it_is_said(agrees: bool | None, told: str) -> None:
    lines = list(tell_differences(comparison(agrees=agrees), "en"))
    assert told in lines[0]
    assert ("slow" in lines[-1]) is (agrees is None)


async def test_compare_when_the_gateway_does_not_answer_then_says_so_and_fails(run: Run) -> None:
    code, told = await run("live", "compare")
    assert (code, "could not be compared" in told) == (1, True), told


async def test_settle_when_the_difference_is_gone_then_says_so_and_fails(run: Run) -> None:
    code, told = await run("live", "settle", "0123456789abcdef")
    assert (code, "not there any more" in told) == (1, True), told


async def test_settle_when_it_is_there_then_names_the_proposal_that_waits(inside: Inside, run: Run) -> None:
    inside.services.reconciliation._known = comparison(difference("balance_changed", bot_id=None))
    code, told = await run("live", "settle", "0123456789abcdef")
    assert (code, "tradehelm confirm " in told) == (0, True), told
    (waiting,) = (await inside.http.get("/api/proposals")).json()
    assert (waiting["action"]["kind"], waiting["action"]["numbers"]["asset"]) == ("settle_finding", "BTC")


def test_panic_when_nothing_answers_then_it_is_kept_for_the_next_start_with_its_line(folder: Path) -> None:
    Store(folder / "tradehelm.sqlite").migrate()
    code, told = tradehelm("panic")
    assert (code, "no bot can enter" in told, "from the next start" in told) == (0, True, True), told
    store = Store(folder / "tradehelm.sqlite")
    hold = Holds(store).find(None)
    assert hold is not None
    assert (hold.rule, hold.details["door"]) == ("panic", "cli")
    lines = Audit(store).read_newest(10)
    assert [(line.action_kind, line.phase, line.door) for line in lines] == [
        ("panic", "done", "cli"),
        ("panic", "judged", "cli"),
    ]
    assert Audit(store).verify().breaks == ()
    store.close()


async def test_panic_when_kept_while_nothing_answered_then_it_holds_from_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_inside(folder, monkeypatch) as before:
        bot_id = await before.create_bot()
    assert (await asyncio.to_thread(tradehelm, "panic"))[0] == 0
    async with open_inside(folder, monkeypatch) as after:
        async with asyncio.timeout(30):
            while not carried_out(after):
                await asyncio.sleep(0.02)
        assert (await after.http.get("/api/guard")).json()["panic"]["door"] == "cli"
        started = await after.http.post(f"/api/bots/{bot_id}/start")
        assert (started.status_code, started.json()["rule"]) == (403, "panic")
        assert (await after.http.get("/api/audit/verify")).json()["ok"] is True


@pytest.mark.parametrize("words", [[], ["--exit"]])
async def test_panic_when_the_product_only_hung_then_it_is_carried_out_as_soon_as_it_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    async with open_inside(folder, monkeypatch) as hung:
        monkeypatch.setattr("api.guard_cli.SIGN_IN_S", 0.3)
        async with asyncio.timeout(30), await asyncio.start_server(lambda *_: None, "127.0.0.1", free_port()) as silent:
            monkeypatch.setenv("TRADEHELM_PORT", str(silent.sockets[0].getsockname()[1]))
            code, told = await asyncio.to_thread(tradehelm, "panic", *words)
            assert (code, "from the next start" in told) == (0, True), told
            while not carried_out(hung):
                await asyncio.sleep(0.02)
            panic = (await hung.http.get("/api/guard")).json()["panic"]
            assert (panic["door"], panic["exit"]) == ("cli", bool(words))
            assert (await hung.http.get("/api/audit/verify")).json()["ok"] is True
    async with open_inside(folder, monkeypatch) as after:
        await after.create_bot()
        assert carried_out(after) == 1


def test_panic_when_nothing_answers_and_it_shall_sell_then_says_that_it_is_sold_later(folder: Path) -> None:
    Store(folder / "tradehelm.sqlite").migrate()
    assert tradehelm("panic")[0] == 0
    code, told = tradehelm("panic", "--exit", "--language", "pt-BR")
    assert (code, "será vendido assim que" in told) == (0, True), told
    hold = Holds(Store(folder / "tradehelm.sqlite")).find(None)
    assert hold is not None
    assert hold.details["exit"] is True


def test_panic_when_pressed_twice_then_it_is_on_once(folder: Path) -> None:
    Store(folder / "tradehelm.sqlite").migrate()
    assert [tradehelm("panic")[0] for _ in range(2)] == [0, 0]
    store = Store(folder / "tradehelm.sqlite")
    assert Holds(store).is_panic()
    Holds(store).release(None, "web")
    assert not Holds(store).is_panic()
    store.close()


@pytest.mark.parametrize("there", [False, True])
def test_panic_when_it_cannot_be_kept_either_then_says_so_and_fails(folder: Path, there: bool) -> None:
    if there:
        (folder / "tradehelm.sqlite").write_text("no database, and longer than an empty one would be" * 20)
    code, told = tradehelm("panic")
    assert (code, "could not be written" in told, "Traceback" in told) == (1, True, False), told


def test_panic_when_the_model_is_a_mistake_then_it_works_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEHELM_MODEL", "nonsense:nothing")
    Store(folder / "tradehelm.sqlite").migrate()
    assert tradehelm("panic")[0] == 0


@pytest.mark.parametrize("words", [["panic", "--release"], ["proposals"], ["confirm", "x"], ["deny", "x"], ["limits"]])
def test_command_when_nothing_answers_then_says_how_to_start(folder: Path, words: list[str]) -> None:
    code, told = tradehelm(*words)
    assert (code, "tradehelm up" in told) == (1, True), told


async def test_panic_when_pressed_and_lifted_then_it_is_on_until_the_person_says_yes(inside: Inside, run: Run) -> None:
    code, told = await run("panic")
    assert (code, "The panic stop is on" in told) == (0, True), told
    assert (await inside.http.get("/api/guard")).json()["panic"]["door"] == "cli"
    code, told = await run("panic", "--release", typed="n\n")
    assert (code, "Nothing was decided" in told) == (1, True), told
    assert (await inside.http.get("/api/guard")).json()["panic"] is not None
    code, told = await run("panic", "--release", typed="y\n")
    assert (code, "The panic stop is lifted" in told) == (0, True), told
    assert (await inside.http.get("/api/guard")).json()["panic"] is None


async def test_panic_when_strangers_have_locked_the_sign_in_then_it_is_pressed_all_the_same(
    inside: Inside, run: Run
) -> None:
    stranger = await inside.stranger()
    answers = [await stranger.post("/api/session", json={"password": "guess"}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert (await run("limits"))[0] == 1
    code, told = await run("panic")
    assert (code, "The panic stop is on" in told) == (0, True), told
    assert (await inside.http.get("/api/guard")).json()["panic"]["door"] == "cli"


async def test_confirm_when_asked_for_then_the_whole_content_and_its_hash_are_shown_first(
    inside: Inside, run: Run
) -> None:
    proposal = await inside.propose(max_trade="150")
    assert proposal["id"] in (await run("proposals"))[1]
    for typed in ("", "n\n", "\n", "maybe\n"):
        code, told = await run("confirm", proposal["id"][:6], typed=typed)
        assert (code, "Nothing was decided" in told) == (1, True), told
        assert proposal["hash"] in told.replace("\n", "")
        assert "150" in told
    assert (await inside.http.get(f"/api/proposals/{proposal['id']}")).json()["status"] == "pending"
    code, told = await run("confirm", proposal["id"], typed="y\n")
    assert code == 0, told
    assert (await inside.http.get(f"/api/proposals/{proposal['id']}")).json()["status"] == "waiting"
    code, told = await run("deny", proposal["id"], "--language", "pt-BR", typed="sim\n")
    assert code == 0, told
    assert (await inside.http.get(f"/api/proposals/{proposal['id']}")).json()["status"] == "denied"
    assert "Nothing waits" in (await run("proposals"))[1]


async def test_confirm_when_it_is_none_or_decided_then_one_message_and_it_fails(inside: Inside, run: Run) -> None:
    for wanted in ("nope", "../limits", "a/b"):
        code, told = await run("confirm", wanted, typed="y\n")
        assert (code, "Traceback" in told) == (1, False), told
    proposal = await inside.propose()
    await inside.http.post(f"/api/proposals/{proposal['id']}/deny", json={"hash": proposal["hash"]})
    for word in ("confirm", "deny"):
        code, told = await run(word, proposal["id"], typed="y\n")
        assert (code, "decided already: denied (web, " in told, "[y/N]" in told) == (1, True, False), told


async def test_limits_when_asked_for_then_each_is_shown_with_its_use(inside: Inside, run: Run) -> None:
    bot_id = await inside.create_bot()
    (await inside.http.put(f"/api/bots/{bot_id}/limits", json={"max_trade": "40.5"})).raise_for_status()
    code, told = await run("limits")
    assert (code, SPEC["name"] in told, "40.50" in told, "1,000.00" in told) == (0, True, True, True), told
    code, told = await run("limits", "--language", "pt-BR")
    assert (code, "40,50" in told, "1.000,00" in told, "1,000.00" in told) == (0, True, True, False), told


async def test_proposals_when_two_loosen_limits_then_each_says_which_and_by_how_much(inside: Inside, run: Run) -> None:
    await inside.propose(max_trade="150")
    await inside.propose(max_daily_loss="1250.5")
    told = " ".join((await run("proposals"))[1].replace("│", " ").split())
    assert ("daily loss: 100" in told, "largest trade: 100" in told) == (True, True), told
    assert ("150" in told, "1,250.5" in told) == (True, True), told


async def test_limits_when_they_contradict_each_other_then_the_detail_says_it_in_words(inside: Inside) -> None:
    bot_id = await inside.create_bot()
    answer = (await inside.http.put("/api/limits", json={"max_bot_exposure": "50"})).json()
    assert (answer["error"], answer["detail"]) == (
        "invalid",
        "These limits contradict each other: 100 / 50 / 1000 (a trade must fit into a bot, a bot into all).",
    )
    assert {name: answer["numbers"][name] for name in ("field", "value", "expected", "bound")} == {
        "field": "request", "value": "…", "expected": "limits_contradict", "bound": "100 / 50 / 1000",
    }  # fmt: skip
    answer = (await inside.http.put(f"/api/bots/{bot_id}/limits", json={"max_trade": "101"})).json()
    assert answer["detail"] == "A bot’s limit would be above that of all: largest trade 101 / 100."


async def test_command_when_the_password_is_wrong_then_says_so(
    inside: Inside, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEHELM_OWNER_PASSWORD", "another")
    code, told = await run("limits")
    assert (code, "password" in told) == (1, True), told
