"""The strategies that a bot can run, as they are shown."""

from tools.freqtrade.catalogue import Catalogue, Parameter, Strategy
from tools.views import StrategyParameterView, StrategyView


def view_strategies(catalogue: Catalogue) -> tuple[StrategyView, ...]:
    """All of a catalogue, in order of name."""
    return tuple(_view(strategy) for strategy in catalogue.strategies.values())


def _view(strategy: Strategy) -> StrategyView:
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
