"""The whole seconds that one step of the publisher is about."""

from dataclasses import dataclass

from tools.exchange.clock import SECOND_MS


@dataclass(frozen=True)
class Span:
    """Seconds since 1970 from `first` to `last`, both included; `per_ms` is how many units of time make a millisecond.

    Usually one second. It is more where the process was held up, and then what happened in each of them is told.
    """

    first: int
    last: int
    per_ms: int = 1

    @property
    def now_ms(self) -> int:
        """The moment that is told about, in ms UTC."""
        return self.last * SECOND_MS

    @property
    def before_ms(self) -> int:
        """The moment that was told about before this one, in ms UTC."""
        return (self.first - 1) * SECOND_MS

    def holds_multiple_of(self, seconds: int) -> bool:
        """Whether a second that `seconds` divides lies within."""
        return self.last // seconds > (self.first - 1) // seconds

    def stamp(self, time_ms: int) -> int:
        """A moment in ms UTC as it is written to the listener: in milliseconds or microseconds."""
        return time_ms * self.per_ms
