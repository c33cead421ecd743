"""Who goes on after being told to stop is banned, each time for twice as long."""

from dataclasses import dataclass

from tools.exchange.weights.counts import Counts
from tools.exchange.weights.limits import Limits


@dataclass(frozen=True)
class Ban:
    """The end of an address's latest ban (ms UTC), and how many it has had."""

    until_ms: int
    offences: int


class Bans:
    """The bans of all addresses, as long as they matter for the next one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._warnings = Counts(limits.warnings)
        self._bans: dict[str, Ban] = {}

    def until_ms(self, ip: str, now_ms: int) -> int | None:
        """When the address's ban is over, or None where it has none."""
        ban = self._bans.get(ip)
        return ban.until_ms if ban and ban.until_ms > now_ms else None

    def warn(self, ip: str, now_ms: int) -> int | None:
        """Counts an answer 429; gives the end of the ban where it was one too many."""
        self._warnings.add(ip, 1, now_ms)
        return self._ban(ip, now_ms) if self._warnings.passed(ip, now_ms) else None

    def _ban(self, ip: str, now_ms: int) -> int:
        self._forgive(now_ms)
        offences = self._bans[ip].offences if ip in self._bans else 0
        # Beyond some doublings the longest ban is reached in any case; the exponent is kept small.
        length_ms = min(self._limits.first_ban_ms << min(offences, 32), self._limits.longest_ban_ms)
        self._bans[ip] = Ban(now_ms + length_ms, offences + 1)
        return now_ms + length_ms

    def _forgive(self, now_ms: int) -> None:
        kept_ms = self._limits.forgiven_after_ms
        self._bans = {ip: ban for ip, ban in self._bans.items() if now_ms < ban.until_ms + kept_ms}
