"""A message as marks: what each stretch of words may mean, before it is known what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.offline import phrases
from agent.offline.coins import COIN_OF, COINS, QUOTES
from agent.offline.lexicon import word_set
from agent.offline.numbers import UNIT_OF, Amount, count_unreadable, read_amount
from agent.offline.slips import mend
from agent.offline.tokens import Text, Token, plain
from agent.words import Language

_NUMBERED = frozenset({"nth:1", "nth:2", "nth:3", "nth:4", "abot", "new", "each_one", "both"})
_AMBIGUOUS_COINS = word_set(
    "NEAR ONE LINK DOT ETC ALGO OP GAS NOT HOT WIN FUN SAND TON KEY AI ID PEOPLE APE JUST MASK FLOW"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the message with its possible meanings; none where nobody knows the word."""

    tags: frozenset[str]
    words: str
    start: int
    end: int
    amount: Amount | None = None
    pair: str | None = None
    """BASE/QUOTE, or BASE alone where no quote was named."""
    quoted: bool = False

    def has(self, *tags: str) -> bool:
        return not self.tags.isdisjoint(tags)

    def value(self, kind: str) -> str | None:
        """What stands after the colon of the first tag of a kind: "create" of "do:create"."""
        found = sorted(tag for tag in self.tags if tag.startswith(f"{kind}:"))
        return found[0].partition(":")[2] if found else None

    @property
    def unknown(self) -> bool:
        return not self.tags

    @property
    def unread(self) -> bool:
        """Whether it is a number with something glued to it that nobody knows: "50x"."""
        return self.unknown and not self.words[:1].isalpha() and any(letter.isdigit() for letter in self.words)


def read_marks(text: Text, language: Language) -> list[Mark]:
    """The marks of a message, in order."""
    tokens = list(text.tokens)
    shouted = text.raw.isupper()
    marks: list[Mark] = []
    i = 0
    while i < len(tokens):
        taken, mark = _mark_at(tokens, i, text, language, shouted)
        marks.append(mark)
        i += taken
    return marks


def _mark_at(tokens: list[Token], i: int, text: Text, language: Language, shouted: bool) -> tuple[int, Mark]:
    token = tokens[i]
    if token.kind in ("quote", "break"):
        return 1, Mark(frozenset({token.kind}), token.word, token.start, token.end, quoted=token.kind == "quote")
    if token.kind == "mark" and token.word not in ("-", "&"):
        return 1, Mark(frozenset({"comma" if token.word in ",:()" else "sign"}), token.word, token.start, token.end)
    unreadable = count_unreadable(tokens, i, text.raw)
    if unreadable:
        return unreadable, _unread_mark(text, tokens[i : i + unreadable])
    taken, tags = phrases.longest(tokens, i)
    found = read_amount(tokens, i, language)
    if found and found[0] >= taken and not _counts_bots(tags, found):
        return found[0], _amount_mark(found[1], tokens[i : i + found[0]])
    if taken > 1 or tags:
        pair = _pair_of(token, text, shouted) if taken == 1 and _is_written_as_coin(token, text, shouted) else None
        return taken, _mark(tags if pair is None else frozenset({"pair"}), tokens[i : i + taken], pair)
    pair = _pair_of(token, text, shouted)
    if pair:
        return 1, _mark(frozenset({"pair"}), [token], pair)
    return 1, _mark(tags or mend(token.word), [token], None)


def _mark(tags: frozenset[str], tokens: Sequence[Token], pair: str | None) -> Mark:
    return Mark(tags, " ".join(token.word for token in tokens), tokens[0].start, tokens[-1].end, pair=pair)


def _unread_mark(text: Text, tokens: Sequence[Token]) -> Mark:
    start, end = tokens[0].start, tokens[-1].end
    words = plain(text.raw[start:end])
    return Mark(phrases.phrases().get((words,), frozenset()), words, start, end)


def _amount_mark(amount: Amount, tokens: Sequence[Token]) -> Mark:
    words = " ".join(token.word for token in tokens)
    return Mark(frozenset({"amount"}), words, tokens[0].start, tokens[-1].end, amount=amount)


def _counts_bots(tags: frozenset[str], found: tuple[int, Amount]) -> bool:
    """Whether "one", "um" or "two" is an article or part of a phrase rather than an amount."""
    taken, amount = found
    if not amount.spelled or taken > 1:
        return False
    return amount.number == 1 or not tags.isdisjoint(_NUMBERED)


def _is_written_as_coin(token: Token, text: Text, shouted: bool) -> bool:
    raw = text.raw[token.start : token.end]
    return not shouted and raw.isupper() and raw in _AMBIGUOUS_COINS


def _pair_of(token: Token, text: Text, shouted: bool) -> str | None:
    """The pair or coin that a word names, if any."""
    base, slash, quote = token.word.partition("/")
    if slash:
        return token.word.upper() if base.isalnum() and quote.isalnum() else None
    coin = COIN_OF.get(token.word)
    if coin:
        return coin
    raw = text.raw[token.start : token.end]
    upper = token.word.upper()
    for quote in QUOTES:
        base = upper.removesuffix(quote)
        known = base in COINS or (quote in ("USDT", "USDC", "BRL", "BUSD", "FDUSD") and base.isalnum())
        if base and base != upper and known and base.isascii():
            return f"{base}/{quote}"
    if (
        not shouted
        and raw.isascii()
        and raw.isalpha()
        and raw.isupper()
        and 2 <= len(raw) <= 6
        and token.word not in UNIT_OF
    ):
        return raw if raw in _AMBIGUOUS_COINS or token.word not in phrases.vocabulary() else None
    return None
