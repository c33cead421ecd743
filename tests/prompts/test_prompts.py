"""The prompts can be read, and the glossary says the same things in both languages."""

import pytest

import prompts
from agent.offline.glossary import entries
from agent.words import LANGUAGES, Language


def test_read_when_a_blank_is_given_then_fills_it() -> None:
    assert "Answer in pt-BR" in prompts.read("system", language="pt-BR")
    assert "{language}" not in prompts.read("system", language="en")


def test_read_when_a_blank_is_not_given_then_leaves_it() -> None:
    assert "{language}" in prompts.read("system")


def test_read_when_there_is_no_such_prompt_then_raises() -> None:
    with pytest.raises(FileNotFoundError):
        prompts.read("nothing")


def test_glossary_when_read_then_has_the_same_entries_in_both_languages() -> None:
    assert [entry.key for entry in entries("en")] == [entry.key for entry in entries("pt-BR")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_glossary_when_read_then_every_term_has_one_entry(language: Language) -> None:
    terms = [term for entry in entries(language) for term in entry.terms]
    assert len(terms) == len(set(terms))
    assert all(entry.text for entry in entries(language))
