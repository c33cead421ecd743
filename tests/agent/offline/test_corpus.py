"""The corpus: sentences and the plan that each should lead to; `held_out` marks those that measure and do not tune."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.offline import glossary
from agent.words import Language, sentences
from tests.agent.offline.conftest import WRITES

CORPUS = Path(__file__).parent / "corpus"
LANGUAGES: tuple[Language, ...] = ("en", "pt-BR")


def rows() -> Iterator[Any]:
    for path in sorted(CORPUS.glob("*.jsonl")):
        language = "pt-BR" if path.stem.startswith("pt-BR") else "en"
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield pytest.param(language, row, id=f"{path.stem}-{' / '.join(row['says'])[:70]}")


def run(build_world: Callable[..., Any], language: Language, row: dict[str, Any]) -> tuple[list[Any], str, Any]:
    world = build_world(language)
    if "bots" in row:
        world.bots = [{**world.bots[0], "id": f"{n:012d}", "name": name} for n, name in enumerate(row["bots"])]
    calls: list[Any] = []
    text = ""
    for said in row["says"]:
        calls, text = world.say(said)
    return calls, text, world


def expected(row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    plan = [(step["tool"], dict(step["args"])) for step in row["plan"]]
    for _, args in plan:
        if args.get("bot") == "$new":
            named = next((made[1]["name"] for made in plan if made[0] == "create_bot" and "name" in made[1]), "new-1")
            args["bot"] = named
    return plan


def comparable(calls: list[Any], plan: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    """The calls without those that only looked something up."""
    if any(verb in WRITES for verb, _ in plan):
        return [call for call in calls if call[0] in WRITES]
    return calls if [verb for verb, _ in plan] == ["list_bots"] else [call for call in calls if call[0] != "list_bots"]


def says(language: Language, key: str, text: str) -> bool:
    """Whether a text holds the sentence of a key, whatever fills its blanks."""
    if key == "glossary":
        return any(entry.text in text for entry in glossary.entries(language))
    template = re.split(r"\{\w+\}", sentences(language)[f"offline.{key}"])
    return re.search(".*?".join(map(re.escape, template)), text, re.DOTALL) is not None


@pytest.mark.parametrize(("language", "row"), rows())
def test_interpret_when_a_sentence_of_the_corpus_is_said_then_makes_its_plan(
    build_world: Callable[..., Any], language: Language, row: dict[str, Any]
) -> None:
    calls, text, _ = run(build_world, language, row)
    plan = expected(row)
    calls = comparable(calls, plan)
    if not plan and "answer" not in row:
        assert not [call for call in calls if call[0] in WRITES], f"{calls} {text}"
        return
    assert calls == plan, text
    if "answer" in row:
        assert says(language, row["answer"], text), text
    assert "[" not in text, text
