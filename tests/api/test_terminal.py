import re
from typing import get_args

import pytest
from rich.console import Console

from agent.words import LANGUAGES, Language
from api.terminal.cards import _RENDERERS, render
from tests.api.samples import CARDS
from tools.cards import Card


def kinds() -> set[str]:
    return {get_args(card.model_fields["kind"].annotation)[0] for card in get_args(get_args(Card)[0])}


def test_renderers_when_compared_with_the_cards_then_there_is_one_for_each() -> None:
    assert set(_RENDERERS) == kinds()


def test_samples_when_compared_with_the_cards_then_there_is_one_for_each() -> None:
    assert {card.kind for card in CARDS} == kinds()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.kind)
def test_render_when_a_card_is_shown_then_it_is_text_without_missing_words(card: Card, language: Language) -> None:
    console = Console(width=120)
    with console.capture() as shown:
        console.print(render(card, language))
    text = shown.get()
    assert re.findall(r"\b(?:column|limit|mode|state|health|venue|refusal|problem|trade|card)\.[a-zA-Z_]+", text) == []
