"""The closing words of a turn, made from what the calls returned and from nothing else."""

from collections.abc import Mapping
from itertools import groupby

from agent.offline.deeds import tell_done
from agent.offline.phrasing import listed, refusal, told
from agent.offline.plan import Done, Ending
from agent.offline.reports import tell_read
from agent.offline.requests import Doubt
from agent.offline.resolve import NoSuch
from agent.words import Language, say, say_why


def tell(language: Language, ending: Ending) -> list[str]:
    """A sentence for each thing that was done, refused or not possible."""
    sentences: list[str] = []
    created: set[str] = set()
    for (kind, _), group in groupby(ending.done, key=_kind):
        items = list(group)
        if kind == "done":
            sentences += tell_done(language, [one for one in items if isinstance(one, Done)], created)
        else:
            sentences += [_tell_other(language, ending, one) for one in items]
    return list(dict.fromkeys(sentences))


def _kind(one: Done | NoSuch | Doubt | str) -> tuple[str, str]:
    if isinstance(one, Done):
        return one.status, one.call.verb
    return "other", ""


def _tell_other(language: Language, ending: Ending, one: Done | NoSuch | Doubt | str) -> str:
    if isinstance(one, str):
        return say(language, f"offline.{one}")
    if isinstance(one, Doubt):
        return say(language, f"offline.doubt.{one.key}", said=one.said)
    if isinstance(one, NoSuch):
        return _tell_missing(language, ending, one)
    match one.status:
        case "read":
            return tell_read(language, one.call.verb, one.call.about, one.returned)
        case "refused":
            return say(language, "offline.refused", reason=refusal(language, one.returned))
        case "needs_confirmation":
            return _tell_proposed(language, one)
        case "problem":
            key = f"problem.{one.returned.get('problem')}"
            words = say(language, key, **_numbers(language, one))
            return str(one.returned.get("detail", words)) if words == key else words
    return str(one.returned.get("detail") or one.status)


def _tell_proposed(language: Language, one: Done) -> str:
    numbers = {name: str(value) for name, value in (one.returned.get("numbers") or {}).items()}
    why = say_why(language, str(one.returned.get("why", "")), numbers, one.call.verb)
    return say(language, "offline.proposed", action=say(language, f"action.{one.call.verb}"), why=why)


def _numbers(language: Language, one: Done) -> dict[str, str]:
    given = one.returned.get("numbers")
    numbers = dict(given) if isinstance(given, Mapping) else {}
    named = {"name": str(one.call.args["bot"])} if "bot" in one.call.args else {}
    return {**named, **told(language, numbers)}


def _tell_missing(language: Language, ending: Ending, one: NoSuch) -> str:
    known = listed(language, [str(bot.get("name")) for bot in ending.known.values()])
    if one.key == "unknown_bot":
        return say(language, "problem.unknown_bot", bot=one.asked, known=known or "—")
    return say(language, f"offline.{one.key}", known=known, action=say(language, f"action.{one.asked}"))
