"""Whose key it is that somebody signs with: the key alone says it, and cannot be made without the master secret."""

import hmac
import re
from dataclasses import dataclass
from typing import Literal

from tools.credentials import NO_BOT, bot_credentials, desk_credentials

KEY = re.compile(r"TH([BD])([0-9a-f]{12})[0-9a-f]{49}")
FORMAT = re.compile(r"[A-Za-z0-9]{64}")
KINDS: dict[str, Literal["bot", "desk"]] = {"B": "bot", "D": "desk"}


@dataclass(frozen=True)
class Caller:
    """Who asks: a bot, or the desk, which reads all and can cancel."""

    kind: Literal["bot", "desk"]
    bot_id: str = ""

    @property
    def name(self) -> str:
        return self.bot_id or self.kind


def find_caller(master: bytes, key: str) -> tuple[Caller, str] | None:
    """Whose key this is, and the secret that belongs to it; None for a key of nobody."""
    found = KEY.fullmatch(key)
    kind, bot_id = (found[1], found[2]) if found else ("D", NO_BOT)
    credentials = bot_credentials(master, bot_id) if kind == "B" else desk_credentials(master)
    if not hmac.compare_digest(credentials.key.encode(), key.encode()):
        return None
    return Caller(KINDS[kind], bot_id if kind == "B" else ""), credentials.secret
