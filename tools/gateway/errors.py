"""What the gateway answers to what it will not or cannot serve: Binance's own codes and sentences.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/errors.md
"""

import json


class ApiError(Exception):
    """A request without an answer: Binance's numeric `code`, its sentence, and the HTTP status that goes with it."""

    def __init__(self, code: int, message: str, status: int = 400, retry_after_s: int | None = None) -> None:
        self.code = code
        self.message = message
        self.status = status
        self.retry_after_s = retry_after_s
        super().__init__(f"{code}: {message}")

    def body(self) -> bytes:
        """The JSON body: `{"code":-1121,"msg":"Invalid symbol."}`."""
        return json.dumps({"code": self.code, "msg": self.message}, separators=(",", ":")).encode()


class Unanswered(ApiError):
    """The exchange could not be asked or did not answer: what is remembered may be served, if it is young enough."""


class ConfigurationError(Exception):
    """An argument that cannot be used; its text says which, and how to mend it."""


def unknown_error() -> ApiError:
    """-1000, HTTP 500: the gateway itself failed."""
    return ApiError(-1000, "An unknown error occurred while processing the request.", 500)


def disconnected() -> Unanswered:
    """-1001, HTTP 503: the exchange does not answer."""
    return Unanswered(-1001, "Internal error; unable to process your request. Please try again.", 503)


def too_many_requests(retry_after_s: int) -> Unanswered:
    """-1003, HTTP 429: the exchange is not asked for the next `retry_after_s` seconds."""
    return Unanswered(-1003, "Too many requests queued.", 429, retry_after_s)


def unsupported(status: int) -> ApiError:
    """-1020: not on the allow-list."""
    return ApiError(-1020, "This operation is not supported.", status)


def illegal_characters(name: str, legal: str) -> ApiError:
    """-1100: the parameter does not match the pattern `legal`."""
    return ApiError(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")


def unreadable() -> ApiError:
    """-1100: the query string is no list of names and values."""
    return ApiError(-1100, "Illegal characters found in a parameter.")


def too_many_parameters() -> ApiError:
    """-1101: the query string is longer than any question that makes sense."""
    return ApiError(-1101, "Too many parameters sent for this endpoint.")


def duplicate_values(name: str) -> ApiError:
    """-1101: the parameter was sent twice."""
    return ApiError(-1101, f"Duplicate values for parameter '{name}' detected.")


def missing(name: str) -> ApiError:
    """-1102: a mandatory parameter was not sent."""
    return ApiError(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


def unread_parameters(read: int, sent: int) -> ApiError:
    """-1104: parameters were sent that this endpoint does not have."""
    return ApiError(-1104, f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'.")


def empty(name: str) -> ApiError:
    """-1105: the parameter was sent without a value."""
    return ApiError(-1105, f"Parameter '{name}' was empty.")


def bad_interval() -> ApiError:
    """-1120: not a kline interval."""
    return ApiError(-1120, "Invalid interval.")


def bad_symbol_status() -> ApiError:
    """-1122: not a trading status."""
    return ApiError(-1122, "Invalid symbolStatus.")


def bad_combination() -> ApiError:
    """-1128: these optional parameters exclude each other."""
    return ApiError(-1128, "Combination of optional parameters invalid.")


def invalid(name: str) -> ApiError:
    """-1130: the parameter's value is out of its range."""
    return ApiError(-1130, f"Data sent for parameter '{name}' is not valid.")


def bad_ticker_type() -> ApiError:
    """-1139: neither FULL nor MINI."""
    return ApiError(-1139, "Invalid ticker type.")


def duplicate_symbols() -> ApiError:
    """-1151: the list names a symbol twice."""
    return ApiError(-1151, "Symbol is present multiple times in the list.")
