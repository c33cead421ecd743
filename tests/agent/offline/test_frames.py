"""A command in a question, a negation, a condition or a quotation changes nothing: each frame over each command."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.words import Language
from tests.agent.offline.conftest import WRITES

CORPUS = Path(__file__).parent / "corpus"
COMMANDS = frozenset(
    {"create", "start", "pause", "stop", "delete", "edit", "lifecycle"}
    | {"panic", "enter", "exit", "order", "lock", "limits", "mode", "resume"}
)
POLITE = re.compile(
    r"[.!?;:] |[?]|\b(no|not|não),|^(hi|oi|hey)\b|can you|could|would|pode|consegue|you se", re.IGNORECASE
)
SEVERAL = re.compile(r",|\band\b|\bthen\b| e |depois|:")

DENIED: dict[Language, tuple[str, ...]] = {
    "en": (
        "don't {}",
        "please do not {}",
        "never {}",
        "I don't want you to {}",
        "you shouldn't {}",
        "don't ever {}",
        "we did not {}",
        "can you please not {}",
        "I was told to {}",
    ),
    "pt-BR": (
        "não {}",
        "por favor não {}",
        "nunca {}",
        "não quero que você {}",
        "você não deve {}",
        "jamais {}",
        "não é para {}",
        "não podes {}",
        "me mandaram {}",
    ),
}
FRAMES: dict[Language, tuple[str, ...]] = {
    "en": (
        "how do I {}?",
        "what happens if I {}?",
        "should I {}?",
        "can I {}?",
        "did you {}?",
        "why would I {}?",
        "is it wise to {}?",
        "who asked you to {}?",
        "I wonder whether to {}",
        "can you explain how to {}",
        "explain what happens when you {}",
        "my friend said: {}",
        "The article says {}",
        "if BTC rises, {}",
        "when BTC drops {}",
        "tomorrow {}",
        'what does "{}" do?',
        "> {}",
        "`{}`",
        "```\n{}\n```",
        "the log says:\n{}",
    ),
    "pt-BR": (
        "como eu faço para {}?",
        "o que acontece se eu {}?",
        "devo {}?",
        "posso {}?",
        "você {}?",
        "como podes {}?",
        "podes explicar como {}?",
        "por que eu deveria {}?",
        "é seguro {}?",
        "quem pediu para {}?",
        "pode explicar como {}",
        "explique o que acontece quando você {}",
        "meu amigo disse: {}",
        "O artigo diz {}",
        "se o BTC subir, {}",
        "quando o BTC cair {}",
        "amanhã {}",
        'o que "{}" faz?',
        "> {}",
        "`{}`",
        "```\n{}\n```",
        "o log diz:\n{}",
    ),
}


def commands(language: Language) -> Iterator[tuple[str, dict[str, Any]]]:
    """The commands of the corpus that can stand in a frame, without a capital."""
    for path in sorted(CORPUS.glob(f"{language}.*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row["says"][0]
            writes = any(step["tool"] in WRITES for step in row["plan"])
            if len(row["says"]) == 1 and row["topic"] in COMMANDS and writes and not POLITE.search(text):
                yield text[0].lower() + text[1:], row


def framed() -> Iterator[Any]:
    for language in ("en", "pt-BR"):
        for frame in (*FRAMES[language], *DENIED[language]):
            yield pytest.param(language, frame, id=f"{language}-{frame!r}")


def shuts_pair(call: tuple[str, dict[str, Any]]) -> bool:
    """ "Never buy ETH with alpha" is a command of its own: the pair is shut."""
    return call[0] == "block_pair" or "blocked_pairs" in call[1].get("changes", ())


@pytest.mark.parametrize(("language", "frame"), framed())
def test_interpret_when_a_command_stands_in_a_frame_then_changes_nothing(
    build_world: Callable[..., Any], language: Language, frame: str
) -> None:
    changed = []
    for text, row in commands(language):
        if frame in DENIED[language] and SEVERAL.search(text):
            continue
        world = build_world(language)
        if "bots" in row:
            world.bots = [{**world.bots[0], "name": name} for name in row["bots"]]
        calls, _ = world.say(frame.format(text))
        changed += [(text, call) for call in calls if call[0] in WRITES and not shuts_pair(call)]
    assert not changed
