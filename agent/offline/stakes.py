"""How much a trade may cost: the stake among the amounts of a message, and the currency that it is in."""

from collections.abc import Sequence

from agent.offline.found import Settings, is_count, is_money, number_of
from agent.offline.marks import Mark
from agent.offline.requests import Doubt
from agent.offline.tokens import Text


def read_stake(text: Text, marks: Sequence[Mark], settings: Settings, *, bare: bool) -> None:
    """The amount that is the stake: per trade, labelled, in a currency or, where `bare`, the only one there is."""
    amounts = [i for i, mark in enumerate(marks) if i not in settings.taken and mark.amount and is_money(mark.amount)]
    foreign = [i for i in amounts if _is_foreign(marks, i, settings)]
    for i in foreign:
        end = marks[i + 1].end if is_currency(marks, i + 1) else marks[i].end
        settings.doubts.append(Doubt("currency", text.between(marks[i].start, end)))
        settings.taken.update((i, i + 1) if is_currency(marks, i + 1) else (i,))
    amounts = [i for i in amounts if i not in foreign]
    totals = [i for i in amounts if _is_total(marks, i)]
    if totals:
        settings.total = number_of(marks[totals[0]])
        settings.taken.update(totals)
    rest = [i for i in amounts if i not in totals]
    for choose in (_is_per_trade, _is_labelled, _has_currency, lambda *_: bare):
        chosen = [i for i in rest if choose(marks, i)]
        if chosen:
            settings.take("stake", number_of(marks[chosen[0]]), *chosen)
            return


_BESIDE_COINS = ("BRL", "USDC", "FDUSD")
"""Currencies that coins named without a quote are traded against; in any other, a stake is asked about."""


def _is_foreign(marks: Sequence[Mark], i: int, settings: Settings) -> bool:
    """Whether an amount is in a currency that the pairs are not priced in. Nothing is converted here."""
    amount = marks[i].amount
    coin = marks[i + 1].pair if is_currency(marks, i + 1) else None
    currency = coin or (amount.currency if amount else None)
    if currency in (None, "USDT"):
        return False
    pairs = settings.found.get("pairs", ())
    quotes = {pair.partition("/")[2] or (currency if currency in _BESIDE_COINS else "USDT") for pair in pairs}
    return quotes != {currency} and (bool(quotes) or currency not in _BESIDE_COINS or not _may_come_later(marks))


def _may_come_later(marks: Sequence[Mark]) -> bool:
    """Whether the pairs are not said because a bot is asked for without them."""
    return any(mark.has("abot", "new") for mark in marks)


def _is_total(marks: Sequence[Mark], i: int) -> bool:
    before = _skip(marks, i - 1, -1)
    after = i + 1
    return any(
        0 <= j < len(marks) and marks[j].has("total")
        for j in (before, after, after + 1 if after < len(marks) and marks[after].has("of") else -1)
    )


def _skip(marks: Sequence[Mark], i: int, step: int) -> int:
    while 0 <= i < len(marks) and marks[i].has("of", "the", "a") and not marks[i].has("total"):
        i += step
    return i


def _is_per_trade(marks: Sequence[Mark], i: int) -> bool:
    return i + 1 < len(marks) and marks[i + 1].has("per_trade")


def _is_labelled(marks: Sequence[Mark], i: int) -> bool:
    before = i - 1
    while before >= 0 and (
        marks[before].has("of", "to", "the", "by", "max", "it", "filler") or marks[before].words in (":", "=")
    ):
        if marks[before].has("set:stake"):
            break
        before -= 1
    after = i + 1 < len(marks) and marks[i + 1].has("set:stake")
    far = any(mark.has("set:stake") for mark in marks[:i]) and not any(
        mark.has("set:max_open_trades", "set:timeframe") for mark in marks[:i]
    )
    return (before >= 0 and marks[before].has("set:stake")) or after or far


def _has_currency(marks: Sequence[Mark], i: int) -> bool:
    amount = marks[i].amount
    return amount is not None and (amount.currency is not None or (i + 1 < len(marks) and is_currency(marks, i + 1)))


def share_total(settings: Settings) -> None:
    """A total beside a stake says how many trades may be open at once."""
    stake = settings.found.get("stake")
    if settings.total and stake and stake > 0 and "max_open_trades" not in settings.found:
        settings.found["max_open_trades"] = max(int(settings.total // stake), 1)


def quote_pairs(marks: Sequence[Mark], settings: Settings) -> None:
    """Coins without a quote are traded against the currency of the stake, USDT where it has none."""
    currencies = [mark.amount.currency for mark in marks if mark.amount and mark.amount.currency]
    quote = next((one for one in currencies if one in _BESIDE_COINS), "USDT")
    if "pairs" in settings.found:
        quoted = [pair if "/" in pair else f"{pair}/{quote}" for pair in settings.found["pairs"]]
        settings.found["pairs"] = list(dict.fromkeys(quoted))


def is_currency(marks: Sequence[Mark], i: int) -> bool:
    """Whether a coin is what an amount is in ("0.01 BTC", "2 SOL a trade") rather than what is traded."""
    if not 0 < i < len(marks) or not marks[i].pair or "/" in str(marks[i].pair):
        return False
    amount = marks[i - 1].amount
    if amount is None or not is_count(amount) or not marks[i - 1].end <= marks[i].start <= marks[i - 1].end + 1:
        return False
    if isinstance(amount.number, float) and marks[i].pair in ("BTC", "ETH", "BNB"):
        return True
    return _is_per_trade(marks, i) or (i > 1 and marks[i - 2].words in _SPENT and _trades_another(marks, i))


_SPENT = frozenset({"with", "com", "using", "usando", "stake", "valor", "spending", "gastando"})


def _trades_another(marks: Sequence[Mark], i: int) -> bool:
    """Whether a pair is named before the coin at a place."""
    return any(mark.pair for mark in marks[:i])
