"""A message that only answers the last question completes the request before it."""

from dataclasses import replace

from agent.offline.found import Settings
from agent.offline.marks import Mark, read_marks
from agent.offline.memory import Pending
from agent.offline.requests import Reading, Step, Target
from agent.offline.resolve import choose
from agent.offline.settings import read_settings
from agent.offline.targets import read_target
from agent.offline.tokens import Text, read_text
from agent.words import Language

_CREATING = frozenset({"pairs", "stake", "pairs_and_stake"})
_FILLING = frozenset({"edit_bot", "analyze_market", "bot_status", "set_limits", "set_bot_limits"})


def complete(pending: Pending, reading: Reading, said: str, language: Language) -> tuple[Step, ...] | None:
    """The steps with what was missing, where a message says just that; None where it says something else."""
    starts = pending.missing in _CREATING and [step.verb for step in (*reading.steps, *reading.offered)] == [
        "start_bot"
    ]
    if reading.denied or not (starts or (not reading.offered and _may_fill(reading))):
        return None
    text = read_text(said)
    marks = read_marks(text, language)
    step = _complete_step(pending, text, marks)
    if step is None:
        return None
    rest = pending.steps[1:]
    return (step, *rest, Step("start_bot", target=Target(it=True))) if starts and not rest else (step, *rest)


def _may_fill(reading: Reading) -> bool:
    """Whether a message can be an answer: it asks for nothing by itself, or only seems to because it is short."""
    if reading.talk not in (None, "unknown"):
        return False
    return all(
        step.verb in _FILLING and (not reading.explicit or (step.verb == "edit_bot" and step.target.empty))
        for step in reading.steps
    )


def _complete_step(pending: Pending, text: Text, marks: list[Mark]) -> Step | None:
    step = pending.steps[0]
    match pending.missing:
        case "bot":
            return _with_target(step, pending.options, read_target(text, marks))
        case "changes":
            return _with_changes(step, read_settings(text, marks, creating=False))
        case "pair":
            found = read_settings(text, marks, creating=False).found
            return replace(step, settings={**step.settings, "pair": found["pairs"][0]}) if "pairs" in found else None
    settings = read_settings(text, marks, creating=True)
    return _filled(step, settings)


def _with_changes(step: Step, settings: Settings) -> Step | None:
    settings.found.pop("mode", None)
    return _filled(step, settings)


def _filled(step: Step, settings: Settings) -> Step | None:
    """The step with what was told; a doubt of before is gone where something new was told."""
    if not (settings.found or settings.doubts):
        return None
    return replace(step, settings={**step.settings, **settings.found}, doubts=tuple(settings.doubts), unread=())


def _with_target(step: Step, options: tuple[str, ...], target: Target) -> Step | None:
    """The step about the bots that were chosen; a place such as "the second" counts in the order that was shown."""
    if target.empty:
        return None
    if target.nth is not None or target.every or target.both:
        shown = choose(replace(target, states=frozenset()), [{"name": name} for name in options], "")
        return replace(step, target=Target(names=shown)) if isinstance(shown, tuple) else None
    return replace(step, target=target)
