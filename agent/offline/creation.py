"""Bots to create: one or several, from one command."""

from collections.abc import Sequence
from typing import Any

from agent.offline import names
from agent.offline.commands import SEVERAL, Command, is_new_bot
from agent.offline.found import Settings, is_count, stands_for_amount
from agent.offline.marks import Mark
from agent.offline.requests import Step
from agent.offline.settings import read_settings
from agent.offline.tokens import Text


def create(text: Text, command: Command) -> tuple[Step, ...]:
    """A step for each bot that is asked for."""
    pieces = _pieces(_without_count(command.words))
    read = [read_settings(text, piece, creating=True) for piece in pieces]
    found = [settings.found for settings in read]
    _name_leftover(text, command, found)
    left = [_unread(text, command, piece, settings) for piece, settings in zip(pieces, read, strict=True)]
    doubts = tuple(dict.fromkeys(doubt for settings in read for doubt in settings.doubts))
    unread = tuple(dict.fromkeys(part for parts in left for part in parts))
    if len(found) > 1:
        found = _fill_from_each_other(found)
    count = count_bots(command.words)
    if len(found) == 1 and count and count == len(found[0].get("pairs", ())):
        found = [{**found[0], "pairs": [pair]} for pair in found[0]["pairs"]]
    return tuple(Step("create_bot", settings, doubts=doubts, unread=unread) for settings in found)


def asks_for_many(words: Sequence[Mark], steps: int) -> bool:
    """Whether more bots are asked for than there are different ones to create: "20 bots on BTC", "several bots"."""
    count = count_bots(words)
    return count is not None and (steps == 1 if count == 0 else count not in (1, steps))


def _unread(text: Text, command: Command, piece: Sequence[Mark], settings: Settings) -> list[str]:
    """What of a request nobody understood: "and blorf it"."""
    known = str(settings.found.get("name", ""))
    but = {i for i, mark in enumerate(piece) if mark.start < command.how.start} | settings.taken
    parts = []
    for words, taken in names.unknown_groups(text, piece, but):
        last = max(taken) + 1
        if words not in known:
            points = last < len(piece) and piece[last].has("it", "them")
            parts.append(text.between(piece[min(taken)].start, piece[last if points else last - 1].end))
    return parts


def speaks_of_new_bot(words: Sequence[Mark]) -> bool:
    """Whether the words ask for a bot that is not there yet, and say something of it."""
    new = any(is_new_bot(words[i:]) for i in range(min(len(words), 4)))
    explicit = any(mark.has("new") or "new" in mark.words.split() or "novo" in mark.words.split() for mark in words)
    return new and (explicit or any(mark.pair or mark.amount for mark in words))


def _pieces(words: Sequence[Mark]) -> list[Sequence[Mark]]:
    """One stretch for each bot: "a bot for BTC … and a bot for ETH …", "one for BTC and one for ETH"."""
    starts = [i for i, mark in enumerate(words) if i and mark.has("each_one", "abot") and _begins_another(words, i)]
    ends = [*starts, len(words)]
    pieces = [words[start:end] for start, end in zip([0, *starts], ends, strict=True)]
    if len(pieces) > 1 and not any(mark.pair for mark in pieces[0]):
        pieces = [(*piece, *pieces[0]) if len(pieces) == 2 else piece for piece in pieces[1:]]
    return pieces


def _begins_another(words: Sequence[Mark], i: int) -> bool:
    """Whether "one for", "a bot" begins another bot: after a comma or "and", with a pair of its own."""
    end = next((j for j in range(i + 1, len(words)) if words[j].has("each_one", "abot")), len(words))
    return words[i - 1].has("conj", "comma") and any(mark.pair for mark in words[i:end])


def _fill_from_each_other(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What only one value was said for holds for all: "one for BTC and one for ETH, 50 USDT each"."""
    filled = []
    for settings in found:
        others = {key: value for other in found for key, value in other.items() if key not in ("name", "pairs")}
        single = {key: value for key, value in others.items() if len({str(o[key]) for o in found if key in o}) == 1}
        filled.append({**single, **settings})
    return filled


def count_bots(words: Sequence[Mark]) -> int | None:
    """How many bots the words begin with: "20 RSI bots"; 0 for "several bots", None where one bot is spoken of."""
    if any(mark.words in ("dois bots", "dois robos") for mark in words):
        return 2
    at = next((i for i, mark in enumerate(words[:_FIRST]) if mark.words in SEVERAL), None)
    if at is None or any(mark.pair or mark.has("bot", "abot", "comma", "set:name") for mark in words[:at]):
        return None
    return next((int(mark.amount.number) for mark in words[:at] if mark.amount and is_count(mark.amount)), 0)


def _without_count(words: Sequence[Mark]) -> Sequence[Mark]:
    """The words without the number of bots, which is no setting of a bot."""
    if not count_bots(words):
        return words
    at = next((i for i, mark in enumerate(words[:_FIRST]) if mark.amount and is_count(mark.amount)), len(words))
    return (*words[:at], *words[at + 1 :])


_FIRST = 7


def _name_leftover(text: Text, command: Command, found: list[dict[str, Any]]) -> None:
    """A word right after "bot" or right after the verb that says nothing else: "create bot gamma for BTC"."""
    words = command.words
    i = next((i for i, mark in enumerate(words[:4]) if mark.unknown or mark.quoted), None)
    if i is None or "name" in found[0] or stands_for_amount(words, i) or count_bots(words) is not None:
        return
    before = words[i - 1] if i else None
    follows_bot = before is not None and before.has("bot", "abot") and not before.has("lead")
    if words[i].quoted or (before is None and words[i].start > command.how.start) or follows_bot:
        name, _ = names.given_name(text, words, i - 1)
        if name and name.casefold() != str(found[0].get("strategy")).casefold():
            found[0]["name"] = name
