"""A request carried out: the calls it takes, one batch after another, and how it ends.

The plan is a generator that is run anew for every request to the model, with what the calls of this turn have returned
so far: there is nothing to remember between requests but the messages themselves.
"""

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from agent.offline.memory import Memory, Missing, Pending
from agent.offline.nudges import relative
from agent.offline.requests import READS, Doubt, Step, Target, Verb
from agent.offline.resolve import NoSuch, Which, choose
from agent.offline.strategies import as_class
from agent.offline.tokens import plain

Returned = Mapping[str, Any]
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Call:
    """A verb to call."""

    verb: str
    args: Mapping[str, Any]
    about: str = ""
    """What of the answer is asked for."""


@dataclass(frozen=True)
class Done:
    """A call with what it returned."""

    call: Call
    returned: Returned

    @property
    def status(self) -> str:
        return str(self.returned.get("status", "read"))

    @property
    def bot(self) -> Mapping[str, Any]:
        bot = self.returned.get("bot")
        return bot if isinstance(bot, Mapping) else {}


@dataclass
class Ending:
    """How a request ended: what was done, what could not be, what is asked or offered."""

    done: list[Done | NoSuch | Doubt | str] = field(default_factory=list)
    pending: Pending | None = None
    offer: tuple[Step, ...] = ()
    focus: tuple[str, ...] = ()
    known: dict[str, Mapping[str, Any]] = field(default_factory=dict)


Plan = Generator[tuple[Call, ...], Sequence[Returned], Ending]
_Part = Generator[tuple[Call, ...], Sequence[Returned], None]
_Targets = Generator[tuple[Call, ...], Sequence[Returned], tuple[str, ...] | None]


def carry_out(steps: tuple[Step, ...], memory: Memory, tools: Collection[str]) -> Plan:
    """The plan of some steps, in order; it stops where something has to be asked."""
    run = _Run(memory, tools)
    for number, step in enumerate(steps):
        yield from run.do(step)
        if run.asked is not None:
            missing, options, waiting = run.asked
            run.ending.pending = Pending(missing, (waiting, *steps[number + 1 :]), options)
            break
    return run.ending


