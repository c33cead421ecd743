"""What the exchange answers to a request that it cannot serve: Binance's own codes and sentences.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/errors.md
"""


class ApiError(Exception):
    """A refused request: Binance's numeric `code`, its sentence, and the HTTP status that goes with it."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        self.code = code
        self.message = message
        self.status = status
        super().__init__(f"{code}: {message}")

    def body(self) -> dict[str, int | str]:
        """The JSON body: `{"code": -1121, "msg": "Invalid symbol."}`."""
        return {"code": self.code, "msg": self.message}


class ConfigurationError(Exception):
    """An argument or a data file that cannot be used; its text says which, and how to mend it."""


def unknown_error() -> ApiError:
    """-1000, HTTP 500: the exchange itself failed."""
    return ApiError(-1000, "An unknown error occurred while processing the request.", 500)


def unsupported(status: int) -> ApiError:
    """-1020: no such path (404), or not with this method (405)."""
    return ApiError(-1020, "This operation is not supported.", status)


def illegal_characters(name: str, legal: str) -> ApiError:
    """-1100: the parameter does not match the pattern `legal`."""
    return ApiError(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")


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
    """-1120: not a kline interval that is served here."""
    return ApiError(-1120, "Invalid interval.")


def bad_symbol() -> ApiError:
    """-1121: the symbol is not listed."""
    return ApiError(-1121, "Invalid symbol.")


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
