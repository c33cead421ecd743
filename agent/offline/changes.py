"""Changes to a bot: new settings, and those that are relative to what is there."""

from collections.abc import Sequence

from agent.offline import limits, names
from agent.offline.commands import Command
from agent.offline.found import PERCENT_LABELS, Settings
from agent.offline.marks import Mark
from agent.offline.requests import Doubt, Nudge, Step, Target
from agent.offline.settings import read_settings
from agent.offline.targets import read_target
from agent.offline.tokens import Text

Changed = tuple[Step, ...] | str
"""One step, or the key of an answer where there is nothing to do."""

_NUDGED = ("stake", "max_open_trades", "stoploss_pct", "take_profit_pct")
_ABSOLUTE = frozenset({"to", "para", "pra", "ate", "up to", "down to"})
_NAME = ("name", "nome", "o nome")
_RELATIVE = frozenset({"by", "em", "em mais", "by another", "mais", "another", "with another"})
_TIES = frozenset({"to", "para", "pra", "as", "como", "into", "por"})
_LINKS = frozenset(
    {"to", "from", "into", "in", "on", "of", "ao", "a", "do", "da", "no", "na", "de", "para", "pro", "em"}
)


def edit(text: Text, command: Command) -> Changed:
    """New settings for a bot, and its mode, which is changed by itself."""
    if _is_about_limits(command):
        return limits.change(text, command)
    settings, target = _changes(text, command)
    mode = settings.found.pop("mode", None) or command.how.value("mode")
    turned = (Step("change_mode", {"mode": mode}, target),) if mode else ()
    if turned and not (settings.found or settings.doubts):
        return turned
    return (Step("edit_bot", settings.found, target, doubts=tuple(settings.doubts)), *turned)


def rename(text: Text, command: Command) -> Changed:
    """A new name for a bot."""
    words = command.words
    tie = next((i for i, mark in enumerate(words) if mark.words in _TIES), None)
    if tie is None or tie + 1 == len(words):
        return (Step("edit_bot", target=read_target(text, words[:tie])),)
    target = read_target(text, words[:tie])
    name = names.whole_name(text, words[tie], words[tie + 1 :])
    if name is None:
        return (Step("edit_bot", target=target, doubts=(Doubt("name"),)),)
    return (Step("edit_bot", {"name": name}, target),)


def clear(text: Text, words: Sequence[Mark]) -> tuple[Step] | None:
    """Stop loss or take profit as the strategy has it: "remove the stop loss of alpha"; None where neither is named."""
    cut = next((i for i, mark in enumerate(words) if mark.has("comma", "reason", "but")), len(words))
    labels = {i for i, mark in enumerate(words[:cut]) if mark.has(*(f"set:{key}" for key in PERCENT_LABELS))}
    keys = [key for key in PERCENT_LABELS if any(words[i].has(f"set:{key}") for i in labels)]
    if not keys:
        return None
    return (Step("edit_bot", dict.fromkeys(keys, 0), read_target(text, words, labels)),)


def nudge(text: Text, command: Command, sign: int) -> Changed:
    """More or less of a setting: "by 10" is relative, "to 10" is not, and a bare number is asked about."""
    if _is_about_limits(command):
        return limits.change(text, command)
    step = _edit_step(text, command)
    key = next((key for key in _NUDGED if key in step.settings), None)
    if step.doubts or key is None or any(mark.words in _ABSOLUTE for mark in command.words):
        return (step,)
    amount = next(mark.amount for mark in command.words if mark.amount)
    if not _is_relative(command.words):
        rest = {name: value for name, value in step.settings.items() if name != key}
        return (Step("edit_bot", rest, step.target),)
    by = sign * amount.number
    change = Nudge(key, times=1 + by / 100) if amount.percent and key == "stake" else Nudge(key, plus=by)
    return (Step("edit_bot", {}, step.target, nudge=change),)


def scale(text: Text, command: Command, times: float) -> Changed:
    """The stake times a factor."""
    labels = {i for i, mark in enumerate(command.words) if mark.has("set:stake")}
    return (Step("edit_bot", target=read_target(text, command.words, labels), nudge=Nudge("stake", times=times)),)


