"""How much a trade may cost: the stake among the amounts of a message, and the currency that it is in."""

from collections.abc import Sequence

from agent.offline.found import Settings, is_count, is_money, number_of
from agent.offline.marks import Mark


def read_stake(marks: Sequence[Mark], settings: Settings, *, bare: bool) -> None:
    """The amount that is the stake: per trade, labelled, in a currency or, where `bare`, the only one there is."""
    amounts = [i for i, mark in enumerate(marks) if i not in settings.taken and mark.amount and is_money(mark.amount)]
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
    coins = [str(marks[i].pair) for i in range(1, len(marks)) if is_currency(marks, i)]
    quote = (currencies or coins or ["USDT"])[0]
    if "pairs" in settings.found:
        quoted = [pair if "/" in pair else f"{pair}/{quote}" for pair in settings.found["pairs"]]
        settings.found["pairs"] = list(dict.fromkeys(quoted))


def is_currency(marks: Sequence[Mark], i: int) -> bool:
    """Whether a coin is what an amount is in ("0.01 BTC") rather than what is traded."""
    return (
        i > 0
        and marks[i].pair in ("BTC", "ETH", "BNB")
        and (amount := marks[i - 1].amount) is not None
        and isinstance(amount.number, float)
        and is_count(amount)
        and marks[i - 1].end <= marks[i].start <= marks[i - 1].end + 1
    )
