"""The most recent trades: the most that can be asked for serves all who want fewer, at the same weight."""

from tools.gateway.pieces import join_list, split_list
from tools.gateway.question import Answer, Question
from tools.gateway.sources import Sources
from tools.gateway.verbatim import answer_verbatim

DEFAULT_LIMIT, LARGEST_LIMIT = 500, 1_000


class Latest:
    """Answers trades and aggTrades; those from a moment or a number on are asked for as they are."""

    def __init__(self, sources: Sources) -> None:
        self._upstream = sources.upstream
        self._cache = sources.cache

    async def answer(self, question: Question) -> Answer:
        """Raises Unanswered where the exchange is silent and what is remembered is too old."""
        params = question.params
        limit = min(int(params.get("limit", DEFAULT_LIMIT)), LARGEST_LIMIT)
        if limit == 0 or params.keys() - {"symbol", "limit"}:
            return await answer_verbatim(question, self._upstream, self._cache)
        most = question.having(symbol=params["symbol"], limit=str(LARGEST_LIMIT))
        return _cut(await answer_verbatim(most, self._upstream, self._cache), limit)


def _cut(answer: Answer, limit: int) -> Answer:
    """The last ones."""
    if answer.status != 200:
        return answer
    texts = [text for _, text in split_list(answer.body.decode())]
    return Answer(join_list(texts[-limit:]).encode(), answer.age_ms, is_stale=answer.is_stale)