class _Run:
    """One run of a plan."""

    def __init__(self, memory: Memory, tools: Collection[str]) -> None:
        self.tools = tools
        self.ending = Ending(focus=memory.focus, known=dict(memory.known))
        self.asked: tuple[Missing, tuple[str, ...], Step] | None = None
        self.bots: list[Mapping[str, Any]] | None = None
        self.failed = False
        self.acted = False
        self.created: list[str] = []
        self.touched: list[str] = []
        self.creates = False

    def do(self, step: Step) -> _Part:
        match step.verb:
            case "create_bot":
                yield from self._create(step)
            case "edit_bot":
                yield from self._edit(step)
            case _ if step.doubts:
                self.ending.done.extend(step.doubts)
            case "set_bot_limits" if step.add_pairs:
                yield from self._shut_out(step)
            case "strategy_source" if "name" not in step.settings:
                yield from self._source(step)
            case verb if verb in _OF_BOTS:
                yield from self._for_bots(step)
            case "analyze_market" if "pair" not in step.settings:
                self.asked = ("pair", (), step)
            case _:
                yield from self._call([Call(step.verb, step.settings, step.about)])

    def _create(self, step: Step) -> _Part:
        self.creates = True
        self.ending.done.extend(step.doubts)
        lacks = [key for key in ("pairs", "stake") if key not in step.settings]
        if step.doubts and not lacks:
            lacks = ["stake"]
        if lacks:
            missing: Missing = "pairs_and_stake" if len(lacks) == 2 else "pairs" if lacks == ["pairs"] else "stake"
            self.asked = (missing, (), step)
            return
        yield from self._call([Call("create_bot", step.settings)])

    def _edit(self, step: Step) -> _Part:
        self.ending.done.extend(step.doubts)
        if step.doubts or not (step.settings or step.add_pairs or step.drop_pairs or step.nudge):
            self.asked = ("changes", (), step)
            return
        names = yield from self._find(step)
        if names is None:
            return
        calls = []
        for name in dict.fromkeys(names):
            settings = yield from self._settings_of(name, step)
            if settings is None:
                return
            if "pairs" in settings and not settings["pairs"]:
                self.asked = ("pairs", (), replace(step, target=Target(names=(name,)), add_pairs=(), drop_pairs=()))
                return
            calls.append(Call("edit_bot", {"bot": name, **settings}))
        yield from self._call(calls)

    def _settings_of(
        self, name: str, step: Step
    ) -> Generator[tuple[Call, ...], Sequence[Returned], Mapping[str, Any] | None]:
        """The new settings, worked out from the present ones where the change is relative to them."""
        if not (step.add_pairs or step.drop_pairs or step.nudge):
            return step.settings
        before = len(self.ending.done)
        yield from self._call([Call("bot_status", {"bot": name})])
        last = self.ending.done[-1] if len(self.ending.done) > before else None
        if not isinstance(last, Done) or not last.bot:
            return None
        self.ending.done.pop()
        if step.nudge and last.bot.get(step.nudge.setting) is None:
            self.asked = ("changes", (), replace(step, nudge=None))
            return None
        return relative(last.bot, step)

    def _for_bots(self, step: Step) -> _Part:
        names = yield from self._find(step)
        if names is None:
            return
        if step.verb in _DRASTIC and len(names) > 1 and not step.confirmed:
            self.ending.offer = (replace(step, target=Target(names=names), confirmed=True),)
            return
        yield from self._call([Call(step.verb, {"bot": name, **step.settings}) for name in names[:MOST_AT_ONCE]])

    def _shut_out(self, step: Step) -> _Part:
        """Pairs that one bot keeps out of, beside those that it keeps out of already."""
        names = yield from self._find(step)
        if names is None:
            return
        yield from self._call([Call("explain_limits", {})])
        last = self.ending.done[-1]
        if not isinstance(last, Done) or last.status != "read":
            return
        self.ending.done.pop()
        own = last.returned.get("own_limits") or {}
        blocked = {name: (own.get(name) or {}).get("blocked_pairs") or () for name in names}
        changes = {name: {"blocked_pairs": [*dict.fromkeys((*blocked[name], *step.add_pairs))]} for name in names}
        yield from self._call([Call("set_bot_limits", {"bot": name, "changes": changes[name]}) for name in names])

    def _source(self, step: Step) -> _Part:
        """The source of the strategy that is named, or of the one that the bot runs."""
        found = yield from self._look()
        if found is None:
            return
        known = {str(bot.get("name")): str(bot.get("strategy")) for bot in found}
        which = self._without_looking(step) or choose(step.target, found, step.verb)
        if isinstance(which, tuple) and (run := [known[name] for name in which if name in known]):
            yield from self._call([Call("strategy_source", {"name": name}) for name in dict.fromkeys(run)])
        elif step.target.names:
            yield from self._call([Call("strategy_source", {"name": as_class(step.target.names[0])})])
        else:
            yield from self._call([Call("list_strategies", {})])

    def _find(self, step: Step) -> _Targets:
        """The bots of a step; None where that was asked, told as a problem, or rests on a step that failed."""
        target = step.target
        if target.others:
            target = replace(target, but=target.but + self.ending.focus, every=bool(self.ending.focus))
        all_of_them = target.them or (target.every and target.deictic and self.creates)
        points_back = target.it or target.empty or target.both or all_of_them
        if self.failed and points_back and not target.names:
            self.ending.done.append("skipped")
            return None
        if all_of_them and self.touched and not (target.names or target.described or target.but):
            return tuple(dict.fromkeys(self.touched))
        chosen: tuple[str, ...] | Which | NoSuch | None = self._without_looking(step)
        if chosen is None:
            found = yield from self._look()
            if found is None:
                return None
            chosen = choose(target, found, step.verb)
            if target.both and self.created and isinstance(chosen, tuple):
                chosen = Which(tuple(str(bot.get("name", "")) for bot in found))
        if isinstance(chosen, Which):
            self.asked = ("bot", chosen.options, step)
            return None
        if isinstance(chosen, NoSuch):
            self.ending.done.append(chosen)
            return None
        return chosen

    def _without_looking(self, step: Step) -> tuple[str, ...] | None:
        """The bots where the words or the talk before tell them; None where the list of bots is needed."""
        target, focus = step.target, self.ending.focus
        if target.loose and (named := _named_in(target, list(self.ending.known.values()))):
            return named
        if target.names and not (target.loose or target.described or target.every or target.both or target.but):
            known = [self.ending.known.get(plain(name), {}).get("name") for name in target.names]
            if all(name or " " not in said for name, said in zip(known, target.names, strict=True)):
                return tuple(str(name or said) for name, said in zip(known, target.names, strict=True))
            return None
        if target.described or target.every or target.names or target.but:
            return None
        if target.both or target.them:
            return focus if len(focus) > 1 else None
        destroys = step.verb == "delete_bot" and not target.it and not self.acted
        return focus if len(focus) == 1 and not destroys else None

    def _look(self) -> Generator[tuple[Call, ...], Sequence[Returned], list[Mapping[str, Any]] | None]:
        if self.bots is None:
            focus = self.ending.focus
            yield from self._call([Call("list_bots", {})])
            last = self.ending.done[-1]
            if not isinstance(last, Done) or "bots" not in last.returned:
                return None
            self.ending.done.pop()
            self.ending.focus = focus
            self.bots = [bot for bot in last.returned["bots"] if isinstance(bot, Mapping)]
        return self.bots

    def _call(self, calls: Sequence[Call]) -> _Part:
        missing = [call for call in calls if call.verb not in self.tools]
        if missing:
            self.ending.done.append(NoSuch("unavailable", missing[0].verb))
            self.failed = True
            return
        returned = yield tuple(calls)
        done = [Done(call, value) for call, value in zip(calls, returned, strict=True)]
        self.ending.done.extend(done)
        self.acted = True
        self.failed = any(one.status not in ("done", "read") for one in done)
        self._learn(done)

    def _learn(self, done: Sequence[Done]) -> None:
        """Keeps which bots there are and which were talked of."""
        if done[0].call.verb in _WRITES:
            self.bots = None
            self.touched += [_name_of(one) for one in done if one.status == "done"]
        known = self.ending.known
        listed = done[0].returned.get("bots")
        if isinstance(listed, list):
            known.clear()
            known.update({plain(str(bot.get("name", ""))): bot for bot in listed if isinstance(bot, Mapping)})
            return
        known.update({plain(str(one.bot.get("name", ""))): one.bot for one in done if one.bot})
        if done[0].call.verb == "delete_bot":
            gone = {plain(str(one.call.args["bot"])) for one in done if one.status == "done"}
            self.ending.focus = tuple(name for name in self.ending.focus if plain(name) not in gone)
            self.ending.known = {name: bot for name, bot in known.items() if name not in gone}
        elif "bot" in done[0].call.args or done[0].call.verb == "create_bot":
            self.ending.focus = self._talked_of(done)

    def _talked_of(self, done: Sequence[Done]) -> tuple[str, ...]:
        """The bots that "it" and "both" mean from now on; none where there is no such bot."""
        names = [_name_of(one) for one in done if one.returned.get("problem") != "unknown_bot"]
        if done[0].call.verb == "create_bot":
            self.created += names
            names = self.created
        return tuple(dict.fromkeys(name for name in names if name))


def _name_of(one: Done) -> str:
    """The bot that a call was about, by the name that came back."""
    named = one.returned.get("bot")
    return str(one.bot.get("name") or (named if isinstance(named, str) else one.call.args.get("bot", "")))


def _named_in(target: Target, known: list[Mapping[str, Any]]) -> tuple[str, ...] | None:
    """The bots of earlier turns that are named in so many words."""
    chosen = choose(replace(target, pairs=(), states=frozenset()), known, "") if known else None
    return chosen if isinstance(chosen, tuple) and not target.every else None


_WRITES = frozenset(get_args(Verb)) - READS
_DRASTIC = frozenset({"delete_bot", "force_exit"})
"""Not done to several bots at once without asking."""
_OF_BOTS = frozenset(
    {
        "start_bot",
        "pause_bot",
        "stop_bot",
        "delete_bot",
        "resume_bot",
        "change_mode",
        "force_entry",
        "force_exit",
        "cancel_order",
        "lock_pair",
        "unlock_pair",
        "set_bot_limits",
        "bot_status",
        "bot_trades",
        "bot_log",
    }
)
