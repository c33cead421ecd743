"""The strategies that a bot can run, as they are shown."""

from pathlib import Path

from tools.freqtrade.catalogue import Catalogue, Parameter, Strategy
from tools.views import StrategyParameterView, StrategyView

BUNDLED = Path(__file__).resolve().parents[2] / "strategies"
"""Our own strategies: their texts are ours."""


def view_strategies(catalogue: Catalogue) -> tuple[StrategyView, ...]:
    """All of a catalogue, in order of name."""
    return tuple(view_strategy(strategy) for strategy in catalogue.strategies.values())


def view_strategy(strategy: Strategy) -> StrategyView:
    return StrategyView(
        name=strategy.name,
        summary=strategy.summary,
        doc=strategy.doc,
        timeframe=strategy.timeframe,
        parameters=tuple(_view_parameter(parameter) for parameter in strategy.parameters),
    )


def _view_parameter(parameter: Parameter) -> StrategyParameterView:
    return StrategyParameterView(
        name=parameter.name,
        kind=parameter.kind,
        default=parameter.default,
        low=parameter.low,
        high=parameter.high,
        note=parameter.note,
    )


def is_bundled(strategy: Strategy) -> bool:
    """Whether a strategy came with us."""
    return strategy.path.resolve().parent == BUNDLED
