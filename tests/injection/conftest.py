"""Worlds to copy, a server for the models that obey, and the summary at the end."""

import asyncio
from collections.abc import Iterator

import pytest
from pydantic_ai import models

from tests.agent.scripted_server import ScriptedServer, scripted, text
from tests.injection.corpus import Setting
from tests.injection.tally import Tally
from tests.injection.template import Template, Templates, build_template


@pytest.fixture(autouse=True)
def _ask_the_scripted_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is on this machine: what the suite forbids is asking anyone else's."""
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Each is built once, when it is first asked for."""
    built: dict[Setting, Template] = {}
    for setting in ("plain", "live", "panic", "held"):
        built[setting] = asyncio.run(build_template(tmp_path_factory.mktemp(setting), setting))
    return built.__getitem__


@pytest.fixture(scope="session")
def server() -> Iterator[ScriptedServer]:
    """One for all; each run brings its own script."""
    with scripted(lambda _: text("")) as running:
        yield running


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Printed when all of its module has run."""
    counted = Tally()
    yield counted
    plugins = request.config.pluginmanager
    with plugins.getplugin("capturemanager").global_and_fixture_disabled():
        for line in ("", *counted.lines()):
            plugins.getplugin("terminalreporter").write_line(line)
