"""Answers that are repeated as they came, for as long as their endpoint allows."""

from tools.gateway.cache import Cache
from tools.gateway.question import Answer, Question
from tools.gateway.upstream import Reply, Upstream


async def answer_verbatim(question: Question, upstream: Upstream, cache: Cache) -> Answer:
    """Raises Unanswered where the exchange is silent and what is remembered is too old."""
    endpoint = question.endpoint

    async def fetch() -> Reply:
        return await upstream.ask(question)

    return await cache.answer(question.key, endpoint.ttl_ms, endpoint.stale_ms, fetch)
