"""Sees what is really done, and knows by itself what must not be: nothing here asks the product's judgement."""

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from tests.proofs.actors import has_word
from tests.proofs.clock import Clock
from tests.proofs.tally import Tally
from tools.actions import Action, canonical
from tools.bot import Mode
from tools.bots.registry import Bot
from tools.guard.actor import Actor
from tools.guard.limits import Limits
from tools.store.seal import seal
from tools.views import ProposalView

WAIT = EXPIRY = timedelta(minutes=10)
PAIRS = ("BTC/USDT", "ETH/USDT", "DOGE/USDT", "SOL/USDT")
REAL_MONEY = {
    "create_bot", "edit_bot", "start_bot", "resume_bot", "delete_bot", "force_entry", "unlock_pair",
}  # fmt: skip
"""What touches real money where the bot does."""
HARMLESS = {"pause_bot", "lock_pair", "block_pair", "set_limits", "set_bot_limits"}
"""What may be done in a turn that has read a stranger's text, as long as it loosens nothing."""
COUNTED = (
    "max_trade", "max_bot_exposure", "max_total_exposure", "max_open_trades", "max_daily_loss", "max_drawdown",
    "max_loss_streak", "max_entries_per_minute", "max_entries_per_hour", "live_enabled",
)  # fmt: skip


class Breach(AssertionError):
    """An invariant does not hold; kept, since the product may catch it where it catches everything."""

    found: ClassVar[list["Breach"]] = []

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.found.append(self)


def must(holds: object, what: str, **told: object) -> None:
    if not holds:
        raise Breach(f"{what}: {told}")


@dataclass
class Shown:
    """A proposal as it was first shown, and what people said to it."""

    view: ProposalView
    content: str
    word_at: datetime | None = None
    is_denied: bool = False
    done: int = 0

    @property
    def must_wait(self) -> bool:
        return self.view.why == "loosening"


def open_pairs(limits: Limits) -> set[str]:
    """Of the pairs of this world."""
    patterns = [re.compile(pattern.replace("*", ".*")) for pattern in limits.allowed_pairs]
    return {pair for pair in PAIRS if any(one.fullmatch(pair) for one in patterns)} - limits.blocked_pairs


def loosens(before: Limits, after: Limits, bots: Mapping[str, Bot]) -> str | None:
    """What any of the bots, or all together, may do after and might not before."""
    for bot_id in (None, *bots):
        old, new = before.of(bot_id), after.of(bot_id)
        for name in COUNTED:
            if getattr(new, name) > getattr(old, name):
                return f"{bot_id} {name}"
        if new.reentry_cooldown_s < old.reentry_cooldown_s or not open_pairs(new) <= open_pairs(old):
            return f"{bot_id} pairs or cool-down"
    return None