def add_pairs(text: Text, command: Command) -> Changed:
    """Further pairs for a bot: "add SOL to alpha"."""
    zone = after_link(command.words)
    pairs = _pairs(text, command.words[: len(command.words) - len(zone)])
    return (Step("edit_bot", target=read_target(text, zone), add_pairs=pairs),) if pairs else "unknown"


def drop_pairs(text: Text, command: Command) -> Changed:
    """Fewer pairs for a bot: "remove ETH from alpha"."""
    zone = after_link(command.words)
    pairs = _pairs(text, command.words[: len(command.words) - len(zone)])
    return (Step("edit_bot", target=read_target(text, zone), drop_pairs=pairs),)


def after_link(words: Sequence[Mark]) -> Sequence[Mark]:
    """The words after the one that ties a pair to a bot: "SOL to | alpha"."""
    seen = False
    for i, mark in enumerate(words):
        seen = seen or mark.pair is not None
        if seen and mark.words in _LINKS:
            return words[i + 1 :]
    return ()


def _pairs(text: Text, words: Sequence[Mark]) -> tuple[str, ...]:
    return tuple(read_settings(text, words, creating=False).found.get("pairs", ()))


def _is_about_limits(command: Command) -> bool:
    return any(limits.is_strong(mark) for mark in command.words)


def _changes(text: Text, command: Command) -> tuple[Settings, Target]:
    """What to change, and of which bot; a coin may stand for the bot that trades it."""
    words = command.words
    names_it = any(mark.words in _NAME for mark in words)
    name, rest = _new_name(text, words) if names_it else (None, words)
    named = [i for i, mark in enumerate(rest) if mark.pair and _is_bot_named_by_pair(rest, i)]
    kept = [i for i in range(len(rest)) if i not in named]
    settings = read_settings(text, [rest[i] for i in kept], creating=False)
    if name:
        settings.found["name"] = name
    taken = {kept[i] for i in settings.taken}
    labels = {i for i in kept if rest[i].has("set:mode", "set:strategy", "set:pairs")}
    target = read_target(text, rest, taken | labels)
    return settings, read_target(text, command.before) if target.empty and command.before else target


def _is_bot_named_by_pair(words: Sequence[Mark], i: int) -> bool:
    """Whether a coin stands for a bot here: "change the btc bot's stake to 30", "set the stake of btc to 30"."""
    after_is_bot = i + 1 < len(words) and words[i + 1].has("bot")
    before_is_bot = i > 0 and words[i - 1].has("bot")
    earlier = words[:i]
    value = any(mark.has("set:pairs") or mark.words in ("to", "para", "pra", "with", "com", "por") for mark in earlier)
    another_setting = any(mark.amount or mark.value("strategy") for mark in words[i + 1 :])
    return after_is_bot or before_is_bot or (not value and another_setting)


def _new_name(text: Text, words: Sequence[Mark]) -> tuple[str | None, Sequence[Mark]]:
    """The name after the first "to" that follows "name", and the words around it."""
    label = next((i for i, mark in enumerate(words) if mark.words in _NAME), 0)
    tie = next((i for i, mark in enumerate(words) if i > label and mark.words in _TIES), None)
    if tie is None:
        return None, words
    name, taken = names.given_name(text, words, tie)
    return name, [mark for i, mark in enumerate(words) if i not in taken]


def _edit_step(text: Text, command: Command) -> Step:
    """The change with its number, which is the stake where "stake" is said and no other setting is."""
    settings, target = _changes(text, command)
    settings.found.pop("mode", None)
    amount = next((mark.amount for mark in command.words if mark.amount), None)
    if amount and not (settings.found or settings.doubts) and any(mark.has("set:stake") for mark in command.words):
        settings.found["stake"] = amount.number
    return Step("edit_bot", settings.found, target, doubts=tuple(settings.doubts))


def _is_relative(words: Sequence[Mark]) -> bool:
    return any(words[i - 1].words in _RELATIVE for i, mark in enumerate(words) if i and mark.amount)
