"""Text from data, made harmless: nothing in it is markup and nothing in it drives the terminal."""

import re
import unicodedata

from rich.text import Text

_BIDIRECTIONAL = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_STARS = re.compile(r"\*+")


def clean(text: str) -> str:
    """Without control characters (a tab becomes a space, a newline stays) and without marks that turn text around."""
    return "".join(char for char in text.replace("\t", " ") if char == "\n" or not _is_control(char))


def plain(text: str, style: str = "") -> Text:
    """Text for Rich that is folded where it is too long, never cut."""
    return Text(clean(text), style=style, overflow="fold", no_wrap=False)


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _BIDIRECTIONAL


class Unmarked:
    """A stream of Markdown without the asterisks of its emphasis, wherever the stream is cut.

    An asterisk between spaces or between two letters or digits is one that is meant.
    """

    def __init__(self) -> None:
        self._before = ""
        self._held = ""

    def feed(self, delta: str) -> str:
        """What can be shown by now."""
        text = self._held + clean(delta)
        known = text.rstrip("*")
        self._held = text[len(known) :]
        return self._strip(known)

    def end(self) -> str:
        """The rest."""
        rest = self._strip(self._held)
        self._before = self._held = ""
        return rest

    def _strip(self, text: str) -> str:
        whole = self._before + text
        stripped = _STARS.sub(lambda stars: "" if _is_mark(whole, stars) else stars[0], whole)[len(self._before) :]
        self._before = whole[-1:]
        return stripped


def _is_mark(text: str, stars: re.Match[str]) -> bool:
    before, after = text[stars.start() - 1 : stars.start()] or " ", text[stars.end() : stars.end() + 1] or " "
    if before.isspace() and after.isspace():
        return False
    return not (len(stars[0]) == 1 and before.isalnum() and after.isalnum())
