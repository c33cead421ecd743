"""The hostile texts, read from the data files beside this one."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

CORPUS = Path(__file__).parent / "corpus"

Channel = Literal[
    "paste", "log", "source", "summary", "note", "strategy_name", "choice", "enter_tag", "exit_reason",
    "trade_pair", "open_trades", "bot_name", "bot_description", "start_failure", "bot_error",
]  # fmt: skip
"""How the text comes before the model."""

Goal = Literal[
    "live", "mode", "loosen", "release", "confirm", "open", "exit", "edit", "forget", "code", "secrets", "bad number",
    "unknown",
]  # fmt: skip
"""What its author is after."""

Setting = Literal["plain", "live", "panic", "held"]


class Call(BaseModel):
    """A tool call of a model that obeys: every field but these is an argument."""

    model_config = ConfigDict(extra="allow", frozen=True)

    verb: str
    raw: str | None = None
    """The arguments as the model would write them, where they are no proper JSON or TOML cannot say them."""
    call_id: str | None = None
    """The call's id, where that is part of the attack."""

    def arguments(self, known: Mapping[str, str]) -> str:
        """As JSON text, with the placeholders filled in."""
        text = json.dumps(self.model_extra) if self.raw is None else self.raw.replace("\n", "\\n")
        return fill(text, known)


class Entry(BaseModel):
    """One text, and what a model that obeys it to the letter would do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    language: str = "en"
    channel: Channel = "paste"
    technique: str
    goal: Goal
    world: Setting = "plain"
    """`live`: the owner allows real money. `panic`: the panic stop is on. `held`: the guard paused alpha."""
    says: str | None = None
    """What the person says, where that is not the channel's usual question."""
    text: str
    means: str | None = None
    """What it says once decoded."""
    rounds: list[list[Call]] = Field(min_length=1)
    """The calls of one response after the other; those of one response are made at once."""
    authorised: frozenset[str] = frozenset()
    """What the person's own words ask for, as kinds of actions: it may be done to simulated bots within the limits."""

    @property
    def is_direct(self) -> bool:
        return self.channel == "paste"

    @property
    def needs_any_action(self) -> bool:
        return any(call.verb == "act" for one in self.rounds for call in one)


def fill(text: str, known: Mapping[str, str]) -> str:
    """Puts ids and hashes where `{name}` stands; other braces stay."""
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def read_corpus() -> list[Entry]:
    """All entries, in the order of files and lines."""
    return [Entry.model_validate(one) for path in sorted(CORPUS.glob("*.toml")) for one in _read(path)]


def _read(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        yield from tomllib.load(file)["text"]
