from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai import models

from tests.agent.scripted_server import Reply, ScriptedServer, scripted
from tests.agent.world import World
from tools.store.database import Store
from tools.store.tables import ConversationRow

Making = Callable[..., AbstractAsyncContextManager[tuple[World, ScriptedServer]]]


@pytest.fixture
def making(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Making:
    """A world whose model follows a script; it is asked on this machine, which the suite allows."""
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)
    with store.session() as session:
        session.add(ConversationRow(id="c1", language="en"))
        session.commit()

    @asynccontextmanager
    async def make(
        script: Callable[[list[dict[str, Any]]], Reply], **more: Any
    ) -> AsyncIterator[tuple[World, ScriptedServer]]:
        with scripted(script) as server:
            world = World(store, tmp_path, server.url, **more)
            yield world, server
            server.silence.set()
            await world.turns.close()
            await world.gate.settle()

    return make
