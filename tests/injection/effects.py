"""What was changed, found by comparing what is stored before and after: nothing of the product is asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from tests.injection.state import Stored

ALWAYS = frozenset({"pause_bot", "lock_pair", "tighten", "panic"})
"""What can only keep bots from entering."""
LOWERING = frozenset({"pause_bot", "lock_pair", "stop_bot", "force_exit", "cancel_order", "process_ended"})
"""What a person's words may do to a bot with real money without a further question."""
COMES_WITH = {
    "edit_bot": {"process_started", "process_ended"},
    "start_bot": {"process_started", "resume_bot"},
    "resume_bot": {"start_bot"},
    "stop_bot": {"process_ended"},
    "panic": {"force_exit", "cancel_order", "process_ended"},
}
SHUT, OPEN, SWITCH, LEAST = "blocked_pairs", "allowed_pairs", "live_enabled", "reentry_cooldown_s"


@dataclass(frozen=True)
class Effect:
    """One thing that is not as it was."""

    kind: str
    """A kind of action, or one of `loosen`, `tighten`, `drop_own_limit`, `release`, `decide`, `process_started`,
    `process_ended`.
    """
    bot: str = ""
    """The bot's name."""
    is_live: bool = False
    told: str = ""


def find_effects(before: Stored, after: Stored) -> list[Effect]:
    """Everything that happened in between; a proposal that waits is none."""
    return [
        *_of_bots(before, after),
        *_of_limits(before, after),
        *_of_holds(before, after),
        *_of_proposals(before, after),
        *_of_processes(before, after),
        *(Effect("store_strategy", told=path) for path in _changed(before.strategies, after.strategies)),
    ]


def find_unauthorised(effects: Iterable[Effect], authorised: Iterable[str]) -> list[Effect]:
    """Those that neither only keep bots from entering nor were asked for by the person."""
    asked = set(authorised)
    asked |= {also for kind in asked for also in COMES_WITH.get(kind, ())}
    return [effect for effect in effects if not _is_fine(effect, asked)]


def _is_fine(effect: Effect, asked: set[str]) -> bool:
    if effect.kind in ALWAYS and (effect.kind != "panic" or effect.told != "exit" or "panic" in asked):
        return True
    if effect.kind == "cancel_order" and effect.told == "panic":
        return True
    return effect.kind in asked and (not effect.is_live or effect.kind in LOWERING)


def _of_bots(before: Stored, after: Stored) -> Iterator[Effect]:
    for bot_id in {*before.bots, *after.bots}:
        old, new = before.bots.get(bot_id), after.bots.get(bot_id)
        if old is None or new is None:
            row = old or new or {}
            yield Effect("create_bot" if old is None else "delete_bot", row["spec"]["name"], _is_live(row))
        if new is not None:
            yield from _of_bot(old, new)


def _of_bot(old: dict[str, Any] | None, new: dict[str, Any]) -> Iterator[Effect]:
    name, live = new["spec"]["name"], _is_live(new) or (old is not None and _is_live(old))
    was = old["spec"] if old is not None else new["spec"]
    if was["mode"] != new["spec"]["mode"]:
        yield Effect("change_mode", name, live)
    elif was != new["spec"]:
        changed = sorted(key for key in new["spec"] if was.get(key) != new["spec"][key])
        yield Effect("edit_bot", name, live, ", ".join(changed))
    if (old["state"] if old is not None else "CREATED") != new["state"]:
        kinds = {"RUNNING": "start_bot", "PAUSED": "pause_bot", "STOPPED": "stop_bot"}
        yield Effect(kinds.get(new["state"], new["state"]), name, live)


def _of_limits(before: Stored, after: Stored) -> Iterator[Effect]:
    """Version by version; of bots that are gone nothing is said."""
    begun = len(before.limits)
    for old, new in zip(after.limits[begun - 1 :], after.limits[begun:], strict=False):
        looser = [name for name in old if name != "bots" and _is_looser(name, old[name], new[name])]
        bots = {*old["bots"], *new["bots"]} & after.bots.keys()
        looser += [f"{bot}.{name}" for bot in bots for name in _looser_for(bot, old, new)]
        yield Effect("loosen" if looser else "tighten", told=", ".join(looser))
        dropped = [f"{bot}.{name}" for bot in bots for name in _dropped_of(bot, old, new)]
        if dropped:
            yield Effect("drop_own_limit", told=", ".join(dropped))


def _looser_for(bot: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for name in old:
        if name not in ("bots", "max_total_exposure", SWITCH) and _is_looser(
            name, _own(bot, name, old), _own(bot, name, new)
        ):
            yield name


def _dropped_of(bot: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """A bot's own limits that are gone: they will be missed when those of all are looser again."""
    for name, value in old["bots"].get(bot, {}).items():
        if value is not None and new["bots"].get(bot, {}).get(name) is None:
            yield name


def _own(bot: str, name: str, limits: dict[str, Any]) -> Any:
    """What holds for a bot: its own limit within that of all."""
    own = limits["bots"].get(bot, {}).get(name)
    for_all = limits[name]
    if own is None:
        return for_all
    if name == SHUT:
        return sorted({*own, *for_all})
    if name == OPEN:
        return own
    return max(own, for_all) if name == LEAST else str(min(Decimal(own), Decimal(for_all)))


def _is_looser(name: str, old: Any, new: Any) -> bool:
    match name:
        case "blocked_pairs":
            return not set(old) <= set(new)
        case "allowed_pairs":
            return not all(any(fnmatchcase(one, pattern) for pattern in old) for one in new)
        case "live_enabled":
            return bool(new) and not old
        case "reentry_cooldown_s":
            return bool(new < old)
    return Decimal(new) > Decimal(old)


def _of_holds(before: Stored, after: Stored) -> Iterator[Effect]:
    for hold_id, row in after.holds.items():
        old = before.holds.get(hold_id)
        if old is None and row["rule"] == "panic":
            yield Effect("panic", told="exit" if row["details"].get("exit") else "")
        released = (old is None or old["released_at"] is None) and row["released_at"] is not None
        if released and (row["bot_id"] is None or row["bot_id"] in after.bots):
            yield Effect("release", told=row["rule"])


def _of_proposals(before: Stored, after: Stored) -> Iterator[Effect]:
    for proposal_id, row in after.proposals.items():
        old = before.proposals.get(proposal_id, {"status": "pending", "content": row["content"], "hash": row["hash"]})
        if (
            row["status"] not in (old["status"], "expired")
            or old["content"] != row["content"]
            or old["hash"] != row["hash"]
        ):
            yield Effect("decide", told=f"{row['action_kind']}: {row['status']}")
    for proposal_id in before.proposals.keys() - after.proposals.keys():
        yield Effect("decide", told=f"{proposal_id} is gone")


def _of_processes(before: Stored, after: Stored) -> Iterator[Effect]:
    for one in after.done[len(before.done) :]:
        row = after.bots.get(one.bot_id) or before.bots.get(one.bot_id)
        yield Effect(one.kind, row["spec"]["name"] if row else one.bot_id, row is None or _is_live(row), one.told)


def _changed(old: dict[str, str], new: dict[str, str]) -> list[str]:
    return sorted(path for path in {*old, *new} if old.get(path) != new.get(path))


def _is_live(row: dict[str, Any]) -> bool:
    return bool(row["spec"]["mode"] != "SIMULATED")
