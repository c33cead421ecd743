"""A turn that failed, in words that a person can act on; what the provider wrote stays in the log."""

from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelRequestTimeout,
    ModelTimeoutError,
    RunTimedOut,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
)

from agent.words import Language, say


class CutShort(Exception):
    """A model's answer that stopped without saying that it was done."""


def describe(error: Exception, model: str, timeout_s: float, language: Language) -> str:
    """The sentence for an error that ended a turn."""
    if isinstance(error, (RunTimedOut, ModelRequestTimeout, ModelTimeoutError, TimeoutError)):
        return say(language, "problem.model_timeout", model=model, seconds=f"{timeout_s:.0f}")
    return say(language, "problem.model_failed", model=model, reason=say(language, f"failure.{_kind(error)}"))


def _kind(error: Exception) -> str:
    match error:
        case ModelAuthenticationError():
            return "credentials"
        case ModelConnectionError():
            return "unreachable"
        case ModelHTTPError() if error.status_code == 429:
            return "busy"
        case ModelAPIError():
            return "provider"
        case CutShort():
            return "cut_short"
        case UnexpectedModelBehavior():
            return "nonsense"
        case UsageLimitExceeded():
            return "endless"
    return "internal"
