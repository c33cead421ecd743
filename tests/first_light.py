"""The main job, begun once for all who look at it: said over REST in English and through the page in Portuguese."""

from dataclasses import dataclass

from tests.stack import Browserless, Chunk

ENGLISH = "create a simulated bot trading BTC/USDT and ETH/USDT with 50 USDT per trade and start it"
PORTUGUESE = "crie um bot simulado operando BTC/USDT e ETH/USDT com 50 USDT por operação e inicie"
CLOSED_WITHIN_S = 720
"""The default strategy holds a trade for five candles of a minute at most."""


@dataclass(frozen=True)
class FirstLight:
    """A conversation in which the sentence was said, and the chunks of its answer."""

    conversation_id: str
    chunks: list[Chunk]
    bot_id: str


def say_it(api: Browserless) -> FirstLight:
    conversation_id = api.converse()
    chunks = api.say(conversation_id, ENGLISH)
    receipts = [chunk["data"] for chunk in chunks if chunk["type"] == "data-card"]
    return FirstLight(conversation_id, chunks, receipts[-1]["bot"]["id"])
