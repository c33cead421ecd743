"""The app without processes, for what is about the doors alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.inside import Inside, open_inside


@pytest.fixture
async def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Inside]:
    async with open_inside(tmp_path, monkeypatch) as opened:
        yield opened
