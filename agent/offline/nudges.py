"""Changes that are relative to what a bot has now."""

from collections.abc import Mapping
from typing import Any

from agent.offline.requests import Nudge, Step


def relative(bot: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """The settings of a step, worked out from those of a bot."""
    settings = dict(step.settings)
    if step.add_pairs or step.drop_pairs:
        dropped = {pair for pair in bot.get("pairs", ()) if any(_same(pair, one) for one in step.drop_pairs)}
        kept = [pair for pair in bot.get("pairs", ()) if pair not in dropped]
        settings["pairs"] = list(dict.fromkeys([*kept, *step.add_pairs]))
    if step.nudge:
        settings[step.nudge.setting] = _nudged(bot.get(step.nudge.setting), step.nudge)
    return settings


def _same(pair: str, other: str) -> bool:
    return pair == other or pair.partition("/")[0] == other.partition("/")[0]


def _nudged(value: Any, nudge: Nudge) -> int | float:
    changed = round(float(value) * nudge.times + nudge.plus, 8)
    return int(changed) if changed == int(changed) else changed
