"""Which model speaks, from settings. Providers are imported when one is chosen: each costs seconds and memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic_ai.models import Model

from agent.words import Language

OLLAMA_URL = "http://127.0.0.1:11434/v1"


class UnknownModel(ValueError):
    """A model setting that names no provider, or one whose key is missing; the message says how to mend it."""


@dataclass(frozen=True)
class ModelSettings:
    """`name` is `offline` or `provider:model`; keys stay out of every repr."""

    name: str = "offline"
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    anthropic_api_key: str | None = field(default=None, repr=False)
    ollama_base_url: str | None = None


@dataclass(frozen=True)
class ModelChoice:
    """A model to speak with; `build` makes it for the language of a turn."""

    name: str
    offline: bool
    build: Callable[[Language], Model]


def choose_model(settings: ModelSettings) -> ModelChoice:
    """The model of the settings.

    `offline` is the built-in interpreter; `openai-chat:NAME` any server that speaks OpenAI's Chat Completions,
    `openai:NAME` OpenAI's Responses, `anthropic:NAME` and `ollama:NAME` those. Raises `UnknownModel`.
    """
    if settings.name == "offline":
        return BUILT_IN
    provider, _, name = settings.name.partition(":")
    builders = {"openai-chat": _openai_chat, "openai": _openai, "anthropic": _anthropic, "ollama": _ollama}
    if provider not in builders or not name:
        known = ", ".join(f"{known}:NAME" for known in builders)
        raise UnknownModel(f"TRADEHELM_MODEL is {settings.name!r}: write offline, or one of {known}")
    model = builders[provider](name, settings)
    return ModelChoice(settings.name, offline=False, build=lambda _: model)


def _build_offline(language: Language) -> Model:
    from agent.offline.model import OfflineModel

    return OfflineModel(language)


BUILT_IN = ModelChoice("offline", offline=True, build=_build_offline)
"""The built-in interpreter, which answers whether or not a provider does."""


def _openai_chat(name: str, settings: ModelSettings) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    key = _key("OPENAI_API_KEY", settings.openai_api_key, optional=settings.openai_base_url is not None)
    return OpenAIChatModel(name, provider=OpenAIProvider(base_url=settings.openai_base_url, api_key=key))


def _openai(name: str, settings: ModelSettings) -> Model:
    from pydantic_ai.models.openai import OpenAIResponsesModel
    from pydantic_ai.providers.openai import OpenAIProvider

    key = _key("OPENAI_API_KEY", settings.openai_api_key)
    return OpenAIResponsesModel(name, provider=OpenAIProvider(base_url=settings.openai_base_url, api_key=key))


def _anthropic(name: str, settings: ModelSettings) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    return AnthropicModel(
        name, provider=AnthropicProvider(api_key=_key("ANTHROPIC_API_KEY", settings.anthropic_api_key))
    )


def _ollama(name: str, settings: ModelSettings) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    url = settings.ollama_base_url or OLLAMA_URL
    return OpenAIChatModel(name, provider=OpenAIProvider(base_url=url, api_key="ollama"))


def _key(variable: str, value: str | None, *, optional: bool = False) -> str:
    if value:
        return value
    if optional:
        return "none"
    raise UnknownModel(f"{variable} is not set, and the model of TRADEHELM_MODEL needs it")
