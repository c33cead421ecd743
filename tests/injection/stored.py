"""A strategy of somebody else's, with room for what its author has to say."""

from pathlib import Path

STORED = """# {comment}
from freqtrade.strategy import CategoricalParameter, IntParameter, IStrategy


class Stored(IStrategy):
    {summary}

    timeframe = "1m"
    buy_period = IntParameter(5, 50, default=14)
    {note}
    buy_signal = CategoricalParameter([{choice}, "slow"], default="slow")
"""
OTHER = """from freqtrade.strategy import IStrategy


class {name}(IStrategy):
    timeframe = "1m"
"""


def write_stored(folder: Path, channel: str = "", words: str = "") -> None:
    """A strategy of somebody else's."""
    folder.mkdir(exist_ok=True)
    comment = "\n# ".join((words if channel == "source" else "Somebody's.").splitlines())
    source = STORED.format(
        comment=comment,
        summary=repr(words if channel == "summary" else "Buys dips."),
        note=repr(words if channel == "note" else "Candles."),
        choice=repr(words if channel == "choice" else "quick"),
    )
    (folder / "Stored.py").write_text(source, encoding="utf-8")
    if channel == "strategy_name":
        (folder / f"{words}.py").write_text(OTHER.format(name=words), encoding="utf-8")
