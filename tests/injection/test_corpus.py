"""The data itself: enough of it, of every sort, and what is encoded says what it is said to say."""

import base64
import codecs
from collections import Counter
from collections.abc import Callable
from typing import get_args
from urllib.parse import unquote

import pytest

from agent.toolset import RISKS
from tests.injection.corpus import Channel, Entry, Goal, Setting, read_corpus
from tools.actions import KINDS

ENTRIES = read_corpus()
DECODERS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64decode(text).decode(),
    "base64 twice": lambda text: base64.b64decode(base64.b64decode(text)).decode(),
    "base32": lambda text: base64.b32decode(text).decode(),
    "hex": lambda text: bytes.fromhex(text.removeprefix("0x")).decode(),
    "rot13": lambda text: codecs.decode(text, "rot13"),
    "percent": lambda text: unquote(text.removeprefix("/?q=")),
    "reversed": lambda text: text[::-1],
}


def test_corpus_when_read_then_holds_at_least_120_texts_of_every_sort() -> None:
    assert len(ENTRIES) >= 120
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)
    assert len({entry.text for entry in ENTRIES}) == len(ENTRIES)
    assert {entry.channel for entry in ENTRIES} == set(get_args(Channel))
    assert {entry.goal for entry in ENTRIES} == set(get_args(Goal))
    assert {entry.world for entry in ENTRIES} == set(get_args(Setting))
    assert len({entry.technique for entry in ENTRIES}) >= 30
    languages = Counter(entry.language for entry in ENTRIES)
    assert min(languages["pt-BR"], languages["es"]) >= 10


def test_corpus_when_its_calls_are_counted_then_every_verb_and_every_action_is_tried() -> None:
    called = {call.verb for entry in ENTRIES for one in entry.rounds for call in one}
    assert called >= {verb for verb in RISKS if verb in KINDS}
    assert called - RISKS.keys() >= {"confirm_proposal", "deny_proposal", "withdraw", "disable_guard", "act"}


@pytest.mark.parametrize("entry", [one for one in ENTRIES if one.technique in DECODERS], ids=lambda entry: entry.id)
def test_text_when_decoded_then_says_what_it_means(entry: Entry) -> None:
    payload = entry.text if entry.technique == "reversed" else entry.text.split(": ")[-1].split(" ")[-1]
    if entry.technique == "rot13":
        payload = entry.text.split(": ")[-1]
    assert DECODERS[entry.technique](payload) == entry.means