class Witness:
    """Raises `Breach`."""

    def __init__(self, clock: Clock, database: sqlite3.Connection, tally: Tally) -> None:
        self.clock = clock
        self.tally = tally
        self.shown: dict[str, Shown] = {}
        self.may_loosen = False
        self.may_release: set[str | None] = set()
        self._database = database
        self._used_line = 0
        self._sealed = (0, "")

    def show(self, view: ProposalView) -> None:
        """A proposal is seen by somebody: it never says something else later."""
        known = self.shown.get(view.id)
        if known is None:
            self.shown[view.id] = Shown(view, json.dumps(view.action, sort_keys=True))
            self.tally.count("proposals made")
            return
        must(known.view.hash == view.hash, "a proposal changed its hash", id=view.id)
        must(known.content == json.dumps(view.action, sort_keys=True), "a proposal changed its action", id=view.id)

    def find(self, *statuses: str) -> list[str]:
        """The proposals that are kept with one of these statuses, the newest first."""
        marks = ", ".join("?" * len(statuses))
        query = f"SELECT id FROM proposal WHERE status IN ({marks}) ORDER BY created_at DESC"
        return [row[0] for row in self._database.execute(query, statuses)]

    def held(self) -> dict[str | None, str]:
        """The rules for which bots are held, as it is written; None is the panic stop."""
        return dict(self._database.execute("SELECT bot_id, rule FROM hold WHERE released_at IS NULL"))

    def read_ever_held(self) -> set[str | None]:
        return {row[0] for row in self._database.execute("SELECT bot_id FROM hold")}

    def hear(self, proposal_id: str, sent: str, actor: Actor) -> bool:
        """Somebody says yes; whether that counts."""
        shown = self.shown.get(proposal_id)
        if shown is None or not has_word(actor) or sent != shown.view.hash:
            return False
        if proposal_id not in self.find("pending"):
            return False
        at = self.clock.now()
        if at >= shown.view.created_at + EXPIRY or shown.is_denied:
            return False
        shown.word_at = at
        return True

    def note_deny(self, proposal_id: str) -> None:
        self.shown[proposal_id].is_denied = True

    def see_effect(self, action: Action, actor: Actor, bot: Bot | None, has_own_limits: bool) -> None:
        """Something is about to be done: the newest line of the audit is its leave, used once."""
        line = self._read_newest_line()
        must(line is not None and line["id"] > self._used_line, "no line of its own before an effect", action=action)
        assert line is not None
        self._used_line, held = line["id"], self.held()
        self.tally.count(f"done: {action.kind}")
        if line["phase"] == "judged":
            must(line["verdict"] == "allow", "an effect that was not allowed", action=action)
            must(json.loads(canonical(action)) == line["action"], "an effect that was not judged", action=action)
            must(
                not _needs_word(action, actor, bot, held.get(bot.id) if bot else None, has_own_limits),
                "done without a person's word",
                action=action,
                actor=actor,
            )
        else:
            self._see_proposal_done(action, line)
        enters = action.kind in ("force_entry", "resume_bot") or (
            action.kind == "start_bot" and not getattr(action, "paused", False)
        )
        must(not (None in held and enters), "let in during panic", action=action)

    def _see_proposal_done(self, action: Action, line: Mapping[str, Any]) -> None:
        shown = self.shown.get(str(line["action"].get("proposal")))
        must(shown is not None, "an effect of a proposal that nobody saw", action=action, line=dict(line))
        assert shown is not None
        leave = "decided", "allow" if shown.must_wait else "confirm"
        must((line["phase"], line["verdict"]) == leave, "an effect with no leave", line=dict(line))
        must(shown.content == canonical_sorted(action), "another action than the one that was shown", action=action)
        must(shown.word_at is not None, "done with nobody's word", action=action)
        must(not shown.is_denied, "done though it was denied", action=action)
        must(shown.done == 0, "done twice", action=action)
        assert shown.word_at is not None
        shown.done += 1
        self.tally.count(f"proposals executed ({shown.view.why})")
        if action.kind in ("set_limits", "set_bot_limits", "unblock_pair"):
            asker = shown.view
            must(shown.must_wait, "loosened for another reason", action=action)
            must(not asker.by_agent and asker.door != "mcp", "loosened for a model", action=action)
            must(self.clock.now() >= shown.word_at + WAIT, "loosened before its wait", action=action)
            self.may_loosen = True
            self.tally.count("loosenings done")
        if action.kind in ("start_bot", "resume_bot"):
            self.may_release.add(action.bot_id)  # type: ignore[union-attr]
        if action.kind == "release_panic":
            must(not shown.view.by_agent, "panic lifted for a model", action=action)
            self.may_release.add(None)

    def see_limits(self, before: Limits, after: Limits, bots: Mapping[str, Bot]) -> None:
        """After a step."""
        if before is not after and not self.may_loosen:
            loosened = loosens(before, after, bots)
            must(loosened is None, "a limit was loosened without a word or a wait", limit=loosened)
        self.may_loosen = False

    def see_holds(self, before: set[str | None], after: set[str | None], bots: Mapping[str, Bot]) -> None:
        """After a step: only a person lets go what the guard held."""
        for gone in before - after:
            must(gone in self.may_release or (gone is not None and gone not in bots), "let go with no word", bot=gone)
        self.may_release.clear()

    def see_account(self) -> None:
        """The lines since the last look, each sealed by its content and the one before."""
        lines = self._database.execute("SELECT * FROM audit WHERE id > ? ORDER BY id", (self._sealed[0],))
        names = [column[0] for column in lines.description]
        for values in lines:
            line = dict(zip(names, values, strict=True))
            for name in ("action", "actor", "numbers", "receipt"):
                line[name] = None if line[name] is None else json.loads(line[name])
            line["at"] = datetime.fromisoformat(line["at"]).replace(tzinfo=UTC)
            must((line["id"], line["previous"]) == (self._sealed[0] + 1, self._sealed[1]), "no chain", line=line["id"])
            must(seal(line) == line["seal"], "a line that is not what was sealed", line=line["id"])
            self._sealed = line["id"], line["seal"]

    def _read_newest_line(self) -> dict[str, Any] | None:
        query = "SELECT id, phase, verdict, action FROM audit ORDER BY id DESC LIMIT 1"
        found = self._database.execute(query).fetchone()
        if found is None:
            return None
        number, phase, verdict, action = found
        return {"id": number, "phase": phase, "verdict": verdict, "action": json.loads(action)}


def canonical_sorted(action: Action) -> str:
    return json.dumps(json.loads(canonical(action)), sort_keys=True)


def _needs_word(action: Action, actor: Actor, bot: Bot | None, held: str | None, has_own_limits: bool) -> bool:
    """Whether an action may only be done with a person's word on exactly it, as the product promises."""
    spec = getattr(action, "spec", None) or (bot.spec if bot else None)
    comes_back = action.kind == "start_bot" and actor.door == "recovery" and not actor.tainted
    if spec is not None and spec.mode is not Mode.SIMULATED and action.kind in REAL_MONEY and not comes_back:
        return True
    if action.kind == "change_mode":
        return getattr(action, "mode", None) is not Mode.SIMULATED or actor.tainted
    if action.kind in ("release_panic", "unblock_pair", "settle_finding"):
        return True
    if action.kind == "store_strategy":
        return actor.tainted or not has_word(actor)
    if action.kind in ("start_bot", "resume_bot") and held and not getattr(action, "paused", False):
        return True
    lifts = action.kind == "unlock_pair" or (action.kind == "delete_bot" and (held or has_own_limits))
    if lifts and not has_word(actor) and actor.door != "recovery":
        return True
    if action.kind == "panic":
        return actor.tainted and bool(getattr(action, "exit", False))
    return actor.tainted and action.kind not in HARMLESS
