import pytest

from agent.model import ModelSettings, UnknownModel, choose_model


def test_choose_when_nothing_is_set_then_the_offline_model_in_the_language_of_the_turn() -> None:
    choice = choose_model(ModelSettings())
    assert (choice.name, choice.offline) == ("offline", True)
    assert choice.build("pt-BR").model_name == "offline"


@pytest.mark.parametrize(
    ("settings", "model", "system"),
    [
        (ModelSettings(name="openai-chat:some", openai_api_key="k"), "some", "openai"),
        (ModelSettings(name="openai-chat:some", openai_base_url="http://127.0.0.1:1/v1"), "some", "openai"),
        (ModelSettings(name="openai:some", openai_api_key="k"), "some", "openai"),
        (ModelSettings(name="anthropic:some", anthropic_api_key="k"), "some", "anthropic"),
        (ModelSettings(name="ollama:some:7b"), "some:7b", "openai"),
    ],
)
def test_choose_when_a_provider_is_named_then_its_model_without_asking_anyone(
    settings: ModelSettings, model: str, system: str
) -> None:
    built = choose_model(settings).build("en")
    assert (built.model_name, built.system) == (model, system)


@pytest.mark.parametrize(
    "name", ["gpt-5", "openai-chat:", ":x", "", "azure:x", "openai-chat:x", "openai:x", "anthropic:x"]
)
def test_choose_when_the_name_or_the_key_is_missing_then_says_how_to_mend_it(name: str) -> None:
    with pytest.raises(UnknownModel, match=r"TRADEHELM_MODEL"):
        choose_model(ModelSettings(name=name))


def test_settings_when_shown_then_no_key_is() -> None:
    assert "canary" not in repr(ModelSettings(openai_api_key="canary", anthropic_api_key="canary"))
