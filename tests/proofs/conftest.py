"""Prints what the proofs counted, and sets the clock that they run by."""

from collections.abc import Iterator

import pytest

from tests.proofs.clock import patched
from tests.proofs.siege import Arena
from tests.proofs.siege import arena as open_arena
from tests.proofs.tally import TALLY


@pytest.fixture(autouse=True)
def clock_of_the_test() -> Iterator[None]:
    with patched():
        yield


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    with open_arena() as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := TALLY.lines():
        terminalreporter.section("proofs of the guard")
        for line in lines:
            terminalreporter.write_line(line)
