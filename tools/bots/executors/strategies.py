"""Keeps strategies that were written here."""

from tools.actions import Action, StoreStrategy
from tools.bots.executors.bench import Bench, Seen
from tools.bots.strategies import view_strategy
from tools.errors import Problem
from tools.guard.actor import Actor


class StrategiesRoom:
    """A bot that runs a strategy keeps its own copy until it is started again."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def prepare(self, action: Action) -> None:
        assert isinstance(action, StoreStrategy)
        self._bench.shelf.check(action.name, action.source)
        if self._bench.shelf.find_source(action.name) == action.source:
            raise Problem("nothing_to_change", 422, name=action.name)

    async def execute(self, action: Action, _actor: Actor) -> Seen:
        assert isinstance(action, StoreStrategy)
        return view_strategy(self._bench.shelf.write(action.name, action.source))
