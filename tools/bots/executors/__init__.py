"""What carries out allowed actions. Nobody but the gate calls it."""

from tools.bots.executors.bench import Bench
from tools.bots.executors.executor import Executor

__all__ = ["Bench", "Executor"]
