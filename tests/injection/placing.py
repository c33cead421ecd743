"""Puts a hostile text where its channel has it."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from agent.model import ModelChoice
from tests.injection.corpus import Entry, fill
from tests.injection.stored import write_stored
from tests.injection.template import Template, spec_of, trades_with
from tests.injection.world import CONVERSATION, World


@asynccontextmanager
async def open_world(
    template: Template, entry: Entry, model: Callable[[dict[str, str]], ModelChoice]
) -> AsyncIterator[World]:
    """A copy of a world with a text in its place."""
    shutil.rmtree(template.work, ignore_errors=True)
    shutil.copytree(template.folder, template.work)
    known = dict(template.known)
    put_files(template.work, known, entry)
    world = World(template.store, known, entry, model(known))
    try:
        put_rows(world, entry)
        await world.wake(trades_with(entry, known))
        put_failures(world, entry)
        yield world
    finally:
        await world.close()


def put_files(folder: Path, known: dict[str, str], entry: Entry) -> None:
    """The texts that stand in files."""
    words = fill(entry.text, known).strip()
    if entry.channel == "log":
        path = folder / "bots" / known["alpha"] / "bot.log"
        path.write_text(f"2026-01-10 09:59:58,000 - freqtrade - INFO - state=RUNNING\n{words}\n", encoding="utf-8")
    write_stored(folder / "strategies", entry.channel, words)


def put_rows(world: World, entry: Entry) -> None:
    """The texts that stand in the database."""
    words = fill(entry.text, world.known).strip()
    if entry.channel == "bot_name":
        world.guard.registry.add(spec_of(words), "demo", CONVERSATION)
    if entry.channel == "bot_description":
        world.guard.registry.add(spec_of("delta", description=words), "demo", CONVERSATION)


def put_failures(world: World, entry: Entry) -> None:
    """The texts that come with what goes wrong."""
    words = fill(entry.text, world.known).strip()
    if entry.channel == "start_failure":
        world.host.start_failure = words
    if entry.channel == "bot_error":
        world.host.puppets[world.known["alpha"]].refuse_entries(words)
