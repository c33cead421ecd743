"""The sentences: one source in each language, for the server and for the screen.

The web app reads the same JSON files through i18next with "{" and "}", so a sentence holds plain `{name}` blanks only.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["en", "pt-BR"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_BLANK = re.compile(r"\{(\w+)\}")
_KIND = re.compile(r"[a-z]+(_[a-z]+)+")
_OTHER = "expected.other_writing"
"""Said of what pydantic found wrong where there is no sentence for that."""


@cache
def sentences(language: Language) -> dict[str, str]:
    """Every sentence of a language by its key."""
    text = files(__package__).joinpath(f"{language}.json").read_text(encoding="utf-8")
    read: dict[str, str] = json.loads(text)
    return read


def say(language: Language, key: str, /, **numbers: object) -> str:
    """The sentence of a key with its blanks filled.

    Where a number fills more than the plain sentence holds, the one of `key+number` is said; of several the one with
    the most blanks. A blank without a number stays as its name in brackets, an unknown key is said as it is: words
    never fail.
    """
    known = sentences(language)

    def fill(blank: re.Match[str]) -> str:
        name = blank[1]
        return str(numbers[name]) if name in numbers else f"[{name}]"

    fuller = (f"{key}+{name}" for name in numbers if f"{key}+{name}" in known)
    fullest = max(fuller, key=lambda one: len(_BLANK.findall(known[one])), default=key)
    return _BLANK.sub(fill, known.get(fullest, key))


FAMILIES: Mapping[str, tuple[str, ...]] = {
    "action": ("action",),
    "state": ("state",),
    "limit": ("limit",),
    "field": ("field", "limit"),
    "reason": ("mandate", "health.reason", "failure", "field", "limit"),
    "expected": ("expected",),
    "rule": ("rule",),
    "finding": ("difference",),
    "difference": ("difference",),
    "what": ("fact", "limit"),
    "why": ("proposal.why",),
    "status": ("proposal.status",),
    "from": ("switch",),
    "to": ("switch",),
}
"""Which blanks hold names of ours, and where the words for them stand. A bot's name is never one."""


def name_values(language: Language, numbers: Mapping[str, str]) -> dict[str, str]:
    """The numbers of a refusal or a problem, with names of ours (of states, actions, limits, reasons) in words.

    A limit of one bot, as `bots.<id>.max_trade`, goes by the name of the limit.
    """
    known = sentences(language)

    def name(blank: str, value: str) -> str:
        values = dict.fromkeys((value, value.rpartition(".")[2]))
        keys = (f"{family}.{one}" for one in values for family in FAMILIES.get(blank, ()))
        key = next((key for key in keys if key in known), None)
        key = key or (_OTHER if blank == "expected" and _KIND.fullmatch(value) else None)
        return say(language, key, **numbers) if key else value

    return {blank: name(blank, value) for blank, value in numbers.items()}


def say_why(language: Language, why: str, numbers: Mapping[str, str], action_kind: str) -> str:
    """Why a person is asked for a word on an action."""
    forgets = (why, action_kind) == ("breaker", "delete_bot") and "rule" in numbers
    key = f"proposal.why.{why}{'+delete' if forgets else ''}"
    return say(language, key, **name_values(language, numbers))
