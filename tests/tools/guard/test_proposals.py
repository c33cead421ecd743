import json
from datetime import timedelta
from typing import Any

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, MODEL, PERSON, spec
from tests.tools.guard.test_judge import ACTIONS, action
from tools.actions import CreateBot, canonical, content_hash, read_action
from tools.errors import Problem
from tools.guard.proposals import EXPIRES_IN, Draft
from tools.guard.verdict import Why
from tools.store.tables import ProposalRow

TAINTED = MODEL.model_copy(update={"tainted": True, "conversation_id": "c1"})
CREATE = CreateBot(spec=spec())
DRAFT = Draft("s1", Why.TAINTED, {"a": "1"}, {"settings": "x"})


def test_make_when_kept_then_all_of_it_can_be_read_after_a_restart(desk: Desk) -> None:
    made = desk.proposals.make(CREATE, TAINTED, DRAFT)
    read = Desk(desk.store).proposals.read(made.id)
    assert read == made
    assert (read.hash, read.action_kind, read.why, read.numbers) == (
        content_hash(CREATE),
        "create_bot",
        "tainted",
        {"a": "1"},
    )
    assert (read.status, read.door, read.by_agent, read.conversation_id) == ("pending", "web", True, "c1")
    assert read.action == json.loads(canonical(CREATE))
    assert read.expires_at - read.created_at == EXPIRES_IN == timedelta(minutes=10)


def test_read_when_there_are_open_and_decided_ones_then_each_list_has_its_own_newest_first(desk: Desk) -> None:
    made = [desk.proposals.make(CREATE, TAINTED, DRAFT) for _ in range(5)]
    for one, to in zip(made, ("pending", "waiting", "executing", "done", "expired"), strict=True):
        desk.proposals.move(desk.proposals.find(one.id), to=to)  # type: ignore[arg-type]
    assert [view.id for view in desk.proposals.read_open()] == [one.id for one in made[2::-1]]
    assert [view.id for view in desk.proposals.read_newest(4)] == [one.id for one in made[:0:-1]]
    with pytest.raises(Problem, match="unknown_proposal"):
        desk.proposals.read("nothing")


@pytest.mark.parametrize(
    ("actor", "facts", "same"),
    [
        (TAINTED, {"settings": "x"}, True),
        (TAINTED.model_copy(update={"conversation_id": "c2", "run_id": "r"}), {"settings": "x"}, True),
        (TAINTED, {"settings": "y"}, False),
        (TAINTED, {}, False),
        (MODEL, {"settings": "x"}, False),
        (PERSON, {"settings": "x"}, False),
        (TAINTED.model_copy(update={"door": "telegram"}), {"settings": "x"}, False),
    ],
)
def test_find_same_when_asked_again_then_only_by_the_same_asker_in_the_same_world(
    desk: Desk, actor: Any, facts: dict[str, str], same: bool
) -> None:
    made = desk.proposals.make(CREATE, TAINTED, DRAFT)
    found = desk.proposals.find_same(CREATE, actor, facts)
    assert (found is not None and found.id == made.id) is same
    assert desk.proposals.find_same(CreateBot(spec=spec(stake=51)), TAINTED, {"settings": "x"}) is None


@pytest.mark.parametrize("moved", [timedelta(minutes=10), None])
def test_find_same_when_it_is_over_then_none(desk: Desk, moved: timedelta | None) -> None:
    made = desk.proposals.make(CREATE, TAINTED, DRAFT)
    if moved is None:
        desk.proposals.move(desk.proposals.find(made.id), to="denied")
    desk.late = moved or timedelta(0)
    assert desk.proposals.find_same(CREATE, TAINTED, {"settings": "x"}) is None


def test_move_when_two_have_read_the_same_row_then_the_second_one_moves_nothing(desk: Desk) -> None:
    one = desk.proposals.find(desk.proposals.make(CREATE, TAINTED, DRAFT).id)
    other = Desk(desk.store).proposals.find(one.id)
    assert desk.proposals.move(one, to="executing") is not None
    assert Desk(desk.store).proposals.move(other, to="denied") is None
    assert desk.proposals.read(one.id).status == "executing"


@pytest.mark.parametrize("kind", ACTIONS)
def test_action_of_when_kept_then_it_comes_back_to_the_byte(desk: Desk, kind: str) -> None:
    asked = action(kind)
    row = desk.proposals.find(desk.proposals.make(asked, TAINTED, DRAFT).id)
    assert desk.proposals.action_of(row) == asked
    assert canonical(desk.proposals.action_of(row)) == row.content == canonical(read_action(json.loads(row.content)))


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "null", "", '{"kind":"withdraw"}', '{"kind":"panic","exit":true}', '{"kind":"panic", "exit":false}'],
)
def test_action_of_when_the_content_is_another_then_it_is_not_given_and_the_lists_can_still_be_read(
    desk: Desk, content: str
) -> None:
    row: ProposalRow = desk.proposals.find(desk.proposals.make(action("panic"), TAINTED, DRAFT).id)
    row.content = content
    with pytest.raises(Problem, match="wrong_hash"):
        desk.proposals.action_of(row)
    assert isinstance(desk.proposals.view(row).action, dict)
    assert ID not in content
