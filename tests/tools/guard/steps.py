"""What several tests do: propose, expect a problem, edit a row behind the gate, make a write fail."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import MODEL, spec
from tools.actions import Action, CreateBot, SetLimits
from tools.cards import ProposalCard
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.limits import LimitsChange
from tools.store.tables import ProposalRow
from tools.views import ProposalView

TAINTED = MODEL.model_copy(update={"tainted": True})
PHONE = Actor(door="telegram")
CREATE = CreateBot(spec=spec())
LOOSEN = SetLimits(changes=LimitsChange.model_validate({"max_trade": "200"}))
TEN_MINUTES = timedelta(minutes=10)


async def propose(desk: Desk, action: Action = CREATE, actor: Actor = TAINTED) -> ProposalView:
    outcome = await desk.gate.submit(action, actor)
    assert isinstance(outcome, ProposalCard), outcome
    return outcome.proposal


async def problem_of(work: Any) -> Problem:
    with pytest.raises(Problem) as raised:
        await work
    return raised.value


def change(desk: Desk, proposal: ProposalView, **values: Any) -> None:
    """Somebody edits the row."""
    with desk.store.session() as session:
        row = session.get_one(ProposalRow, proposal.id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        session.commit()


def unwritable(*_: object, **__: object) -> None:
    """Stands for a write that cannot be done now."""
    raise OperationalError("locked", None, Exception())
