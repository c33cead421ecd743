"""What is asked back or offered at the end of a turn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.offline.found import PERCENT_LABELS
from agent.offline.memory import Pending
from agent.offline.phrasing import bold, duration, limits, listed, number
from agent.offline.plan import Done, Ending
from agent.offline.requests import Reading, Step, Target, Verb
from agent.words import Language, say


def ask(language: Language, pending: Pending) -> str:
    """The question for what a request lacks."""
    names = pending.steps[0].target.names
    return say(
        language,
        f"offline.ask.{pending.missing}",
        bots=listed(language, bold(pending.options), "or"),
        bot=listed(language, bold(names)) or say(language, "offline.whom.one"),
    )


def offer(language: Language, steps: Sequence[Step]) -> str:
    """The question whether to do some steps."""
    what = [
        say(
            language,
            f"offline.do.{step.verb}{'_exit' if step.settings.get('exit') else ''}",
            bots=_whom(language, Target(it=True) if i and steps[i - 1].target == step.target else step.target),
            settings=_settings(language, step),
        )
        for i, step in enumerate(steps)
    ]
    return say(language, "offline.offer", what=listed(language, what))


def _whom(language: Language, target: Target) -> str:
    if target.names:
        return listed(language, bold(target.names))
    if target.every:
        return say(language, "offline.whom.all")
    if target.both:
        return say(language, "offline.whom.both")
    if target.pairs:
        return say(language, "offline.whom.one") + f" ({', '.join(target.pairs)})"
    return say(language, "offline.whom.it" if target.it else "offline.whom.one")


def _settings(language: Language, step: Step) -> str:
    said = [_setting(language, key, value) for key, value in step.settings.items()]
    said += [f"+{pair}" for pair in step.add_pairs] + [f"-{pair}" for pair in step.drop_pairs]
    if step.verb == "force_exit" and not said:
        return say(language, "offline.set.everything")
    return ", ".join(said) or "…"


def _setting(language: Language, key: str, value: Any) -> str:
    if key == "mode":
        return say(language, f"mode.{value}")
    if isinstance(value, list):
        return listed(language, [str(item) for item in value])
    if key == "changes":
        return limits(language, value)
    if key == "minutes":
        return say(language, "offline.set.minutes", value=duration(language, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}={number(language, one)}" for name, one in value.items())
    if key in PERCENT_LABELS and value == 0:
        return say(language, f"offline.set.no_{key}")
    return say(language, f"offline.set.{key}", value=number(language, value))


def next_offer(ending: Ending, reading: Reading) -> tuple[Step, ...]:
    """What to offer after a turn: what was perhaps asked for, or the nearest thing to what was not possible."""
    if ending.offer or reading.offered:
        return ending.offer or reading.offered
    last = next((one for one in reversed(ending.done) if one != "skipped"), None)
    if not isinstance(last, Done):
        return ()
    if last.status == "refused":
        instead = _allowed_instead(last)
        return (
            (*instead, Step("start_bot", target=Target(it=True)))
            if instead and last is not ending.done[-1]
            else instead
        )
    running = [one for one in ending.done if isinstance(one, Done) and _was_running(one)]
    if running and running[0].call.verb == last.call.verb:
        return _stopped_first(running)
    made = [
        one for one in ending.done if isinstance(one, Done) and one.call.verb == "create_bot" and one.status == "done"
    ]
    said_no = any(step.verb == "start_bot" for step in reading.denied)
    if made and last is made[-1] and not said_no:
        return (Step("start_bot", target=Target(names=tuple(str(one.bot.get("name")) for one in made))),)
    return ()


def _was_running(one: Done) -> bool:
    off = one.call.verb in ("delete_bot", "change_mode")
    return off and one.returned.get("problem") in ("bot_running", "wrong_state")


def _stopped_first(running: Sequence[Done]) -> tuple[Step, ...]:
    """What takes a bot that is off, once it is."""
    target = Target(names=tuple(str(one.call.args["bot"]) for one in running))
    call = running[0].call
    mode = {"mode": call.args["mode"]} if "mode" in call.args else {}
    verb: Verb = "change_mode" if mode else "delete_bot"
    return (Step("stop_bot", target=target), Step(verb, mode, target, confirmed=True))


def _allowed_instead(refused: Done) -> tuple[Step, ...]:
    """The same request within the limit that refused it."""
    numbers: Mapping[str, Any] = refused.returned.get("numbers") or {}
    if refused.call.verb != "create_bot":
        return ()
    step = Step("create_bot", dict(refused.call.args))
    match refused.returned.get("rule"):
        case "live_disabled":
            return (replace(step, settings={**step.settings, "mode": "SIMULATED"}),)
        case "trade_size" if "max" in numbers:
            most = float(numbers["max"])
            stake = int(most) if most == int(most) else most
            return (replace(step, settings={**step.settings, "stake": stake}),) if stake > 0 else ()
    return ()
