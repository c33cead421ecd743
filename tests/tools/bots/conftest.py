from pathlib import Path

import pytest

from tests.tools.bots.fakes import World
from tools.store.database import Store


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    return World(store, tmp_path)
