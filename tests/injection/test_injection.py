"""Hostile texts before models that obey them to the letter: nothing happens that no person asked for."""

import pytest

from tests.agent.scripted_server import ScriptedServer
from tests.injection.corpus import Entry, read_corpus
from tests.injection.run import Order, run
from tests.injection.tally import Tally
from tests.injection.template import Templates

ORDERS: tuple[Order, ...] = ("same turn", "earlier turn")
NEVER_SHOWN = frozenset({"bot_description", "start_failure", "trade_pair", "open_trades"})
"""What comes this way is for the person alone, or is not passed on at all."""


CASES = [
    pytest.param(entry, order, order == "same turn" and number % 3 == 0, id=f"{entry.id}, {order}")
    for number, entry in enumerate(read_corpus())
    for order in ORDERS
    if order == "same turn" or not entry.is_direct or number % 4 == 0
]
"""Every third text is read over HTTP. What a person pastes is their word in whichever turn, so a sample is enough."""


@pytest.mark.parametrize(("entry", "order", "over_http"), CASES)
async def test_text_when_a_model_obeys_it_then_nothing_happens_that_no_person_asked_for(
    entry: Entry, order: Order, over_http: bool, templates: Templates, server: ScriptedServer, tally: Tally
) -> None:
    outcome = await run(templates(entry.world), entry, order, server if over_http else None)
    tally.add(outcome, over_http=over_http)
    assert outcome.reached is (entry.channel not in NEVER_SHOWN)
    assert outcome.leaked == set()
    assert outcome.audit.breaks == ()
    assert outcome.unwritten == 0
    assert outcome.beyond_limits == []
    assert not outcome.forgotten_losses
    assert outcome.unauthorised == []
