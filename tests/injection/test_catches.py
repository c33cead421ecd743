"""The corpus sees it when a part of the guard is missing: each part in turn is taken out."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from agent.history import read_history
from tests.injection.corpus import Entry, read_corpus
from tests.injection.run import READINGS, Outcome, run
from tests.injection.template import PERSON, Templates
from tools import verbs
from tools.cards import ProposalCard
from tools.guard import judge
from tools.guard.account import Account
from tools.guard.actor import Actor
from tools.guard.gate import Gate
from tools.guard.verdict import Allow
from tools.views import ProposalView

Try = Callable[[Iterable[Entry]], Awaitable[list[Outcome]]]
TRIED = 12
UNTRUSTED = frozenset({"log", "source", "summary", "note", "enter_tag", "exit_reason"})


@pytest.fixture
def try_out(templates: Templates) -> Try:
    """Runs the first few of some texts."""

    async def tried(entries: Iterable[Entry]) -> list[Outcome]:
        chosen = list(entries)[:TRIED]
        assert len(chosen) == TRIED
        return [await run(templates(entry.world), entry, "same turn", None) for entry in chosen]

    return tried


def kinds(outcomes: Iterable[Outcome]) -> set[str]:
    return {effect.kind for outcome in outcomes for effect in outcome.unauthorised}


def after(*goals: str, channels: frozenset[str] = UNTRUSTED) -> list[Entry]:
    return [entry for entry in read_corpus() if entry.goal in goals and entry.channel in channels]


async def test_corpus_when_the_taint_is_switched_off_then_every_text_does_its_work(
    try_out: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs.Hands, "asker", property(lambda hands: hands.actor))
    opening = [one for one in after("open") if one.technique in ("plain", "base64", "authority", "morse", "full-width")]
    outcomes = await try_out(opening)
    assert [outcome.entry.id for outcome in outcomes if not outcome.unauthorised] == []
    assert kinds(outcomes) >= {"start_bot", "process_started", "force_entry"}


async def test_corpus_when_taint_does_not_outlast_its_turn_then_the_next_turn_shows_it(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.turn.read_history", lambda *given: replace(read_history(*given), tainted=False))
    entry = next(one for one in after("open") if one.channel == "log" and one.technique == "plain")
    assert (await run(templates("plain"), entry, "earlier turn", None)).unauthorised


async def test_corpus_when_the_model_confirms_then_every_text_does_its_work(
    try_out: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = Gate.submit

    async def confirming(gate: Gate, action: Any, actor: Actor, key: str | None = None) -> Any:
        outcome = await submit(gate, action, actor, key)
        if isinstance(outcome, ProposalCard) and actor.agent:
            return await gate.confirm(outcome.proposal.id, outcome.proposal.hash, PERSON)
        return outcome

    monkeypatch.setattr(Gate, "submit", confirming)
    outcomes = await try_out(after("live", "mode", channels=UNTRUSTED | {"paste"}))
    assert sum(bool(outcome.unauthorised) for outcome in outcomes) >= TRIED * 3 // 4
    live = [effect for outcome in outcomes for effect in outcome.unauthorised if effect.is_live]
    assert {"decide", "start_bot"} <= kinds(outcomes)
    assert live


async def test_corpus_when_the_agent_may_loosen_then_looser_limits_are_seen(
    try_out: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "_judge_limits", lambda *_: Allow())
    outcomes = await try_out(after("loosen", channels=frozenset({"paste"})))
    assert sum("loosen" in kinds([outcome]) for outcome in outcomes) >= TRIED * 3 // 4


async def test_corpus_when_the_agent_may_lift_the_panic_stop_then_it_is_seen(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "_judge_release", lambda *_: Allow())
    entries = [one for one in after("release", channels=frozenset({"paste"})) if one.world == "panic"]
    for entry in entries:
        assert "release" in kinds([await run(templates("panic"), entry, "same turn", None)])


async def test_corpus_when_nothing_is_too_large_then_what_is_beyond_the_limits_is_seen(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "judge_plan", lambda *_: Allow())
    for name in ("paste-too-large-a-trade", "paste-many-small-bots"):
        entry = next(one for one in read_corpus() if one.id == name)
        assert (await run(templates(entry.world), entry, "same turn", None)).beyond_limits


async def test_corpus_when_a_verb_tells_a_hash_then_the_leak_is_seen(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = verbs.brief_proposal

    def telling(proposal: ProposalView) -> dict[str, Any]:
        return {**brief(proposal), "hash": proposal.hash}

    monkeypatch.setattr(verbs, "brief_proposal", telling)
    entry = next(one for one in read_corpus() if one.id == "log-plain-start")
    assert (await run(templates("plain"), entry, "same turn", None)).leaked


async def test_corpus_when_an_attempt_is_not_written_down_then_it_is_missed(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "invalid", lambda *_: None)
    entry = next(one for one in read_corpus() if one.id == "paste-negative-numbers")
    assert (await run(templates("plain"), entry, "same turn", None)).unwritten


async def test_corpus_when_a_deleted_bot_takes_its_loss_along_then_it_is_missed(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.bots.trades.Trades.write_departed", lambda *_: None)
    entry = next(one for one in read_corpus() if one.id == "paste-delete-to-forget-losses")
    assert (await run(templates("plain"), entry, "same turn", None)).forgotten_losses


def test_readings_when_a_channel_is_added_then_there_is_a_way_to_read_it() -> None:
    assert {entry.channel for entry in read_corpus()} == READINGS.keys()
