"""Credentials of bots and of the desk, derived from the master secret: the key alone says whose it is."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Literal

KEY = re.compile(r"TH([BD])([0-9a-f]{12})[0-9a-f]{49}")
FORMAT = re.compile(r"[A-Za-z0-9]{64}")
NO_BOT = "0" * 12
KINDS: dict[str, Literal["bot", "desk"]] = {"B": "bot", "D": "desk"}


@dataclass(frozen=True)
class Caller:
    """Who asks: a bot, or the desk, which reads all and can cancel."""

    kind: Literal["bot", "desk"]
    bot_id: str = ""

    @property
    def name(self) -> str:
        return self.bot_id or self.kind


@dataclass(frozen=True)
class BotCredentials:
    """What a client signs with: a key of 64 letters and digits, and a secret of 64 hex digits."""

    key: str
    secret: str = field(repr=False)


def bot_credentials(master: bytes, bot_id: str) -> BotCredentials:
    """The same for the same bot, always. Raises `ValueError` for an id that is none."""
    if not re.fullmatch(r"[0-9a-f]{12}", bot_id):
        raise ValueError(f"{bot_id!r} is not a bot's id")
    return _derive(master, "B", bot_id)


def desk_credentials(master: bytes) -> BotCredentials:
    """Of the API itself: it reads the account, orders and fills, and cancels."""
    return _derive(master, "D", NO_BOT)


def find_caller(master: bytes, key: str) -> tuple[Caller, str] | None:
    """Whose key this is, and the secret that belongs to it; None for a key of nobody."""
    found = KEY.fullmatch(key)
    kind, bot_id = (found[1], found[2]) if found else ("D", NO_BOT)
    credentials = _derive(master, kind, bot_id)
    if not hmac.compare_digest(credentials.key.encode(), key.encode()) or (kind == "D" and bot_id != NO_BOT):
        return None
    return Caller(KINDS[kind], bot_id if kind == "B" else ""), credentials.secret


def _derive(master: bytes, kind: str, bot_id: str) -> BotCredentials:
    tag = _tag(master, f"key:{kind}:{bot_id}")[:49]
    return BotCredentials(f"TH{kind}{bot_id}{tag}", _tag(master, f"secret:{kind}:{bot_id}"))


def _tag(master: bytes, text: str) -> str:
    return hmac.new(master, f"tradehelm-gateway:{text}".encode(), hashlib.sha256).hexdigest()
