"""Which part of a history is asked for."""

from dataclasses import dataclass

FOREVER_MS = 2**62


@dataclass(frozen=True)
class Span:
    """At most `limit` rows: from a number or a moment (ms UTC) on, or else the latest ones."""

    limit: int
    first: int | None = None
    start_ms: int | None = None
    end_ms: int | None = None

    @property
    def forward(self) -> bool:
        """Whether the oldest rows are meant, rather than the latest."""
        return self.first is not None or self.start_ms is not None

    @property
    def bounds(self) -> tuple[int, int, int]:
        """The first number, the first moment and the last one."""
        return self.first or 0, self.start_ms or 0, FOREVER_MS if self.end_ms is None else self.end_ms

    @property
    def ending(self) -> str:
        """How a statement over a column `number` ends."""
        return f"ORDER BY number {'ASC' if self.forward else 'DESC'} LIMIT {self.limit}"
