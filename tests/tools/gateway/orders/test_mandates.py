"""What a person confirmed: every change of it that matters voids it, and it stays void."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from tests.tools.gateway.orders.gate import LIMITS, ONE, OTHER, SOURCE, Gate, spec
from tools.bot import BotSpec
from tools.gateway.orders.sources import Sources
from tools.guard.limits import BotLimits, Limits
from tools.guard.mandates import MandateFacts, Mandates, compare, facts_of, source_hash, terms_of
from tools.store.database import Store

SHA = source_hash(SOURCE.encode())


def facts(wanted: BotSpec | None = None, source: str | None = SHA, **limits: object) -> MandateFacts:
    changed = Limits.model_validate({**dict(LIMITS), **limits})
    return MandateFacts(source, terms_of(wanted or spec()), changed)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (facts(), None),
        (facts(spec(name="two", description="other")), None),
        (facts(spec(pairs=["ETH/USDT", "BTC/USDT"])), None),
        (facts(source="0" * 64), "source"),
        (facts(source=None), "source_unreadable"),
        (facts(spec(pairs=["BTC/USDT"])), "pairs"),
        (facts(spec(stake="101")), "stake"),
        (facts(spec(max_open_trades=4)), "max_open_trades"),
        (facts(spec(parameters={"a": 1})), "parameters"),
        (facts(spec(mode="SIMULATED")), "mode"),
        (facts(spec(timeframe="5m")), "timeframe"),
        (facts(spec(stoploss_pct="5")), "stoploss_pct"),
        (facts(spec(strategy="T")), "strategy"),
        (facts(max_trade="201"), "limits.max_trade"),
        (facts(max_trade="10"), None),
        (facts(live_enabled=False), None),
        (facts(max_total_exposure="601"), "limits.max_total_exposure"),
        (facts(bots={ONE: BotLimits(max_trade=Decimal(5))}), None),
        (facts(bots={OTHER: BotLimits(max_trade=Decimal(5))}), None),
        (facts(blocked_pairs=["XRP/USDT"]), None),
    ],
)
def test_compare_when_something_changed_then_what_matters_is_named(found: MandateFacts, reason: str | None) -> None:
    assert compare(facts(), found, ONE) == reason


def test_compare_when_the_bots_own_limits_are_taken_away_then_they_are_looser() -> None:
    own = facts(bots={ONE: BotLimits(max_trade=Decimal(5))})
    assert compare(own, facts(), ONE) == "limits.max_trade"
    assert compare(own, facts(), OTHER) is None


def test_grant_when_there_was_one_then_the_newest_holds_and_reads_as_it_was_given(store: Store) -> None:
    mandates = Mandates(store)
    assert mandates.check(ONE, facts()) == "none"
    for proposal in ("p1", "p2"):
        with store.writing() as session:
            mandates.grant(session, ONE, facts(), by="web", proposal_id=proposal)
    row = mandates.read(ONE)
    assert row is not None
    assert (row.proposal_id, row.confirmed_by, row.voided_at) == ("p2", "web", None)
    assert facts_of(row) == facts()
    assert mandates.check(ONE, facts()) is None
    assert mandates.check(OTHER, facts()) == "none"
    with pytest.raises(ValueError, match="cannot be read"), store.writing() as session:
        mandates.grant(session, ONE, facts(source=None), by="web", proposal_id="p3")


def test_check_when_it_was_void_once_then_it_stays_void_until_confirmed_again(store: Store) -> None:
    mandates = Mandates(store)
    with store.writing() as session:
        mandates.grant(session, ONE, facts(), by="web", proposal_id="p")
    assert mandates.check(ONE, facts(source=None)) == "source_unreadable"
    assert mandates.check(ONE, facts()) is None
    assert mandates.check(ONE, facts(spec(stake="101"))) == "stake"
    assert mandates.check(ONE, facts()) == "stake"
    with store.writing() as session:
        mandates.grant(session, ONE, facts(), by="web", proposal_id="p")
    assert mandates.check(ONE, facts()) is None
    mandates.void(ONE, "deleted")
    assert mandates.check(ONE, facts()) == "deleted"


def test_read_source_when_a_file_is_changed_then_it_is_read_again(tmp_path: Path) -> None:
    sources, copy = Sources(tmp_path), tmp_path / "bots" / ONE / "strategies" / "S.py"
    assert sources.read(ONE, "S") is None
    copy.parent.mkdir(parents=True)
    copy.write_bytes(SOURCE.encode())
    assert sources.read(ONE, "S") == SHA
    told = copy.stat()
    copy.write_bytes(SOURCE.replace("S", "T").encode())
    os.utime(copy, ns=(told.st_atime_ns, told.st_mtime_ns + 1))
    assert sources.read(ONE, "S") not in (SHA, None)
    copy.write_bytes(SOURCE.encode())
    shelf = tmp_path / "strategies" / "S.py"
    shelf.parent.mkdir()
    shelf.write_bytes(SOURCE.replace("\n", "\r\n").encode())
    assert sources.read(ONE, "S") == SHA
    shelf.write_bytes(b"class S: evil\n")
    assert sources.read(ONE, "S") not in (SHA, None)
    shelf.unlink()
    copy.rename(tmp_path / "away")
    copy.symlink_to(tmp_path / "away")
    assert sources.read(ONE, "S") is None


async def test_place_when_the_strategy_was_changed_then_the_mandate_is_void_until_confirmed_again(gate: Gate) -> None:
    assert (await gate.buy(price=90)).status_code == 200
    gate.write_source(ONE, "class S: evil = True\n")
    assert "mandate_void reason=source" in (await gate.buy(price=90)).text
    gate.write_source(ONE)
    assert "mandate_void reason=source" in (await gate.buy(price=90)).text
    gate.confirm(ONE, spec(name=ONE))
    assert (await gate.buy(price=90)).status_code == 200


async def test_place_when_there_was_never_a_mandate_then_nothing_enters(gate: Gate) -> None:
    bot_id = "c" * 12
    gate.write_bot(bot_id, spec())
    gate.write_source(bot_id)
    assert "mandate_void reason=none" in (await gate.buy(bot_id)).text


async def test_place_when_limits_get_looser_then_it_is_void_and_tighter_is_fine(gate: Gate) -> None:
    gate.write_limits(LIMITS.model_copy(update={"max_trade": Decimal(150)}))
    assert (await gate.buy(price=90)).status_code == 200
    gate.write_limits(LIMITS.model_copy(update={"max_trade": Decimal(250)}))
    assert "mandate_void reason=limits.max_trade" in (await gate.buy(price=90)).text
    gate.write_limits(LIMITS)
    assert "mandate_void" in (await gate.buy(price=90)).text


async def test_place_when_the_bot_is_simulated_then_it_has_no_business_here(gate: Gate) -> None:
    wanted = spec(mode="SIMULATED")
    gate.write_bot(ONE, wanted)
    gate.confirm(ONE, wanted)
    assert "not_entering" in (await gate.buy()).text
