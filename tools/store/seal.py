"""The seal of a line of the audit: a hash over the line and the seal of the one before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

SEALED = (
    "id", "submission", "phase", "action_kind", "risk", "action", "actor", "door", "verdict", "rule", "numbers",
    "receipt", "at", "previous",
)  # fmt: skip


def seal(line: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of all columns of a line but `seal` itself."""
    content = {name: line[name] for name in SEALED}
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} cannot be sealed")
