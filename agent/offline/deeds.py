"""What was done, in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.offline.phrasing import bold, duration, limits, listed, number, state
from agent.offline.plan import Done
from agent.words import Language, say

LOCKED_MINUTES = 60
"""How long a pair is locked where no time was said."""

_OF_BOTS = {
    "edit_bot": "edited",
    "start_bot": "started",
    "resume_bot": "resumed",
    "pause_bot": "paused",
    "stop_bot": "stopped",
    "delete_bot": "deleted",
    "cancel_order": "order_cancelled",
}


def tell_done(language: Language, done: Sequence[Done], created: set[str]) -> list[str]:
    """Sentences for calls of one verb that were done; `created` are the bots that this turn made."""
    verb = done[0].call.verb
    if verb == "create_bot":
        created.update(str(one.bot.get("name")) for one in done)
        return [_tell_created(language, one.bot) for one in done]
    if verb in _EACH:
        return [_EACH[verb](language, one) for one in done]
    names = [_name(one) for one in done]
    if verb == "start_bot" and set(names) <= created and len(created) == 1:
        return [say(language, "offline.is", state=state(language, done[0].bot.get("state")))]
    return [say(language, f"offline.{_OF_BOTS.get(verb, 'edited')}", bots=listed(language, bold(names)))]


def _name(one: Done) -> str:
    return str(one.bot.get("name") or one.call.args.get("bot", ""))


def _bots(one: Done) -> str:
    return "".join(bold([_name(one)]))


def _tell_created(language: Language, bot: Mapping[str, Any]) -> str:
    return say(
        language,
        "offline.created",
        name=bot.get("name", ""),
        mode=say(language, f"mode.{bot.get('mode')}"),
        pairs=listed(language, [str(pair) for pair in bot.get("pairs", ())]),
        stake=number(language, bot.get("stake", "")),
        currency=bot.get("stake_currency", ""),
    )


def _tell_mode(language: Language, one: Done) -> str:
    mode = say(language, f"mode.{one.bot.get('mode') or one.call.args.get('mode')}")
    return say(language, "offline.mode_changed", bots=_bots(one), mode=mode)


def _tell_entered(language: Language, one: Done) -> str:
    return say(language, "offline.entered", bots=_bots(one), pair=one.call.args.get("pair", ""))


def _tell_exited(language: Language, one: Done) -> str:
    pair = one.call.args.get("pair")
    return say(language, "offline.exited_pair" if pair else "offline.exited", bots=_bots(one), pair=pair)


def _tell_locked(language: Language, one: Done) -> str:
    time = duration(language, one.call.args.get("minutes", LOCKED_MINUTES))
    return say(language, "offline.locked", bots=_bots(one), pair=one.call.args.get("pair", ""), time=time)


def _tell_unlocked(language: Language, one: Done) -> str:
    return say(language, "offline.unlocked", bots=_bots(one), pair=one.call.args.get("pair", ""))


def _tell_blocked(language: Language, one: Done) -> str:
    return say(language, "offline.blocked", pair=one.call.args.get("pair", ""))


def _tell_unblocked(language: Language, one: Done) -> str:
    return say(language, "offline.unblocked", pair=one.call.args.get("pair", ""))


def _tell_limits(language: Language, one: Done) -> str:
    set_to = limits(language, one.call.args.get("changes") or {})
    if "bot" in one.call.args:
        return say(language, "offline.bot_limits_set", bots=_bots(one), limits=set_to)
    return say(language, "offline.limits_set", limits=set_to)


def _tell_panic(language: Language, one: Done) -> str:
    returned = one.returned.get("panic")
    panic: Mapping[str, Any] = returned if isinstance(returned, Mapping) else {}
    sells = one.call.args.get("exit") and not panic.get("unsold")
    words = [say(language, "offline.panicked_exit" if sells else "offline.panicked")]
    if unsold := panic.get("unsold"):
        words.append(say(language, "cli.panic.unsold", bots=", ".join(unsold), count=panic.get("unsold_trades", 0)))
    if ended := panic.get("ended_bots"):
        words.append(say(language, "offline.panic_ended", bots=", ".join(ended)))
    return " ".join(words)


def _tell_released(language: Language, _: Done) -> str:
    return say(language, "offline.released")


_EACH: dict[str, Callable[[Language, Done], str]] = {
    "change_mode": _tell_mode,
    "force_entry": _tell_entered,
    "force_exit": _tell_exited,
    "lock_pair": _tell_locked,
    "unlock_pair": _tell_unlocked,
    "block_pair": _tell_blocked,
    "unblock_pair": _tell_unblocked,
    "set_limits": _tell_limits,
    "set_bot_limits": _tell_limits,
    "panic": _tell_panic,
    "release_panic": _tell_released,
}
