"""What every test stands on: no model is ever asked over the network, and no setting of the machine is seen."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_ai import models

from tests.first_light import FirstLight, say_it
from tests.stack import Browserless, Stack
from tools.store.database import Store

models.ALLOW_MODEL_REQUESTS = False

for name in list(os.environ):
    if name.startswith(("TRADEHELM_", "OPENAI_", "ANTHROPIC_", "OLLAMA_")) and name != "TRADEHELM_CHROMIUM":
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What was begun early is awaited late: trades close while other tests run."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if "waits" in item.keywords:
        return 2
    if "first_light" in getattr(item, "fixturenames", ()) or "in_portuguese" in item.name:
        return 0
    return 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "tradehelm.sqlite")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One running product for all tests that need one: Freqtrade's imports cost about 24 CPU seconds."""
    running = Stack(tmp_path_factory.mktemp("stack"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def first_light(stack: Stack) -> FirstLight:
    """The sentence, said once: a trade takes minutes to close, and several tests wait for it."""
    client = Browserless(stack)
    begun = say_it(client)
    client.close()
    return begun


@pytest.fixture
def api(stack: Stack) -> Iterator[Browserless]:
    client = Browserless(stack)
    yield client
    client.close()
