"""What the gateway answers to a request that it does not serve, in Binance's own shape.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/errors.md
"""

from collections.abc import Mapping
from typing import Any

from tools.gateway.orders.bot_keys import Caller

NEW_ORDER_REJECTED = -2010
BAD_VALUE = -1013


class Denied(Exception):
    """A request that was not done: Binance's numeric `code`, a sentence, and the HTTP status that goes with it.

    `rule` and `numbers` are the same as data, for the record.
    """

    def __init__(  # noqa: PLR0913  an answer has these parts
        self,
        code: int,
        message: str,
        status: int = 400,
        *,
        rule: str | None = None,
        numbers: Mapping[str, str] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.status = status
        self.rule = rule or ("wire_unreadable" if _is_of_reading(code) else f"wire_{abs(code)}")
        self.numbers = dict(numbers or {})
        self.retry_after_s = retry_after_s
        self.caller: Caller | None = None
        """Who asked, once that is certain and before anything else of the request is."""
        super().__init__(f"{code}: {message}")

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "msg": self.message}


def _is_of_reading(code: int) -> bool:
    """Whether the request itself cannot be taken for what it is: characters, parameters, values."""
    return code == BAD_VALUE or 1100 <= -code < 1200


def bad_key_format() -> Denied:
    """-2014: no key, or nothing that can be one."""
    return Denied(-2014, "API-key format invalid.", 401)


def rejected_key() -> Denied:
    """-2015: a key of nobody, or one that may not do this."""
    return Denied(-2015, "Invalid API-key, IP, or permissions for action.", 401)


def bad_signature() -> Denied:
    return Denied(-1022, "Signature for this request is not valid.")


def outside_window() -> Denied:
    return Denied(-1021, "Timestamp for this request is outside of the recvWindow.")


def ahead_of_time() -> Denied:
    return Denied(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")


def replayed() -> Denied:
    """-1021: a client that asks anew has another timestamp, and ccxt asks anew after this code."""
    return Denied(-1021, "Timestamp for this request: it was received before.", rule="wire_replayed")


def illegal(name: str | None = None) -> Denied:
    """-1100: characters that do not belong there."""
    where = f"parameter '{name}'" if name else "a parameter"
    return Denied(-1100, f"Illegal characters found in {where}.")


def duplicated(name: str) -> Denied:
    return Denied(-1101, "Duplicate values for a parameter detected.", numbers={"parameter": name})


def too_many_parameters() -> Denied:
    """-1101: more than is ever needed, or a body where there is none."""
    return Denied(-1101, "Too many parameters sent for this endpoint.")


def missing(name: str) -> Denied:
    return Denied(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


def neither(one: str, other: str) -> Denied:
    return Denied(-1102, f"Param '{one}' or '{other}' must be sent, but both were empty/null!")


def unknown_parameter(name: str) -> Denied:
    return Denied(-1103, "An unknown parameter was sent.", numbers={"parameter": name[:30]})


def not_required(name: str) -> Denied:
    return Denied(-1106, f"Parameter '{name}' sent when not required.")


def too_precise(name: str) -> Denied:
    return Denied(-1111, f"Parameter '{name}' has too much precision.")


def invalid(name: str) -> Denied:
    return Denied(-1130, f"Data sent for parameter '{name}' is not valid.")


def bad_value(code: int, what: str) -> Denied:
    """-1115, -1116, -1117, -1121: not one of the words that stand there."""
    return Denied(code, f"Invalid {what}.")


def unsupported() -> Denied:
    """-1020: there is no such path here, or not with this method."""
    return Denied(-1020, "This operation is not supported.", 404)


def too_many_requests(retry_after_s: int) -> Denied:
    return Denied(-1003, "Too many requests.", 429, retry_after_s=retry_after_s)


def no_such_order() -> Denied:
    return Denied(-2013, "Order does not exist.")


def nothing_to_cancel() -> Denied:
    return Denied(-2011, "Unknown order sent.")


def duplicate_order() -> Denied:
    return Denied(NEW_ORDER_REJECTED, "Duplicate order sent.", rule="duplicate_order")


def refused(rule: str, numbers: Mapping[str, str]) -> Denied:
    """-2010: the guard's own no, which ccxt takes for an order that was not made."""
    told = " ".join(f"{name}={value}" for name, value in numbers.items())
    return Denied(NEW_ORDER_REJECTED, f"Refused by Tradehelm: {rule} {told}".strip(), rule=rule, numbers=numbers)


def beyond_inventory(numbers: Mapping[str, str]) -> Denied:
    """-2010: a sale of more than the bot holds, told as Binance tells it."""
    sentence = "Account has insufficient balance for requested action."
    return Denied(NEW_ORDER_REJECTED, sentence, rule="beyond_inventory", numbers=numbers)


def unreachable() -> Denied:
    """-1001: nothing was sent, or nothing that changes anything."""
    return Denied(-1001, "Internal error; unable to process your request. Please try again.", 503)


def not_made() -> Denied:
    """-1006: the exchange did not answer, and it was made sure that there is no such order."""
    return Denied(-1006, "An unexpected response was received. The order was not made.", 503)


def outcome_unknown() -> Denied:
    return Denied(-1007, "Timeout waiting for response. Send status unknown; execution status unknown.", 504)


def failed() -> Denied:
    return Denied(-1000, "An unknown error occurred while processing the request.", 500)
