"""Amounts and prices as whole numbers of 1e-8: how they are read, written, multiplied and taxed."""

import re

from tools.exchange import errors

DECIMALS = 8
UNIT: int = 10**DECIMALS
"""One whole coin, or one whole unit of quote."""
PATTERN = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
LARGEST = 90_000_000_000 * UNIT
"""The largest amount that is read; SQLite keeps integers up to 9.2e18."""
COMMISSION_DIVISOR = 1_000
"""Maker and taker pay a thousandth, 0.1 %, of what they receive."""


def parse_amount(name: str, text: str) -> int:
    """Reads the decimal number of parameter `name` as units; raises -1100, -1111 or -1108."""
    if not re.fullmatch(PATTERN, text, re.ASCII):
        raise errors.illegal_characters(name, PATTERN)
    whole, _, places = text.partition(".")
    if len(places) > DECIMALS:
        raise errors.too_precise(name)
    units = int(whole) * UNIT + int(places.ljust(DECIMALS, "0"))
    if units > LARGEST:
        raise errors.overflowed(name)
    return units


def write_amount(units: int) -> str:
    """Units as the exchange writes them: "-0.10000000"."""
    sign, (whole, places) = "-" if units < 0 else "", divmod(abs(units), UNIT)
    return f"{sign}{whole}.{places:08}"


def from_float(amount: float, decimals: int) -> int:
    """A price or quantity of the invented market, which has `decimals` decimals, as units."""
    scale: int = 10**decimals
    return round(amount * scale) * (UNIT // scale)


def cost(price: int, quantity: int) -> int:
    """What `quantity` of base costs at `price`, in units of quote, rounded down."""
    return price * quantity // UNIT


def cost_ceiling(price: int, quantity: int) -> int:
    """The same rounded up: what must be held so that no sequence of partial fills can cost more."""
    return -(-price * quantity // UNIT)


def commission(received: int) -> int:
    """The fee on what a side of a trade receives, in the same asset, rounded down to 1e-8."""
    return received // COMMISSION_DIVISOR
