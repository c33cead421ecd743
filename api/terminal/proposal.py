"""A proposal as text: all that would be done, what it would change, and the hash that the answer must name."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table

from agent.words import Language, say, say_why, sentences
from api.terminal.limits import show_limit
from api.terminal.plain import plain
from api.terminal.tables import as_said, moment, money, pairs, table, text
from tools.guard.limits import LimitsChange
from tools.views import ProposalView

Word = Literal["confirm", "deny"]

OPEN = ("pending", "waiting", "executing")
A_PERSONS = ("web", "cli", "telegram")
"""Doors that only people come through."""
_OF_A_NEW_BOT = ("name", "mode", "pairs", "stake")
_AMOUNTS = frozenset({"stake", "price", "amount", "stoploss_pct", "take_profit_pct", *LimitsChange.model_fields})
"""Fields of an action that hold a number as text."""


def list_proposals(proposals: Iterable[ProposalView], language: Language) -> Table:
    """One row each."""
    drawn = table(language, text("id"), text("action", "bot"), text("reason"), text("state", "until"))
    drawn.show_lines = True
    for one in proposals:
        drawn.add_row(
            plain(one.id, "bold"),
            plain(f"{_action(one, language)}\n{_gist(one, language)}"),
            plain(say_why(language, one.why, one.numbers, one.action_kind)),
            plain(f"{_status(one, language)}\n{moment(one.effective_at or one.expires_at)}"),
        )
    return drawn


def decided(proposal: ProposalView, language: Language, word: Word) -> str:
    """That no word is wanted of it any more, and what became of it; nothing where this word still is."""
    if proposal.status in (("pending",) if word == "confirm" else ("pending", "waiting")):
        return ""
    if proposal.status == "expired":
        return say(language, "problem.proposal_expired")
    by = [proposal.decided_by or "", moment(proposal.decided_at) if proposal.decided_at else ""]
    how = ", ".join(part for part in by if part)
    status = _status(proposal, language)
    return say(language, "problem.already_decided", status=f"{status} ({how})" if how else status)


def draw_proposal(proposal: ProposalView, language: Language) -> RenderableType:
    """All of it, nothing folded away."""
    rows = pairs()

    def add(name: str, value: str, style: str = "") -> None:
        rows.add_row(plain(say(language, f"column.{name}"), "dim"), plain(value, style))

    add("id", proposal.id)
    add("reason", _why(proposal, language))
    add("asked", _asker(proposal, language))
    if proposal.bot_name:
        add("bot", proposal.bot_name)
    for name, value in _changes(proposal, language):
        add(name, value)
    add("until", _until(proposal, language))
    parts: list[RenderableType] = [rows, plain(""), _content(proposal, language)]
    source = proposal.action.get("source")
    if isinstance(source, str):
        parts += [plain(""), plain(source)]
    parts += [plain(""), plain(f"SHA-256 {proposal.hash}", "dim")]
    title = f"{_action(proposal, language)}: {_status(proposal, language)}"
    style = "yellow" if proposal.status in OPEN else "dim"
    return Panel(Group(*parts), title=plain(title), border_style=style, expand=False)


def _content(proposal: ProposalView, language: Language) -> Table:
    """Each field of the action. One that was not given is left out, but for a bot's limit that is given up."""
    rows = pairs()
    for path, value in _given(proposal):
        rows.add_row(plain(_field(path, language), "dim"), plain(_value(path, value, language)))
    return rows


def _given(proposal: ProposalView) -> Iterator[tuple[str, Any]]:
    for path, value in _flat(proposal.action):
        left_out = value is None and proposal.action_kind != "set_bot_limits"
        if not (left_out or path in ("kind", "bot_id", "source") or (path, value) == ("paused", False)):
            yield path, value


def _gist(proposal: ProposalView, language: Language) -> str:
    """What tells it from others of its kind: its bot, the change of a limit, its pair and its stake; a line each."""
    loosened = _loosened(proposal, language)
    limit = proposal.numbers["limit"].rpartition(".")[2] if loosened else None
    told = [proposal.bot_name or "", loosened]
    for path, value in _given(proposal):
        name = path.rpartition(".")[2]
        if name != limit and (name in _OF_A_NEW_BOT or not path.startswith("spec.")):
            told.append(f"{_field(path, language)}: {_value(path, value, language)}")
    return "\n".join(line for line in told if line) or "-"


def _flat(content: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        path = f"{above}{name}"
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


def _field(path: str, language: Language) -> str:
    name = path.removeprefix("spec.").removeprefix("changes.")
    known = sentences(language)
    key = next((key for key in (f"field.{name}", f"limit.{name}") if key in known), None)
    return say(language, key) if key else name


def _value(path: str, value: Any, language: Language) -> str:
    if isinstance(value, str) and f"mode.{value}" in sentences(language):
        return say(language, f"mode.{value}")
    if isinstance(value, str) and path.rpartition(".")[2] in _AMOUNTS:
        return as_said({"amount": value}, language)["amount"]
    return str(value) if path == "trade_id" else show_limit(value, language).replace("\n", ", ")


def _changes(proposal: ProposalView, language: Language) -> Iterator[tuple[str, str]]:
    """What it would change of what can be lost, and what the last orders would have been under it."""
    if effect := proposal.effect:
        yield "exposure", f"{money(effect.exposure_before, language)} → {money(effect.exposure_after, language)}"
        yield "stop_loss", f"{money(effect.stop_loss_before, language)} → {money(effect.stop_loss_after, language)}"
    if preview := proposal.preview:
        counted = {"days": preview.days, "orders": preview.orders}
        counted |= {"before": preview.allowed_before, "after": preview.allowed_after}
        yield "preview", say(language, "cli.preview", **counted)


def _why(proposal: ProposalView, language: Language) -> str:
    why = say_why(language, proposal.why, proposal.numbers, proposal.action_kind)
    why = f"{why} {_loosened(proposal, language)}".strip()
    mark = say(language, "proposal.tainted") if proposal.tainted and proposal.why != "tainted" else ""
    return f"{why} {mark}".strip()


def _loosened(proposal: ProposalView, language: Language) -> str:
    """The limit that would be looser, and from what to what; nothing where there is none."""
    if not {"limit", "from", "to"} <= proposal.numbers.keys():
        return ""
    return say(language, "proposal.change", **as_said(proposal.numbers, language))


def _asker(proposal: ProposalView, language: Language) -> str:
    who = "agent" if proposal.by_agent else "person" if proposal.door in A_PERSONS else "program"
    by = say(language, f"proposal.by_{who}")
    return f"{by} ({proposal.door}, {moment(proposal.created_at)})"


def _until(proposal: ProposalView, language: Language) -> str:
    if proposal.status == "waiting" and proposal.effective_at:
        return say(language, "proposal.effective_in", time=_left(proposal.effective_at))
    if proposal.status == "pending":
        return say(language, "proposal.expires_in", time=_left(proposal.expires_at))
    if proposal.rule:
        named = as_said(proposal.rule_numbers, language)
        family = "refusal" if f"refusal.{proposal.rule}" in sentences(language) else "problem"
        return say(language, f"{family}.{proposal.rule}", **named)
    return moment(proposal.decided_at or proposal.expires_at)


def _left(until: datetime) -> str:
    seconds = max(0, round((until - datetime.now(UTC)).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02d} min ({moment(until)})"


def _action(proposal: ProposalView, language: Language) -> str:
    return say(language, f"action.{proposal.action_kind}")


def _status(proposal: ProposalView, language: Language) -> str:
    return say(language, f"proposal.status.{proposal.status}")
