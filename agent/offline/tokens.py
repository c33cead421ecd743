"""A message as tokens: words without accents and case, numbers, quoted text, and breaks between sentences."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from agent.offline.coins import COINS, CURRENCY_OF, QUOTES
from agent.offline.lexicon import word_set

Kind = Literal["word", "number", "quote", "mark", "break"]

MOST_CHARACTERS = 2000
"""A longer message is pasted text rather than a request."""

_QUOTES = "|".join(quote for quote in QUOTES if quote not in COINS)
_SCAN = re.compile(
    rf"""
      (?P<quote> "[^"\n]{{1,600}}" | “[^”\n]{{1,600}}” | «[^»\n]{{1,600}}» | `[^`\n]{{1,600}}`
               | (?<!\w)'[^'\n]{{1,600}}'(?!\w) | (?<!\w)‘[^’\n]{{1,600}}’(?!\w) )
    | (?P<path> (?<!\S) (?: \.{{1,2}}/ | ~/ | /[^\s/]{{1,99}}/ | [a-z]{{2,9}}:// ) [^\s,;]{{0,300}} [^\s,;.!?:] )
    | (?P<pair> (?<![\w/]) [A-Za-z0-9]{{1,20}} [/:_-] (?:{_QUOTES}) (?![\w/-])
             | (?<![\w/]) [A-Za-z0-9]{{1,20}} / [A-Za-z]{{2,10}} (?![\w/-]) )
    | (?P<currency> (?:US|U|R)?\$ | [€£¥₹] )
    | (?P<number> (?<!\w) [-−+]? [0-9]{{1,40}} (?:[.,][0-9]{{1,40}}){{0,12}} (?: e[+-]?[0-9]{{1,2}} (?!\w) )? )
    | (?P<word> [^\W\d_] [^\W_]* (?: ['’] [^\W\d_]+ )* (?: [_-] [^\W_]+ )* | _+[^\W_]* )
    | (?P<mark> [%(),:=/&*+−-] )
    | (?P<break> [.!?;\n…]+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_ABBREVIATIONS = frozenset({"etc", "max", "min", "vs", "aprox", "approx", "no", "ex", "op", "dr", "mr", "e.g", "i.e"})
_CONTRACTIONS = word_set("whats hows its lets thats wheres whos theres heres")
_UNITS = word_set("minute hour day minutos horas candle chart")
_ENCLITICS = word_set("lo la los las o a os as me se lhe te")
_NASAL_ENCLITICS = word_set("poe-no poe-na poe-nos poe-nas")
_COMPOUNDS = word_set(
    "dry-run paper-trading stop-loss take-profit mean-reversion ema-cross ma-cross real-money live-",
    "trading trade-size break-out moving-average time-frame cross-over trend-following robo-trader max-",
    "trades bem-vindo un-pause set-up shut-down test-mode per-trade multi-pair long-only risk-free open-",
    "trades half-hour re-start golden-cross sandbox-mode dry-running panic-stop panic-button kill-switch",
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the message: `word` is how it compares, `start` and `end` where it stands."""

    kind: Kind
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """What was said and its tokens."""

    raw: str
    tokens: tuple[Token, ...]

    def between(self, start: int, end: int) -> str:
        return self.raw[start:end].strip()


def plain(text: str) -> str:
    """Lower case, without accents; as many words as before."""
    lowered = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in lowered if not unicodedata.combining(letter))


def read_text(said: str) -> Text:
    """The tokens of a message. Code blocks and quoted lines are somebody else's words: they are left out.

    A slash before the first word is how other programs tell a command: "/panic".
    """
    composed = unicodedata.normalize("NFC", said[:MOST_CHARACTERS])
    raw = _QUOTED_LINE.sub(_blank, _FENCED.sub(_blank, composed))
    tokens: list[Token] = []
    for found in _SCAN.finditer(raw):
        tokens.extend(_tokens(found, raw))
    return Text(raw, tuple(tokens))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _tokens(found: re.Match[str], raw: str) -> list[Token]:
    text, start, end = found[0], found.start(), found.end()
    match found.lastgroup:
        case "quote":
            return [Token("quote", plain(text[1:-1].strip()), start, end)]
        case "pair":
            return [Token("word", _pair(text), start, end)]
        case "path":
            return [Token("word", plain(text), start, end)]
        case "number":
            return [Token("number", text.replace("−", "-"), start, end)]
        case "mark" if text == "/" and start == 0:
            return []
        case "currency" | "mark":
            return [Token("word" if plain(text) in CURRENCY_OF else "mark", plain(text), start, end)]
        case "break":
            return [] if _is_abbreviated(raw, found) else [Token("break", text, start, end)]
    return _words(text, start)


def _pair(text: str) -> str:
    base, quote = re.split(r"[/:_-]", text, maxsplit=1)
    return f"{base}/{quote}".upper()


def _is_abbreviated(raw: str, found: re.Match[str]) -> bool:
    """Whether a stop belongs to the word before it: "etc.", "max.", or stands inside a word."""
    if found[0] != ".":
        return False
    before = plain(raw[max(0, found.start() - 6) : found.start()]).split()
    inside = raw[found.end() : found.end() + 1].isalnum()
    return inside or (bool(before) and before[-1] in _ABBREVIATIONS)


def _words(text: str, start: int) -> list[Token]:
    """A word, or the words of a compound; "alpha's" is alpha, "don't" dont, "inicie-o" inicie and o."""
    head = re.split("['’]", text, maxsplit=1)[0]
    word = plain(text).replace("'", "").replace("’", "")
    if word.endswith("s") and plain(text)[-2:-1] in ("'", "’") and word not in _CONTRACTIONS:
        return _words(head, start)
    if not ("-" in word or "_" in word):
        return [Token("word", word, start, start + len(text))]
    parts = re.split(r"[-_]", word)
    if (
        word.replace("_", "-") in _COMPOUNDS
        or word in _NASAL_ENCLITICS
        or (parts[-1] in _ENCLITICS and len(parts) == 2)
        or all(p in _UNITS for p in parts)
    ):
        return _split(text, start)
    return [Token("word", word, start, start + len(text))]


def _split(text: str, start: int) -> list[Token]:
    return [
        Token("word", plain(part[0]).replace("'", ""), start + part.start(), start + part.end())
        for part in re.finditer(r"[^_-]+", text)
    ]
