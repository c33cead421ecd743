"""Mandates: given, ended and read; a bot has at most one that holds, and a void one stays void."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests.tools.guard.samples import ID, LIVE, OTHER, spec
from tools.bot import BotSpec
from tools.guard.limits import BotLimits, Limits
from tools.guard.mandates import MandateFacts, Mandates, compare, facts_of, source_hash, terms_of
from tools.store.database import Store
from tools.store.tables import MandateRow, now

SHA = source_hash(b"class S: ...\n")
FIVE, SIX = (BotLimits(max_trade=Decimal(most)) for most in (5, 6))


def live(**changes: Any) -> BotSpec:
    return spec(**{"mode": LIVE, "pairs": ["BTC/USDT", "ETH/USDT"], "parameters": {"n": 1}, **changes})


def facts(wanted: BotSpec | None = None, source: str | None = SHA, **limits: Any) -> MandateFacts:
    allowed = Limits.model_validate({"live_enabled": True, "reentry_cooldown_s": 60, **limits})
    return MandateFacts(source, terms_of(wanted or live()), allowed)


@pytest.fixture
def mandates(store: Store) -> Mandates:
    return Mandates(store)


def grant(store: Store, bot_id: str = ID, given: MandateFacts | None = None, proposal_id: str = "p") -> str:
    with store.writing() as session:
        return Mandates(store).grant(session, bot_id, given or facts(), by="web", proposal_id=proposal_id).id


def reasons(store: Store, bot_id: str = ID) -> dict[str, str | None]:
    """By proposal, why each mandate of a bot is void."""
    with store.session() as session:
        rows = session.exec(select(MandateRow).where(MandateRow.bot_id == bot_id))
        return {row.proposal_id: row.void_reason for row in rows}


def test_grant_when_it_is_given_then_it_reads_as_it_was_confirmed_and_names_no_other_bot(
    store: Store, mandates: Mandates
) -> None:
    before = now()
    given = grant(store, given=facts(bots={ID: FIVE, OTHER: SIX}))
    row = mandates.read(ID)
    assert row is not None
    assert (row.id, row.bot_id, row.confirmed_by, row.proposal_id) == (given, ID, "web", "p")
    assert (row.voided_at, row.void_reason) == (None, None)
    assert before <= row.at <= now()
    assert facts_of(row) == facts(bots={ID: FIVE})
    assert (mandates.read(OTHER), mandates.check(OTHER, facts())) == (None, "none")


def test_grant_when_the_source_cannot_be_read_then_none_is_given_and_the_one_before_holds(
    store: Store, mandates: Mandates
) -> None:
    grant(store)
    with pytest.raises(ValueError, match=f"the source of bot {ID} cannot be read"):
        grant(store, given=facts(source=None), proposal_id="p2")
    assert reasons(store) == {"p": None}
    assert mandates.check(ID, facts()) is None


def test_grant_when_there_was_one_then_only_the_bots_own_is_superseded_and_a_void_one_keeps_its_reason(
    store: Store, mandates: Mandates
) -> None:
    grant(store, proposal_id="p1")
    mandates.void(ID, "stopped")
    for proposal_id in ("p2", "p3"):
        grant(store, OTHER)
        grant(store, proposal_id=proposal_id)
    assert reasons(store) == {"p1": "stopped", "p2": "superseded", "p3": None}
    assert mandates.check(ID, facts()) is mandates.check(OTHER, facts()) is None


def test_grant_when_the_transaction_is_cut_off_then_nothing_is_given_and_nothing_ended(
    store: Store, mandates: Mandates
) -> None:
    grant(store, proposal_id="p1")
    with store.writing() as session:
        mandates.grant(session, ID, facts(), by="web", proposal_id="p2")
        session.rollback()
    assert reasons(store) == {"p1": None}


def test_void_when_there_is_one_then_the_first_reason_and_time_stay_and_no_other_bot_is_touched(
    store: Store, mandates: Mandates
) -> None:
    mandates.void(ID, "stopped")
    grant(store)
    grant(store, OTHER)
    before = now()
    mandates.void(ID, "r" * 101)
    row = mandates.read(ID)
    assert row is not None
    assert row.voided_at is not None
    assert before <= row.voided_at <= now()
    mandates.void(ID, "deleted")
    again = mandates.read(ID)
    assert again is not None
    assert (again.voided_at, again.void_reason) == (row.voided_at, "r" * 100)
    assert reasons(store, OTHER) == {"p": None}


def test_end_when_a_proposal_came_to_nothing_then_only_the_mandate_that_it_gave_ends(
    store: Store, mandates: Mandates
) -> None:
    grant(store, proposal_id="p1")
    grant(store, OTHER, proposal_id="p2")
    grant(store, proposal_id="p3")
    for proposal_id in ("p1", "p3", "p4"):
        with store.writing() as session:
            mandates.end(session, proposal_id, "start_failed")
    assert reasons(store) == {"p1": "superseded", "p3": "start_failed"}
    assert reasons(store, OTHER) == {"p2": None}
    assert mandates.check(ID, facts()) == "start_failed"


@pytest.mark.parametrize(("voided", "expected"), [((), "p2"), (("p2",), "p1")])
def test_read_when_the_clock_was_set_back_then_the_one_that_holds_else_the_newest(
    store: Store, mandates: Mandates, voided: tuple[str, ...], expected: str
) -> None:
    grant(store, proposal_id="p1")
    grant(store, proposal_id="p2")
    with store.writing() as session:
        row = session.exec(select(MandateRow).where(MandateRow.proposal_id == "p2")).one()
        row.at -= timedelta(hours=1)
        session.add(row)
        for proposal_id in voided:
            mandates.end(session, proposal_id, "stopped")
    found = mandates.read(ID)
    assert found is not None
    assert found.proposal_id == expected


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (facts(source="0" * 64), "source"),
        (facts(live(stake="40")), "stake"),
        (facts(max_trade="101", bots={ID: FIVE}), None),
        (facts(), "limits.max_trade"),
        (facts(bots={ID: SIX}), "limits.max_trade"),
    ],
)
def test_check_when_it_does_not_hold_then_it_is_void_until_a_person_confirms_again(
    store: Store, mandates: Mandates, found: MandateFacts, reason: str | None
) -> None:
    confirmed = facts(bots={ID: FIVE})
    grant(store, given=confirmed)
    assert mandates.check(ID, found) == reason
    assert mandates.check(ID, confirmed) == reason
    assert reasons(store) == {"p": reason}
    grant(store, given=found, proposal_id="p2")
    assert mandates.check(ID, found) is None


def test_check_when_the_source_cannot_be_read_now_then_the_mandate_stays(store: Store, mandates: Mandates) -> None:
    grant(store)
    assert mandates.check(ID, facts(source=None)) == "source_unreadable"
    assert reasons(store) == {"p": None}
    assert mandates.check(ID, facts()) is None
    mandates.void(ID, "stopped")
    assert mandates.check(ID, facts(source=None)) == "stopped"


def test_check_when_no_reason_was_written_down_then_it_is_void_all_the_same(store: Store, mandates: Mandates) -> None:
    grant(store)
    mandates.void(ID, "")
    assert mandates.check(ID, facts()) == "void"


def test_check_when_another_mandate_was_given_meanwhile_then_that_one_is_not_voided(
    store: Store, mandates: Mandates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway compares in a process of its own, while a person confirms anew."""
    grant(store, proposal_id="one")
    real = compare

    def compare_slowly(*words: Any) -> str | None:
        reason = real(*words)
        grant(store, given=facts(live(stake="60")), proposal_id="two")
        return reason

    monkeypatch.setattr("tools.guard.mandates.compare", compare_slowly)
    assert mandates.check(ID, facts(live(stake="60"))) == "stake"
    assert reasons(store) == {"one": "superseded", "two": None}
