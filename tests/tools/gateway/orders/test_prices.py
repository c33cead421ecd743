"""Prices for the judgement: those that bots are told, as old as they are."""

from decimal import Decimal

from tools.gateway import errors
from tools.gateway.orders.prices import Remembered
from tools.gateway.question import Answer, Question


class Memory:
    """Answers as it is told."""

    def __init__(self) -> None:
        self.answer: Answer | Exception = Answer(b'{"symbol":"BTCUSDT","price":"100.5"}', 400)
        self.asked: list[Question] = []

    async def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_refresh_when_answered_then_the_price_is_as_old_as_the_answer_says() -> None:
    memory, now = Memory(), [10_000]
    prices = Remembered(memory, lambda: now[0])
    assert prices.read("BTC/USDT") is None
    await prices.refresh("BTC/USDT")
    assert prices.read("BTC/USDT") == (Decimal("100.5"), 0.4)
    assert [(one.endpoint.path, one.params) for one in memory.asked] == [
        ("/api/v3/ticker/price", {"symbol": "BTCUSDT"})
    ]
    answers = (
        errors.disconnected(), OSError("broken"), Answer(b"nothing"), Answer(b"{}", status=400),
        Answer(b'{"price":"0"}'), Answer(b'{"price":"NaN"}'), Answer(b'{"price":"-1"}'),
    )  # fmt: skip
    for answer in answers:
        memory.answer = answer
        now[0] += 1_000
        await prices.refresh("BTC/USDT")
    assert prices.read("BTC/USDT") == (Decimal("100.5"), 7.4)
    assert prices.read("ETH/USDT") is None
