"""A signed request as Binance takes it: who asks, with which parameters, and that nobody changed or repeats them.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#request-security
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from tools.gateway.orders import errors
from tools.gateway.orders.bot_keys import FORMAT, Caller, find_caller
from tools.gateway.orders.keys import sign
from tools.gateway.orders.seen import Seen

MOST_PARAMETERS = 24
WINDOW_MS, WIDEST_WINDOW_MS = 5_000, 60_000
AHEAD_MS = 1_000
SIGNATURE = re.compile(rb"(?:(.*)&)?signature=([0-9A-Fa-f]{64})", re.DOTALL)
NAME = re.compile(r"[A-Za-z]{1,30}")
VALUE = re.compile(r"[\x20-\x7e]*")
LONGEST, LONGEST_STATEMENT = 64, 3_000
"""Characters of a value; a statement is what the desk passes on of a bot."""
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class RawRequest:
    """A request as it was received, byte for byte."""

    method: str
    path: str
    query: bytes
    body: bytes
    keys: tuple[str, ...]
    """Every X-MBX-APIKEY header."""
    content_type: str = ""


@dataclass(frozen=True)
class SignedRequest:
    """One whose signature fits; `params` are without those that belong to the signature."""

    caller: Caller
    method: str
    path: str
    params: Mapping[str, str]
    signature: str


class Verifier:
    """Finds out who asks."""

    def __init__(self, master: bytes, clock_ms: Callable[[], int], seen: Seen | None = None) -> None:
        self._master = master
        self._clock_ms = clock_ms
        self._seen = seen or Seen()

    def verify(self, raw: RawRequest) -> SignedRequest:
        """Raises `Denied`, with who asked wherever the signature is theirs."""
        caller, secret = self._find(raw.keys)
        try:
            return self._read(raw, caller, secret)
        except errors.Denied as denied:
            denied.caller = caller if _is_theirs(raw, secret) else None
            raise

    def _read(self, raw: RawRequest, caller: Caller, secret: str) -> SignedRequest:
        _check_form(raw)
        payload, signature = _split(raw)
        params = _parse(raw.query, raw.body)
        timestamp, window = _moment(params), _window(params)
        if not hmac.compare_digest(sign(secret, payload), signature):
            raise errors.bad_signature()
        now_ms = self._clock_ms()
        if timestamp >= now_ms + AHEAD_MS:
            raise errors.ahead_of_time()
        if now_ms - timestamp > window:
            raise errors.outside_window()
        self._seen.admit(caller.name, signature, now_ms, timestamp + window)
        told = {name: value for name, value in params.items() if name not in ("timestamp", "recvWindow", "signature")}
        return SignedRequest(caller, raw.method, raw.path, told, signature)

    def _find(self, keys: tuple[str, ...]) -> tuple[Caller, str]:
        if len(keys) != 1 or not FORMAT.fullmatch(keys[0]):
            raise errors.bad_key_format()
        found = find_caller(self._master, keys[0])
        if found is None:
            raise errors.rejected_key()
        return found


def peek(raw: RawRequest) -> Mapping[str, str]:
    """What a request says that was turned away; nothing where that cannot be read."""
    try:
        return _parse(raw.query, raw.body)
    except errors.Denied:
        return {}


def _is_theirs(raw: RawRequest, secret: str) -> bool:
    """Whether the owner of the key signed it: all of it, or the query, to which a body was added."""
    return any(_fits(one, secret) for one in (raw, replace(raw, body=b"")))


def _fits(raw: RawRequest, secret: str) -> bool:
    try:
        payload, signature = _split(raw)
    except errors.Denied:
        return False
    return hmac.compare_digest(sign(secret, payload), signature)


def _check_form(raw: RawRequest) -> None:
    if not raw.body:
        return
    if raw.method not in ("POST", "DELETE"):
        raise errors.too_many_parameters()
    if raw.content_type.split(";")[0].strip().lower() != FORM:
        raise errors.missing("signature")


def _split(raw: RawRequest) -> tuple[bytes, str]:
    """What was signed, and the signature: the last parameter of the body, or of the query where there is no body."""
    whole, rest = (raw.body, raw.query) if raw.body else (raw.query, b"")
    found = SIGNATURE.fullmatch(whole)
    if found is None and raw.body:
        whole, rest = raw.query, raw.body
        found = SIGNATURE.fullmatch(whole)
        return _found(found, lambda signed: signed + rest)
    return _found(found, lambda signed: rest + signed)


def _found(found: re.Match[bytes] | None, join: Callable[[bytes], bytes]) -> tuple[bytes, str]:
    if found is None:
        raise errors.missing("signature")
    return join(found[1] or b""), found[2].decode().lower()


def _parse(*parts: bytes) -> dict[str, str]:
    """Each once, in plain ASCII; what is written in a way that can be read in two is refused."""
    params: dict[str, str] = {}
    for part in filter(None, parts):
        try:
            pairs = parse_qsl(
                part.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict",
                max_num_fields=MOST_PARAMETERS,
            )  # fmt: skip
        except ValueError as error:
            raise errors.illegal() from error
        for name, value in pairs:
            longest = LONGEST_STATEMENT if name == "statement" else LONGEST
            if not NAME.fullmatch(name) or not VALUE.fullmatch(value) or len(value) > longest:
                raise errors.illegal()
            if name in params:
                raise errors.duplicated(name)
            params[name] = value
    return params


def _moment(params: Mapping[str, str]) -> int:
    """In milliseconds; microseconds are taken too."""
    text = params.get("timestamp", "")
    if not re.fullmatch(r"[0-9]{13}|[0-9]{16}", text):
        raise errors.missing("timestamp")
    return int(text) // (1000 if len(text) == 16 else 1)


def _window(params: Mapping[str, str]) -> int:
    text = params.get("recvWindow")
    if text is None:
        return WINDOW_MS
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text):
        raise errors.illegal("recvWindow")
    if float(text) > WIDEST_WINDOW_MS:
        raise errors.Denied(-1131, "recvWindow must be less than 60000.")
    return int(float(text))
