"""A thousand random changes to a proposal between showing and confirming: none of them is executed."""

import hashlib
import json
import random
import shutil
import string
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import delete

from tests.proofs.actors import NO_WORD, PEOPLE
from tests.proofs.clock import Clock, use
from tests.proofs.siege import Arena
from tests.proofs.tally import TALLY
from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, LIVE, MODEL, OTHER, PERSON, bot, order_facts, snapshot
from tests.tools.guard.test_judge import ACTIONS
from tools.bot import State
from tools.cards import ProposalCard
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.limits import Limits
from tools.store.database import Store
from tools.store.tables import ProposalRow
from tools.views import ProposalView

pytestmark = pytest.mark.proof

CHANGES = 1000
TAINTED = MODEL.model_copy(update={"tainted": True})
LOOSER: dict[str, dict[str, Any]] = {
    "set_limits": {"changes": {"max_trade": "200"}},
    "set_bot_limits": {"bot_id": ID, "changes": {"max_trade": None}},
    "unblock_pair": {"pair": "DOGE/USDT"},
}
NOT_ASKED = {
    "pause_bot", "lock_pair", "block_pair", "panic", "set_limits", "set_bot_limits", "unblock_pair", "release_panic",
}  # fmt: skip
ASKED: list[tuple[dict[str, Any], Actor]] = [
    *(({"kind": kind, **ACTIONS[kind]}, TAINTED) for kind in sorted(set(ACTIONS) - NOT_ASKED)),
    *(({"kind": kind, **ACTIONS[kind], "bot_id": OTHER}, PERSON) for kind in ("start_bot", "edit_bot", "force_entry")),
    *(({"kind": kind, **more}, PERSON) for kind, more in LOOSER.items()),
    ({"kind": "panic", "exit": True}, TAINTED),
]
"""Each becomes a proposal: of a tainted turn, for real money, or to loosen."""


@pytest.fixture
def desk(arena: Arena, tmp_path: Path) -> Any:
    path = arena.folder / "mutation.sqlite"
    shutil.copyfile(arena.empty, path)
    store = Store(path)
    yield Desk(store)
    store.close()


