"""Amounts as people write them: 50, 50,5, 1.000,50, US$ 50, 2k, fifty, 3%, 15 minutes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from agent.offline.coins import CURRENCY_OF
from agent.offline.tokens import Token
from agent.words import Language

Number = int | float

_ONES = (
    "one two three four five six seven eight nine ten",
    "um dois tres quatro cinco seis sete oito nove dez",
    "uma duas",
)
_TEENS = (
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove",
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
)
WORDS: dict[str, int] = {
    **{word: 1 + step for words in _ONES for step, word in enumerate(words.split())},
    **{word: 11 + step for words in _TEENS for step, word in enumerate(words.split())},
    **{word: 20 + 10 * step for words in _TENS for step, word in enumerate(words.split())},
    "zero": 0,
    "catorze": 14,
    "hundred": 100,
    "cem": 100,
}
_TIMES = {
    "k": 1000,
    "mil": 1000,
    "thousand": 1000,
    "mi": 1_000_000,
    "million": 1_000_000,
    "milhao": 1_000_000,
    "milhoes": 1_000_000,
}
_UNITS = {
    "m": "m min mins minute minutes minuto minutos minutely",
    "h": "h hr hrs hour hours hora horas hourly",
    "d": "d day days dia dias",
    "s": "s sec secs second seconds segundo segundos",
    "w": "w week weeks semana semanas",
}
UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_PERCENT = frozenset({"%", "percent", "porcento", "pct"})
_SUFFIXES = frozenset({*_TIMES, *UNIT_OF, *_PERCENT, *CURRENCY_OF, "am", "pm"})
"""What may be glued to a number."""
_LETTERS = frozenset({"m", "h", "d", "s", "w", "k"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what stood beside it."""

    number: Number
    currency: str | None = None
    percent: bool = False
    unit: str | None = None
    """m, h, d, w or s where it is a time."""
    spelled: bool = False
    """Written as a word."""

    @property
    def timeframe(self) -> str:
        """As Freqtrade writes it; 60m is 1h."""
        minutes = self.number * _MINUTES.get(self.unit or "", 0)
        for unit in ("d", "h"):
            if minutes and minutes % _MINUTES[unit] == 0 and self.unit != "w":
                return f"{minutes // _MINUTES[unit]:g}{unit}"
        return f"{self.number:g}{self.unit}"


def read_number(text: str, language: Language) -> Number:
    """The number that digits with points and commas mean.

    The last separator is the decimal mark; where there is but one kind, the language decides.
    """
    text, _, power = text.casefold().partition("e")
    if power:
        return _raised(read_number(text, language), int(power))
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = max(".,", key=digits.rfind)
    elif points + commas == 0:
        decimal = "."
    else:
        decimal = _lone_separator("." if points else ",", digits, language)
    thousands = "," if decimal == "." else "."
    whole, _, part = digits.replace(thousands, "").partition(decimal)
    part = re.sub(r"\D", "", part)
    return sign * (float(f"{whole}.{part}") if part.strip("0") else int(whole))


def _raised(number: Number, power: int) -> Number:
    """A number times a power of ten: 60e3."""
    raised = Decimal(str(number)).scaleb(power)
    return int(raised) if raised == raised.to_integral_value() else float(raised)


def _lone_separator(mark: str, digits: str, language: Language) -> str:
    """The decimal mark of a number with one kind of separator: 1.000 is a thousand in Portuguese, one in English."""
    groups = digits.split(mark)
    grouped = all(len(group) == 3 for group in groups[1:]) and groups[0] != "0" and len(groups[0]) <= 3
    thousands_mark = "." if language == "pt-BR" else ","
    thousands = grouped and (mark == thousands_mark or len(groups) > 2)
    return {".": ",", ",": "."}[mark] if thousands else mark


def count_unreadable(tokens: Sequence[Token], at: int, raw: str) -> int:
    """How many tokens a number takes that is glued to something unknown, as in 50x, 50_000 or 50 000; none where not.

    Such a number is never read in part.
    """
    first = at
    while at < len(tokens) and (tokens[at].word in CURRENCY_OF or (at > first and tokens[at].word == "-")):
        at += 1
    if at >= len(tokens) or tokens[at].kind != "number":
        return 0
    end = at + 1
    while end < len(tokens) and _goes_on(tokens[end - 1], tokens[end], raw):
        end += 1
    return end - first if end > at + 1 else 0


