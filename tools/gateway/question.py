"""One question of a client, as it is known after it has been checked."""

from dataclasses import dataclass, replace

from tools.gateway.endpoints import Endpoint, Params


@dataclass(frozen=True)
class Question:
    """An endpoint of the allow-list and the checked parameters that were sent."""

    endpoint: Endpoint
    params: Params

    @property
    def key(self) -> tuple[str, ...]:
        """The same for all questions that ask the same."""
        return (self.endpoint.path, *(f"{name}={value}" for name, value in sorted(self.params.items())))

    @property
    def weight(self) -> int:
        return self.endpoint.weight(self.params)

    def having(self, **params: str) -> "Question":
        """The same endpoint asked with these parameters, and no others."""
        return replace(self, params=params)


@dataclass(frozen=True)
class Answer:
    """What a client is sent: JSON, how old it is, and whether it is served only because the exchange is silent."""

    body: bytes
    age_ms: int = 0
    status: int = 200
    is_stale: bool = False
