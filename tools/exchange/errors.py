"""What the exchange answers to a request that it cannot serve: Binance's own codes and sentences.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/errors.md
"""

from typing import Any


class ApiError(Exception):
    """A refused request: Binance's numeric `code`, its sentence, and the HTTP status that goes with it.

    `data` is what a half-failed cancel-replace has to tell besides.
    """

    def __init__(self, code: int, message: str, status: int = 400, data: dict[str, Any] | None = None) -> None:
        self.code = code
        self.message = message
        self.status = status
        self.data = data
        super().__init__(f"{code}: {message}")

    def body(self) -> dict[str, Any]:
        """The JSON body: `{"code": -1121, "msg": "Invalid symbol."}`."""
        body: dict[str, Any] = {"code": self.code, "msg": self.message}
        return body if self.data is None else {**body, "data": self.data}


class ConfigurationError(Exception):
    """An argument or a data file that cannot be used; its text says which, and how to mend it."""


def bad_control(sentence: str) -> ApiError:
    """-1130: a request to `/demo` that cannot be served; the sentence says why."""
    return ApiError(-1130, sentence)


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


def unauthorized(sentence: str) -> ApiError:
    """-1002, HTTP 401: the control token was not sent, or is another."""
    return ApiError(-1002, sentence, 401)


def invalid_message(sentence: str) -> ApiError:
    """-1013: refused before it reached the matching engine."""
    return ApiError(-1013, sentence)


def filter_failure(name: str) -> ApiError:
    """-1013: the order breaks one of the symbol's rules."""
    return invalid_message(f"Filter failure: {name}")


def bad_prevention() -> ApiError:
    """-1013: not one of the symbol's self-trade prevention modes."""
    return invalid_message("This symbol does not allow the specified self-trade prevention mode.")


def outside_window() -> ApiError:
    """-1021: the request is older than its recvWindow."""
    return ApiError(-1021, "Timestamp for this request is outside of the recvWindow.")


def ahead_of_time() -> ApiError:
    """-1021: the request's clock is a second or more ahead of the exchange's."""
    return ApiError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")


def bad_signature() -> ApiError:
    """-1022: the signature does not belong to this payload and key."""
    return ApiError(-1022, "Signature for this request is not valid.")


def neither_sent(one: str, other: str) -> ApiError:
    """-1102: one of two parameters is needed."""
    return ApiError(-1102, f"Param '{one}' or '{other}' must be sent, but both were empty/null!")


def not_required(name: str) -> ApiError:
    """-1106: the parameter does not belong to this kind of order."""
    return ApiError(-1106, f"Parameter '{name}' sent when not required.")


def overflowed(name: str) -> ApiError:
    """-1108: the number is larger than any that is kept."""
    return ApiError(-1108, f"Parameter '{name}' overflowed.")


def too_precise(name: str) -> ApiError:
    """-1111: more than eight decimals."""
    return ApiError(-1111, f"Parameter '{name}' has too much precision.")


def bad_time_in_force() -> ApiError:
    """-1115: not a time in force."""
    return ApiError(-1115, "Invalid timeInForce.")


def bad_order_type() -> ApiError:
    """-1116: not an order type."""
    return ApiError(-1116, "Invalid orderType.")


def bad_side() -> ApiError:
    """-1117: neither BUY nor SELL."""
    return ApiError(-1117, "Invalid side.")


def too_long_between() -> ApiError:
    """-1127: startTime and endTime are more than a day apart."""
    return ApiError(-1127, "More than 24 hours between startTime and endTime.")


def bad_window() -> ApiError:
    """-1131: recvWindow is larger than a minute."""
    return ApiError(-1131, "recvWindow must be less than 60000")


def bad_strategy_type() -> ApiError:
    """-1134: numbers below a million are reserved."""
    return ApiError(-1134, "`strategyType` was less than 1000000.")


def bad_restrictions() -> ApiError:
    """-1145: not a restriction of a cancel."""
    return ApiError(-1145, "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`.")


def rejected(sentence: str) -> ApiError:
    """-2010: the matching engine does not take the order."""
    return ApiError(-2010, sentence)


def cancel_rejected(sentence: str = "Unknown order sent.") -> ApiError:
    """-2011: there is nothing to cancel, or not under these restrictions."""
    return ApiError(-2011, sentence)


def no_such_order() -> ApiError:
    """-2013: no such order."""
    return ApiError(-2013, "Order does not exist.")


def bad_key_format() -> ApiError:
    """-2014, HTTP 401: the API key is missing or is not 64 letters and digits."""
    return ApiError(-2014, "API-key format invalid.", 401)


def rejected_key() -> ApiError:
    """-2015, HTTP 401: no account has this key, or it may not do this."""
    return ApiError(-2015, "Invalid API-key, IP, or permissions for action.", 401)


def client_id_mismatch() -> ApiError:
    """-2039: the order of this number has another client order id."""
    return ApiError(-2039, "Client order ID is not correct for this order ID.")


def bad_list(code: int, sentence: str) -> ApiError:
    """-1014, -1158 to -1199: the legs of an order list do not fit together."""
    return ApiError(code, sentence)


def no_such_list() -> ApiError:
    """-2013: no such order list."""
    return ApiError(-2013, "Order list does not exist.")
