"""Which bots a stretch of a message is about."""

from collections.abc import Iterable, Sequence

from agent.offline import names
from agent.offline.lexicon import word_set
from agent.offline.marks import Mark
from agent.offline.requests import Target
from agent.offline.strategies import STRATEGIES
from agent.offline.tokens import Text

_DEFINITE = (
    "the bots",
    "my bots",
    "os bots",
    "meus bots",
    "os meus bots",
    "these bots",
    "those bots",
    "your bots",
    "our bots",
    "os robos",
    "meus robos",
)
_DEFINITE_ALL = (*_DEFINITE, "nossos bots", "os nossos bots", "esses bots", "estes bots", "the trading bots")


def read_target(text: Text, marks: Sequence[Mark], taken: Iterable[int] = ()) -> Target:
    """Whom the marks name or describe; `taken` are those that say something else."""
    used = set(taken)
    marks = _before_reason(marks)
    cut = next((i for i, _ in enumerate(marks) if _leaves_out(marks, i)), len(marks))
    said = [(i, mark) for i, mark in enumerate(marks[:cut]) if i not in used]
    groups = [name for name, _ in names.unknown_groups(text, marks[:cut], used)]
    left_out = [name for name, _ in names.unknown_groups(text, marks, used | set(range(cut)))]
    left_out += [mark.pair for mark in marks[cut:] if mark.pair]
    states = [state for _, mark in said if (state := mark.value("state"))]
    orders = [order for _, mark in said if (order := mark.value("nth"))]
    idea = next((idea for _, mark in said if (idea := mark.value("strategy"))), None)
    has = {tag for _, mark in said for tag in mark.tags}
    both = "both" in has
    others = any(mark.words in _OTHERS for _, mark in said)
    return Target(
        names=tuple(dict.fromkeys(groups)),
        pairs=tuple(dict.fromkeys(mark.pair for _, mark in said if mark.pair)),
        strategy=STRATEGIES.get(idea) if idea else None,
        mode=next((mode for _, mark in said if (mode := mark.value("mode"))), None),
        states=frozenset(states),
        crashed="health:crashed" in has,
        every=not both and (others or "all" in has or any(mark.words in _DEFINITE_ALL for _, mark in said)),
        both=both,
        it="it" in has,
        them="them" in has,
        one="bot" in has or "abot" in has,
        loose=any(_may_go_on(marks[:cut], i) for i, mark in said if mark.unknown),
        nth=int(orders[0]) if orders else None,
        spoken=" ".join(mark.words for mark in marks[:cut]),
        but=tuple(left_out),
        deictic="them" in has or not (others or any(_speaks_of_bots(mark) for _, mark in said)),
        others=others,
    )


_OTHERS = frozenset({"others", "outros", "demais"})


def _speaks_of_bots(mark: Mark) -> bool:
    return mark.has("bots") or not {"bot", "bots", "robos"}.isdisjoint(mark.words.split())


def _leaves_out(marks: Sequence[Mark], i: int) -> bool:
    """Whether what follows is left out: "all bots except beta", "all bots but beta"."""
    if marks[i].has("except"):
        return not marks[i].has("neg")
    return marks[i].words == "but" and any(mark.has("all", "bots") for mark in marks[:i])


def _may_go_on(marks: Sequence[Mark], i: int) -> bool:
    """Whether everyday words beside an unknown one may be part of the same name: "morning star", "estrela da manhã"."""
    after = i + 1
    while after < len(marks) and marks[after].has("of", "the") and marks[after].amount is None:
        after += 1
    return any(
        0 <= j < len(marks) and marks[j].has("filler") and not marks[j].has("lead", "of", "to", "it", "thanks")
        for j in (i - 1, after)
    )


def _before_reason(marks: Sequence[Mark]) -> Sequence[Mark]:
    """The marks up to a reason: "stop alpha because it loses", "delete beta, I do not need it"."""
    return marks[
        : next((i for i in range(1, len(marks)) if marks[i].has("reason") or _turns_aside(marks, i)), len(marks))
    ]


_ASIDES = word_set("i eu im ive we nos its it thats isso esta voce you pra thanks obrigado valeu porque ja")


def _turns_aside(marks: Sequence[Mark], i: int) -> bool:
    """Whether a comma begins a remark rather than another name."""
    following = marks[i + 1] if i + 1 < len(marks) else None
    return marks[i].words == "," and following is not None and (following.has("neg") or following.words in _ASIDES)