def _goes_on(token: Token, following: Token, raw: str) -> bool:
    between = raw[token.end : following.start]
    if following.kind == "word":
        return not between and following.word not in _SUFFIXES
    if following.kind != "number" or len(between) != 1:
        return False
    grouped = token.word.isdigit() and len(token.word) <= 3 and following.word.isdigit() and len(following.word) == 3
    return grouped or not between.isspace()


def read_amount(tokens: Sequence[Token], at: int, language: Language) -> tuple[int, Amount] | None:
    """The amount that begins at a position, with how many tokens it takes."""
    i, sign = _sign(tokens, at)
    currency, i = _currency(tokens, i)
    if currency and i < len(tokens) and tokens[i].word in ("-", "minus", "menos"):
        i, sign = i + 1, -1
    found = _value(tokens, i, language)
    if found is None:
        return None
    i, amount = found
    amount = replace(amount, number=sign * amount.number, currency=currency)
    return _with_what_follows(tokens, i, at, amount)


def _sign(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    word = tokens[at].word
    if word in ("minus", "negative", "menos", "negativo") and at + 1 < len(tokens):
        return at + 1, -1
    if word == "-" and at + 1 < len(tokens) and tokens[at + 1].word in CURRENCY_OF:
        return at + 1, -1
    return at, 1


def _currency(tokens: Sequence[Token], i: int) -> tuple[str | None, int]:
    if i < len(tokens) and tokens[i].word in CURRENCY_OF and i + 1 < len(tokens):
        return CURRENCY_OF[tokens[i].word], i + 1
    return None, i


def _value(tokens: Sequence[Token], i: int, language: Language) -> tuple[int, Amount] | None:
    if i >= len(tokens):
        return None
    if tokens[i].kind == "number":
        number = read_number(tokens[i].word, language)
        i, factor = _times(tokens, i + 1)
        return i, Amount(number * factor)
    return _spelled(tokens, i)


def _times(tokens: Sequence[Token], i: int) -> tuple[int, int]:
    word = tokens[i].word if i < len(tokens) else ""
    glued = word != "k" or tokens[i].start == tokens[i - 1].end
    return (i + 1, _TIMES[word]) if word in _TIMES and glued else (i, 1)


def _spelled(tokens: Sequence[Token], i: int) -> tuple[int, Amount] | None:
    """fifty, fifty five, fifty-five, cinquenta e cinco, a hundred, mil."""
    parts = tokens[i].word.split("-")
    if tokens[i].word in ("mil", "thousand"):
        return i + 1, Amount(1000, spelled=True)
    if not all(part in WORDS for part in parts):
        return None
    total = sum(WORDS[part] for part in parts)
    i += 1
    if len(parts) == 1 and total >= 20 and total % 10 == 0:
        step = 1 if i < len(tokens) and tokens[i].word in ("e", "and") else 0
        if i + step < len(tokens) and 0 < WORDS.get(tokens[i + step].word, 0) < 10:
            total, i = total + WORDS[tokens[i + step].word], i + step + 1
    elif total < 20 and i < len(tokens) and tokens[i].word == "hundred":
        total, i = total * 100, i + 1
    i, factor = _times(tokens, i)
    return i, Amount(total * factor, spelled=True)


def _with_what_follows(tokens: Sequence[Token], i: int, at: int, amount: Amount) -> tuple[int, Amount]:
    """The currency, percent sign or unit of time after a number."""
    word = tokens[i].word if i < len(tokens) else ""
    if word == "-" and i + 1 < len(tokens) and len(tokens[i + 1].word) > 1 and tokens[i + 1].word in UNIT_OF:
        return i + 2 - at, replace(amount, unit=UNIT_OF[tokens[i + 1].word])
    if word == "por" and i + 1 < len(tokens) and tokens[i + 1].word == "cento":
        return i + 2 - at, replace(amount, percent=True)
    if word in _PERCENT:
        return i + 1 - at, replace(amount, percent=True)
    if word in UNIT_OF and (word not in _LETTERS or tokens[i].start == tokens[i - 1].end or word in ("m", "h")):
        return i + 1 - at, replace(amount, unit=UNIT_OF[word])
    if word in CURRENCY_OF and amount.currency is None:
        return i + 1 - at, replace(amount, currency=CURRENCY_OF[word])
    if word in ("usdt", "brl", "usd"):
        return i + 1 - at, amount
    return i - at, amount
