"""What every test stands on: no model is ever asked over the network, and no setting of the machine is seen."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_ai import models

from tools.store.database import Store

models.ALLOW_MODEL_REQUESTS = False

for name in list(os.environ):
    if name.startswith(("TRADEHELM_", "OPENAI_", "ANTHROPIC_", "OLLAMA_")) and name != "TRADEHELM_CHROMIUM":
        del os.environ[name]

REPOSITORY = Path(__file__).resolve().parent.parent
CANDLES = REPOSITORY.parent / "shared" / "data"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "tradehelm.sqlite")
    opened.migrate()
    yield opened
    opened.close()
