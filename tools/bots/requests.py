"""What must be true of a bot's settings before they are judged: all of it can be told from outside the guard."""

from decimal import Decimal
from typing import Any

from tools.bot import BotSpec
from tools.bots.registry import Registry
from tools.errors import Problem
from tools.freqtrade.catalogue import Catalogue
from tools.market.source import MarketSource
from tools.views import ReconciliationView

AMOUNT_RESERVE = Decimal("1.05")
"""Freqtrade asks for 5 % above the exchange's smallest order."""
USUAL_STOPLOSS = Decimal("0.10")


def smallest_stake(min_notional: Decimal, stoploss_pct: Decimal | None) -> Decimal:
    """The smallest stake that Freqtrade will enter with: an exit at the stop-loss must still be a valid order.

    Source: `Exchange.get_min_pair_stake_amount`, whose reserve for the stop-loss is at most 1.5.
    """
    stoploss = stoploss_pct / 100 if stoploss_pct is not None else USUAL_STOPLOSS
    reserve = min(AMOUNT_RESERVE / (1 - stoploss), Decimal("1.5")) if stoploss < 1 else Decimal("1.5")
    return round(min_notional * reserve, 2)


async def check_spec(spec: BotSpec, source: MarketSource, catalogue: Catalogue, stake_currency: str) -> None:
    """Raises `Problem`: `unknown_strategy`, `unknown_parameter`, `parameter_out_of_range`, `wrong_quote`,
    `unknown_pair`, `below_minimum`, `venue_unreachable`.
    """
    catalogue.check(spec)
    for pair in spec.pairs:
        await check_stake(pair, spec.stake, spec.stoploss_pct, source, stake_currency)


async def check_stake(
    pair: str, stake: Decimal, stoploss_pct: Decimal | None, source: MarketSource, stake_currency: str
) -> None:
    """Raises `Problem`: `wrong_quote`, `unknown_pair`, `below_minimum`, `venue_unreachable`."""
    if not pair.endswith(f"/{stake_currency}"):
        raise Problem("wrong_quote", 422, pair=pair, stake_currency=stake_currency)
    smallest = smallest_stake((await source.read_pair_rules(pair)).min_notional, stoploss_pct)
    if stake < smallest:
        raise Problem("below_minimum", 422, stake=stake, minimum=smallest, pair=pair, currency=stake_currency)


def describe_finding(view: ReconciliationView, finding_id: str) -> dict[str, Any]:
    """The content of a `SettleFinding` for what was found under this id; of one that is not there, the id alone."""
    found = next((one for one in view.findings if one.id == finding_id), None)
    if found is None:
        return {"finding": finding_id}
    return {
        "finding": found.id,
        "difference": found.kind,
        "of_bot": found.bot_id,
        "pair": found.pair,
        "numbers": found.numbers,
    }


def check_name(name: str, registry: Registry, but: str | None = None) -> None:
    """Raises `Problem("name_taken")`."""
    if registry.has_name(name, but):
        raise Problem("name_taken", 409, name=name)
