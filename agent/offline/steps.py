"""A command as the steps that do it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.offline import alarm, changes, limits, orders, shutting
from agent.offline.commands import Command, is_new_bot
from agent.offline.creation import count_bots, create, speaks_of_new_bot
from agent.offline.marks import Mark
from agent.offline.requests import Step, Target, Verb
from agent.offline.targets import read_target
from agent.offline.tokens import Text
from agent.offline.topics import find_topic

Built = tuple[Step, ...] | str
"""The steps, or the key of an answer where there is nothing to do; an empty one where the words mean nothing."""

_LIVE_VERBS = frozenset(
    {"enable", "activate", "turn", "switch", "habilite", "habilita", "ative", "ativa", "ligue", "liga"}
)
_INNER: dict[str, Verb] = {
    "do:start": "start_bot",
    "do:pause": "pause_bot",
    "do:stop": "stop_bot",
    "do:trade": "start_bot",
}
_PARTICLES: tuple[tuple[str, Verb], ...] = (
    ("hold", "pause_bot"),
    ("run", "start_bot"),
    ("off", "stop_bot"),
    ("down", "stop_bot"),
    ("on", "start_bot"),
)
_ORDERING = frozenset({"mande", "manda"})
_LETTING = frozenset({"let", "deixa", "deixe", "deixar"})
_AGAIN = frozenset({"again", "de novo", "novamente", "outra vez"})
_USING = frozenset({"use", "usa", "usar"})
_TRADES = frozenset({"trade", "position", "operacao", "posicao"})
_START_IT = Step("start_bot", target=Target(it=True))


def build_steps(text: Text, command: Command) -> Built:
    """What a command asks for, as steps of the verbs."""
    return alarm.build(command) or _of_things(text, command) or _BUILDERS[command.intent](text, command)


def _of_things(text: Text, command: Command) -> Built:
    """What a verb of bots means where an order, a trade or the list of blocked pairs is its object."""
    words, intent = command.words, command.intent
    if any(mark.has("shut") for mark in words) and orders.pairs_of(words):
        if intent in ("remove", "delete"):
            return shutting.unblock(text, command)
        return shutting.block(text, command) if intent in ("make", "add", "edit") else ""
    if intent not in ("remove", "delete", "stop"):
        return ""
    if any(mark.has("order") for mark in words):
        return orders.cancel(text, command)
    traded = any(mark.words in _TRADES for mark in words) and orders.pairs_of(words)
    return orders.leave(text, command) if traded else ""


def _lifecycle(verb: Verb) -> Callable[[Text, Command], Built]:
    def build(text: Text, command: Command) -> Built:
        target = _target(text, command)
        if any(mark.has("see:limits") for mark in command.words) and not target.names:
            return "limits_yours"
        return (Step(verb, target=target),)

    return build


def _target(text: Text, command: Command) -> Target:
    """Whom a command names; what stands before it counts where nothing after it does: "alpha: stop"."""
    target = read_target(text, command.words)
    return read_target(text, command.before) if target.empty and command.before else target


def _start(text: Text, command: Command) -> Built:
    target = _target(text, command)
    switches = any(mark.has("live_switch") for mark in command.words) and command.how.words.split()[0] in _LIVE_VERBS
    if switches and not target.names and not target.one:
        return shutting.switch(command, on=True)
    if speaks_of_new_bot(command.words) or _orders_bots(command.words):
        return (*create(text, command), _START_IT)
    if command.how.words.startswith("volt") and any(mark.value("mode") for mark in command.words):
        return changes.edit(text, command)
    return (Step("start_bot", target=target),)


def _orders_bots(words: Sequence[Mark]) -> bool:
    """Whether several bots are described as none is that is there: "20 bots on BTC with 100 USDT"."""
    described = any(mark.pair for mark in words) and any(mark.amount and mark.amount.currency for mark in words)
    return described and count_bots(words) is not None


def _stop(text: Text, command: Command) -> Built:
    """A bot, or what is switched off of it: "turn off the stop loss of alpha"."""
    switched = command.how.words.startswith(_SWITCHES) and not any(mark.amount for mark in command.words)
    if not switched:
        return _lifecycle("stop_bot")(text, command)
    unnamed = not _target(text, command).names
    real_money = shutting.switch(command, on=False) if unnamed else ""
    return real_money or changes.clear(text, command.words) or _lifecycle("stop_bot")(text, command)


_SWITCHES = ("disable", "turn off", "switch off", "deactivate", "desativ", "desabilit", "deslig")


def _delete(text: Text, command: Command) -> Built:
    return changes.clear(text, command.words) or _lifecycle("delete_bot")(text, command)


def _restart(text: Text, command: Command) -> Built:
    target = _target(text, command)
    return (Step("stop_bot", target=target), Step("start_bot", target=target))


def _remove(text: Text, command: Command) -> Built:
    """A pair of a bot, or a bot: "remove ETH from alpha", "remove alpha", "remove the ETH bot"."""
    words = command.words
    cleared = changes.clear(text, words)
    if cleared:
        return cleared
    about_bot = any(mark.has("bot", "bots", "abot", "all") for mark in words)
    if not any(mark.pair for mark in words) or (about_bot and not changes.after_link(words)):
        return _lifecycle("delete_bot")(text, command)
    return changes.drop_pairs(text, command)


def _add(text: Text, command: Command) -> Built:
    new = speaks_of_new_bot(command.words) or is_new_bot(command.words) or _orders_bots(command.words)
    return create(text, command) if new else changes.add_pairs(text, command)


def _edit(text: Text, command: Command) -> Built:
    used = _kept(text, command) if command.how.words in _USING else ""
    if used:
        return used
    return create(text, command) if speaks_of_new_bot(command.words) else changes.edit(text, command)


def _make(text: Text, command: Command) -> Built:
    """ "Make", "put", "turn": what it does is said by the words after it."""
    words = command.words
    kept = _kept(text, command)
    if kept:
        return kept
    if _orders_bots(words) or any(is_new_bot(words[i:]) for i in range(min(len(words), 3))):
        created = create(text, command)
        return (*created, _START_IT) if any(mark.has("particle:run") for mark in words) else created
    brought = _brought_about(words)
    if brought:
        verb, taken = brought
        return (Step(verb, target=read_target(text, [mark for mark in words if not mark.has(*taken)])),)
    built = changes.edit(text, command)
    return "unknown" if isinstance(built, tuple) and not built[0].settings else built


def _kept(text: Text, command: Command) -> Built:
    """What "make", "keep" and "let" bring about of trades, pairs and limits; nothing where it is none of these."""
    words = command.words
    if any(mark.has("outof") for mark in words):
        return orders.lock(text, command)
    again = command.how.words in _LETTING and any(mark.words in _AGAIN for mark in words) and orders.pairs_of(words)
    if again or any(mark.has("backin") for mark in words):
        return orders.unlock(text, command)
    if any(mark.has("do:block") for mark in words) and orders.pairs_of(words):
        return shutting.block(text, command)
    if any(mark.has("particle:enter") for mark in words):
        return (Step("resume_bot", target=_target(text, command)),)
    if any(limits.is_strong(mark) for mark in words) and any(mark.amount for mark in words):
        return limits.change(text, command)
    inner = next((mark for mark in words if mark.has("do:buy", "do:sell", "do:close") and mark.value("do")), None)
    if inner is None or inner.words in ("enter", "exit"):
        return ""
    inside = replace(command, words=tuple(mark for mark in words if mark is not inner), how=inner)
    built = (orders.enter if inner.has("do:buy") else orders.leave)(text, inside)
    return built if isinstance(built, tuple) else ""


def _brought_about(words: Sequence[Mark]) -> tuple[Verb, tuple[str, ...]] | None:
    """The verb of "make alpha stop" or "turn alpha off", with the tags of the words that say so."""
    if not any(mark.amount for mark in words):
        inner = next((mark for mark in words if _is_inner(mark)), None)
        if inner is not None:
            return next((verb, (tag,)) for tag, verb in _INNER.items() if tag in inner.tags)
    for particle, verb in _PARTICLES:
        tag = f"particle:{particle}"
        if any(mark.has(tag) for mark in words) and (particle in ("hold", "run") or _closes(words, tag)):
            return verb, (tag,)
    return None


def _is_inner(mark: Mark) -> bool:
    """Whether a verb is what "make" or "have" brings about: "make alpha stop", "have beta start trading"."""
    return mark.has(*_INNER) and (not mark.has("do:trade") or mark.words.startswith(("start", "comec")))


def _closes(words: Sequence[Mark], tag: str) -> bool:
    """Whether a particle stands at an end of its clause, as in "turn alpha off"; "on 5m" does not."""
    said = [mark for mark in words if not mark.has("lead", "comma", "conj", "break", "thanks")]
    return (bool(said) and said[-1].has(tag)) or (bool(words) and words[0].has(tag))


def _look(text: Text, command: Command) -> Built:
    """What is to be shown; Portuguese "mande" also has a bot do something."""
    kept = _kept(text, command) if command.how.words in _ORDERING else ""
    if kept:
        return kept
    topic = find_topic(text, (*command.words, command.how))
    return topic if isinstance(topic, str) else (topic,)


def _press(text: Text, command: Command) -> Built:
    """ "Press" is said of a button; Portuguese says the same of limits that are made tighter."""
    return limits.change(text, command) if command.how.has("do:limit") else ""


def _say(key: str) -> Callable[[Text, Command], Built]:
    return lambda _, __: key


_BUILDERS: dict[str, Callable[[Text, Command], Built]] = {
    "create": create,
    "trade": create,
    "start": _start,
    "pause": _lifecycle("pause_bot"),
    "stop": _stop,
    "delete": _delete,
    "restart": _restart,
    "remove": _remove,
    "add": _add,
    "edit": _edit,
    "rename": changes.rename,
    "more": lambda text, command: changes.nudge(text, command, 1),
    "less": lambda text, command: changes.nudge(text, command, -1),
    "double": lambda text, command: changes.scale(text, command, 2),
    "halve": lambda text, command: changes.scale(text, command, 0.5),
    "make": _make,
    "show": _look,
    "analyze": _look,
    "buy": orders.enter,
    "sell": orders.leave,
    "close": orders.close,
    "cancel": orders.cancel,
    "lock": orders.lock,
    "unlock": orders.unlock,
    "withdraw": _say("no_withdraw"),
    "block": shutting.block,
    "unblock": shutting.unblock,
    "only": shutting.only,
    "limit": limits.change,
    "resume": _lifecycle("resume_bot"),
    "stay": _kept,
    "press": _press,
    "release": _say(""),
    "clone": _say("unknown"),
}
