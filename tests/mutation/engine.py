"""mutmut, with its tests collected once: each mutant's process is a fork that runs those that reach the mutant.

As it comes, mutmut has pytest find and set up the tests anew for every mutant, which takes longer than running them.
"""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from _pytest.config import _prepareconfig  # there is no public way to stop half-way
from mutmut.__main__ import cli
from mutmut.configuration import config as settings
from mutmut.runners.harness import PytestRunner
from mutmut.utils.file_utils import change_cwd
from mutmut.workers.isolation import ForkRunner

SCRATCH = Path.cwd() / "scratch"
"""For the files of one mutant's tests, until it is done with."""
KILLERS = Path.cwd() / "killers.txt"


class Killers:
    """Which tests noticed which mutants so far: those of the same function are mostly noticed by the same."""

    def first(self, items: list[pytest.Item], mutant: str) -> list[pytest.Item]:
        """Who noticed most in the same function comes first, then who did in the same module."""
        function, module = _function(mutant), _module(mutant)
        counts: Counter[tuple[str, str]] = Counter()
        for line in KILLERS.read_text("utf-8").splitlines() if KILLERS.exists() else ():
            where, _, test = line.partition(" ")
            counts[where, test] += 1
            counts[_module(where), test] += 1
        return sorted(items, key=lambda one: (-counts[function, one.nodeid], -counts[module, one.nodeid]))

    def note(self, mutant: str, item: pytest.Item) -> None:
        with KILLERS.open("a", encoding="utf-8") as file:
            file.write(f"{_function(mutant)} {item.nodeid}\n")


def _function(mutant: str) -> str:
    return mutant.partition("__mutmut_")[0]


def _module(name: str) -> str:
    return ".".join(name.split(".")[:3])


class Collected:
    """The tests of the guard, ready to run."""

    def __init__(self) -> None:
        args = ["--rootdir=.", "-q", "-s", *settings().pytest_add_cli_args]
        self._config = _prepareconfig([*args, *settings().pytest_add_cli_args_test_selection])
        self._config._do_configure()
        self._session = pytest.Session.from_config(self._config)
        self._config.hook.pytest_sessionstart(session=self._session)
        self._config.hook.pytest_collection(session=self._session)
        self._items = {item.nodeid: item for item in self._session.items}

    def run(self, mutant: str, names: Iterable[str]) -> int:
        """Until one fails, which is 1; in a process that ends with it."""
        from tests.mutation.quick import in_order  # noqa: PLC0415  it imports the product, which mutmut has to do first

        items = Killers().first(in_order([self._items[name] for name in names], mutant), mutant)
        scratch = SCRATCH / str(os.getpid())
        scratch.mkdir(parents=True)
        self._config._tmp_path_factory._basetemp = scratch  # type: ignore[attr-defined]
        try:
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self._session.testsfailed:
                    Killers().note(mutant, item)
                    return 1
            return 0
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


class Once:
    """What is collected when the first mutant is due."""

    collected: Collected | None = None


def _start(runner: ForkRunner) -> None:
    with change_cwd("mutants"):
        Once.collected = Collected()
    _original_start(runner)


def _run_tests(runner: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    if Once.collected is None or mutant_name is None:
        return _original_run(runner, mutant_name=mutant_name, tests=tests)
    with change_cwd("mutants"):
        return Once.collected.run(mutant_name, tests)


_original_start, _original_run = ForkRunner.startup, PytestRunner.run_tests

if __name__ == "__main__":
    ForkRunner.startup = _start  # type: ignore[method-assign]
    PytestRunner.run_tests = _run_tests  # type: ignore[method-assign]
    sys.exit(cli())
