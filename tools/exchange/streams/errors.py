"""What is answered over a WebSocket to a message that cannot be served.

Sources: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md (error messages), errors.md.
"""

from typing import Any

from tools.exchange.errors import ApiError

UNAUTHORIZED = 401

GOING_AWAY, TOO_LONG, AGAINST_THE_RULES, FAILED = 1001, 1009, 1008, 1011
"""Codes of a closing connection (RFC 6455, section 7.4.1)."""


class ControlError(Exception):
    """A refused control message of a market stream: one of Binance's codes 0 to 3, and its sentence."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")

    def body(self, request_id: int | str | None) -> dict[str, Any]:
        """The answer in both forms: flat, as it is documented, and under `error`, as clients such as ccxt read it."""
        error = {"code": self.code, "msg": self.message}
        return {**error, "error": error, "id": request_id}


def unknown_property() -> ControlError:
    """0: a property other than `combined`."""
    return ControlError(0, "Unknown property")


def not_boolean() -> ControlError:
    """1: the property takes true or false."""
    return ControlError(1, "Invalid value type: expected Boolean")


def bad_request(what: str) -> ControlError:
    """2: the message is JSON and no request that is served here."""
    return ControlError(2, f"Invalid request: {what}")


def bad_json(line: int, column: int) -> ControlError:
    """3: the message is no JSON."""
    return ControlError(3, f"Invalid JSON: expected value at line {line} column {column}")


def unauthorized() -> ApiError:
    """-1002: the session is not logged on."""
    return ApiError(-1002, "You are not authorized to execute this request.", UNAUTHORIZED)


def invalid_json() -> ApiError:
    """-1135: the message is no JSON object."""
    return ApiError(-1135, "Invalid JSON Request")


def too_many_subscriptions(limit: int) -> ApiError:
    """-1191: as many subscriptions as a connection may have at a time."""
    return ApiError(-1191, f"Too many subscriptions. Connection may create up to '{limit}' subscriptions at a time.")


def bad_time_unit() -> ApiError:
    """-1194: neither milliseconds nor microseconds."""
    return ApiError(-1194, "Invalid value for time unit; expected either MICROSECOND or MILLISECOND.")


def subscription_active() -> ApiError:
    """-2035: the connection already hears this account."""
    return ApiError(-2035, "User Data Stream subscription already active.")


def subscription_inactive() -> ApiError:
    """-2036: there is no such subscription to end."""
    return ApiError(-2036, "User Data Stream subscription not active.")


def no_more_subscription_ids() -> ApiError:
    """-2042: a connection has had as many subscriptions as it can number."""
    return ApiError(-2042, "Maximum subscription ID reached for this connection.")


def only_ed25519() -> ApiError:
    """-4056: sessions are for Ed25519 keys, and all keys here are HMAC keys."""
    return ApiError(-4056, "HMAC_SHA256 API key is not supported.")
