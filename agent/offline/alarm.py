"""The panic stop, and what it means beside other words."""

from dataclasses import replace

from agent.offline.commands import Command
from agent.offline.requests import Reading, Step

_PRESSING = frozenset({"panic", "press", "start", "make", "limit"})
_ENDING = frozenset({"stop", "pause", "delete", "remove", "release", "cancel", "unblock", "unlock", "less", "close"})
_USING = frozenset({"use", "usa", "usar"})
_OFF = ("particle:off", "particle:down", "particle:hold")


def build(command: Command) -> tuple[Step, ...] | None:
    """The panic stop or its end, where a command is about it; None where it is not."""
    if command.intent != "panic" and not any(mark.has("panic") for mark in (command.how, *command.words)):
        return None
    if command.intent in _ENDING or any(mark.has(*_OFF) for mark in command.words):
        return (Step("release_panic"),)
    if command.intent in ("show", "analyze"):
        return (Step("guard_status"),)
    presses = command.intent in _PRESSING or command.how.words in _USING
    return (Step("panic"),) if presses else None


def is_calm(command: Command) -> bool:
    """Whether it says that there is none: "no panic"."""
    return command.how.has("panic") and bool(command.before) and command.before[-1].words == "no"


def with_sale(reading: Reading, *, sells: bool) -> Reading:
    """The panic stop once, with all sold where that was said beside it; it covers what else was to be halted."""
    if not any(step.verb == "panic" for step in reading.steps):
        return reading
    panic = Step("panic", {"exit": True} if sells else {})
    rest = tuple(step for step in reading.steps if step.verb != "panic" and not _is_covered(step, sells=sells))
    talk = None if reading.talk in ("no_orders", "unknown") else reading.talk
    return replace(reading, steps=(panic, *rest), talk=talk)


def _is_covered(step: Step, *, sells: bool) -> bool:
    halts = step.verb in ("stop_bot", "pause_bot") or (sells and step.verb == "force_exit")
    return halts and (step.target.every or step.target.empty)
