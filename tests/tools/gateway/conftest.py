"""A gateway before the demo exchange, at a moment that the test sets."""

from collections.abc import Callable

import pytest

from tests.tools.gateway.world import NOW_MS, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def open_world() -> Callable[..., World]:
    return World


@pytest.fixture
def now_ms() -> int:
    return NOW_MS
