"""One client's connection: what it listens to and what waits for it."""

from dataclasses import dataclass, field

from tools.exchange.streams.names import Stream
from tools.exchange.streams.outbox import Outbox

MOST_STREAMS = 1_024
"""How many streams a connection can listen to."""


@dataclass(eq=False)
class Connection:
    """A connection since `connected_ms` (ms UTC); `combined` is whether events are wrapped with their stream's name.

    `streams` holds what was subscribed by name, in order; a name that is no stream here has None and brings nothing.
    """

    connected_ms: int
    per_ms: int = 1
    combined: bool = False
    streams: dict[str, Stream | None] = field(default_factory=dict)
    outbox: Outbox = field(default_factory=Outbox)
