"""What every kind of memory stands on."""

from dataclasses import dataclass

from tools.gateway.cache import Cache
from tools.gateway.clock import Ticks, VenueClock
from tools.gateway.flights import Flights
from tools.gateway.streams import Streams
from tools.gateway.upstream import Upstream


@dataclass(frozen=True)
class Sources:
    """The exchange over HTTP and over streams, its clock and ours, what was remembered and what is under way."""

    upstream: Upstream
    streams: Streams
    clock: VenueClock
    ticks: Ticks
    flights: Flights
    cache: Cache