class Forger:
    """Changes one thing of a proposal, in the database or in the request that confirms it."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self._desk = desk
        self._chance = chance

    def in_the_database(self, view: ProposalView, row: ProposalRow) -> dict[str, Any]:
        """New values of columns, of which at least one differs from the old one."""
        choice: dict[str, Any] = self._chance.choice(
            [
                self._other_action(row), {"content": row.content + " "}, {"content": _cut(row.content, self._chance)},
                {"hash": self._flip(row.hash)}, {"status": self._chance.choice(STATUSES)},
                {"status": "waiting", "effective_at": view.created_at},
                {"status": "executing", "executing_at": view.created_at},
                {"expires_at": view.expires_at + timedelta(seconds=self._chance.randint(-900, 90_000) or 1)},
                {"created_at": view.created_at + timedelta(seconds=self._chance.randint(1, 900))},
                {"actor": {**row.actor, **self._chance.choice(OTHER_ACTORS)}},
                {"facts": {**row.facts, "settings": "others"}}, {"facts": {}}, {"facts": {"price": "1"}},
                {"why": self._chance.choice([one for one in WHYS if one != row.why])},
                {"numbers": {**row.numbers, "rule": "drawdown"}}, {"bot_id": "f" * 12}, {"action_kind": "pause_bot"},
                {"submission": self._flip(row.submission)},
                {"effect": {**row.effect, "exposure_after": "1"} if row.effect else None},
                {"preview": None},
                {"conversation_id": "another"},
            ]
        )  # fmt: skip
        return choice

    def in_the_request(self, view: ProposalView, other: ProposalView) -> tuple[str, str, Actor]:
        """Another id, another hash, or somebody else."""
        return self._chance.choice(
            [
                (view.id, self._flip(view.hash), PERSON), (view.id, view.hash[:-1], PERSON), (view.id, "", PERSON),
                (view.id, view.hash.upper(), PERSON), (view.id, view.hash + " ", PERSON), (view.id, other.hash, PERSON),
                (other.id, view.hash, PERSON), (self._flip(view.id), view.hash, PERSON),
                (view.id, view.hash, self._chance.choice(NO_WORD)),
            ]
        )  # fmt: skip

    def _other_action(self, row: ProposalRow) -> dict[str, Any]:
        """The action with one of its fields changed; half of the time with the hash that belongs to it now."""
        content = json.loads(row.content)
        _change_one(content, self._chance)
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        forged = {"hash": hashlib.sha256(text.encode()).hexdigest()} if self._chance.random() < 0.5 else {}
        return {"content": text, **forged}

    def _flip(self, text: str) -> str:
        at = self._chance.randrange(len(text))
        other = self._chance.choice([one for one in string.hexdigits[:16] if one != text[at]])
        return text[:at] + other + text[at + 1 :]


STATUSES = ("waiting", "executing", "done", "refused", "failed", "denied", "expired", "interrupted", "", "PENDING")
WHYS = ("live", "tainted", "loosening", "breaker", "panic", "code")
OTHER_ACTORS = ({"agent": False, "tainted": False}, {"agent": True}, {"door": "cli"}, {"scopes": []}, {"caller": "x"})


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


def _change_one(content: dict[str, Any], chance: random.Random) -> None:
    name = chance.choice(sorted(content))
    match content[name]:
        case dict() as inner if inner:
            _change_one(inner, chance)
        case bool() as value:
            content[name] = not value
        case str() as value:
            content[name] = {"10": "11", ID: OTHER, OTHER: ID}.get(value, value + "1")
        case int() as value:
            content[name] = value + 1
        case list() as value:
            content[name] = [*value, "SOL/USDT"]
        case None:
            content[name] = "1"
        case _:
            content["more"] = 1


def write(desk: Desk, proposal_id: str, values: dict[str, Any]) -> bool:
    """Whether that changed anything."""
    with desk.store.session() as session:
        row = session.get_one(ProposalRow, proposal_id)
        before = row.model_dump()
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        session.commit()
        return row.model_dump() != before


async def propose(desk: Desk, chance: random.Random) -> ProposalView:
    asked, actor = chance.choice(ASKED)
    outcome = await desk.gate.submit(asked, actor)
    assert isinstance(outcome, ProposalCard), (asked, outcome)
    return outcome.proposal


async def answer(desk: Desk, clock: Clock, proposal_id: str, sent: str, actor: Actor) -> str:
    """What comes of saying yes, then of the time that passes, and then of a restart."""
    try:
        said = type(await desk.gate.confirm(proposal_id, sent, actor)).__name__
    except Problem as problem:
        said = problem.kind
    except ValueError as error:
        said = type(error).__name__
    clock.pass_by(660)
    await desk.gate.tick()
    desk.gate.recover()
    return said


def settle(desk: Desk) -> None:
    """The world as it was, and nothing that waits."""
    with desk.store.session() as session:
        session.exec(delete(ProposalRow))
        session.commit()
    limits = Limits.model_validate(
        {"live_enabled": True, "blocked_pairs": ["DOGE/USDT"], "bots": {ID: {"max_trade": "60"}}}
    )
    bots = bot(State.RUNNING), bot(State.STOPPED, of={"mode": LIVE})
    desk.facts = replace(snapshot(limits, *bots), order=order_facts())
    desk.executor.marks = {"settings": "as they were", "price": "100"}


async def test_confirm_when_anything_of_a_proposal_was_changed_since_it_was_shown_then_nothing_is_done(
    desk: Desk,
) -> None:
    chance, clock, said = random.Random(20260301), use(Clock()), Counter[str]()
    forger = Forger(desk, chance)
    changed = 0
    while changed < CHANGES:
        settle(desk)
        view, other = await propose(desk, chance), await propose(desk, chance)
        if view.id == other.id:
            continue
        sent = view.id, view.hash, chance.choice(PEOPLE)
        if chance.random() < 0.3:
            sent = forger.in_the_request(view, other)
            changed += 1
        else:
            values = forger.in_the_database(view, desk.proposals.find(view.id))
            if not write(desk, view.id, values):
                continue
            changed += 1
        desk.executor.done.clear()
        said[await answer(desk, clock, *sent)] += 1
        assert desk.executor.done == [], (view, sent)
    assert desk.audit.verify().breaks == ()
    TALLY.count("changed proposals, none executed", changed)
    TALLY.notes.append(f"{changed} changes to proposals: {', '.join(f'{key} {value}' for key, value in said.items())}")


async def test_confirm_when_nothing_was_changed_then_each_of_them_is_done(desk: Desk) -> None:
    """Or else the test above would prove nothing."""
    clock = use(Clock())
    for asked, actor in ASKED:
        settle(desk)
        outcome = await desk.gate.submit(asked, actor)
        assert isinstance(outcome, ProposalCard)
        desk.executor.done.clear()
        await answer(desk, clock, outcome.proposal.id, outcome.proposal.hash, PERSON)
        assert [action.kind for action in desk.executor.done if action.kind != "pause_bot"] == [asked["kind"]]
