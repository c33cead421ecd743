"""Asks the guard from inside a bot: synchronous, one connection a question, never longer than its bound."""

import contextlib
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from pydantic import ValidationError

from tools.freqtrade.permit_protocol import (
    ENTRY_BOUND_S,
    EXIT_BOUND_S,
    HASTE_S,
    LINE_BYTES,
    SILENCE_S,
    TELL_BOUND_S,
    Answer,
    Ask,
    AskedOrder,
    Became,
    Missed,
    Pass,
    Question,
    Tell,
    Unheard,
    exact,
)

logger = logging.getLogger(__name__)

MOST_OWED = 200
"""How much that the guard did not hear is kept to be told again."""
MOST_MISSED = 50
"""Of how many pairs it is kept that an entry could not be judged."""
TELL_AGAIN_S = 5.0
BUSY = ("too_many_callers", "too_slow")


class Wanted(NamedTuple):
    """An order as Freqtrade says it; nothing of it has been checked."""

    pair: str
    side: Literal["buy", "sell"]
    kind: str
    """`limit`, `market` or whatever the strategy says."""
    amount: Any
    rate: Any

    def read(self) -> AskedOrder:
        """Raises `ValueError` or `TypeError` where it is no order. Of a sale, only what it is about matters."""
        kind = self.kind if self.side == "buy" or self.kind == "market" else "limit"
        return AskedOrder.model_validate(
            {
                "pair": self.pair,
                "side": self.side,
                "type": kind,
                "amount": exact(self.amount),
                "rate": exact(self.rate),
            }
        )


class Refused(Exception):
    """The guard did not allow an entry, or could not be asked: rule and numbers."""

    def __init__(self, rule: str, numbers: Mapping[str, str]) -> None:
        self.rule = rule
        self.numbers = numbers
        told = ", ".join(f"{name} {value}" for name, value in numbers.items())
        super().__init__(f"{rule} ({told})" if told else rule)


class PermitClient:
    """One bot's line to the guard. Without a pass nothing is let in, and everything out."""

    def __init__(self, shown: Pass | None) -> None:
        self._pass = shown
        self._silent_until = 0.0
        self._owed: deque[Tell] = deque(maxlen=MOST_OWED)
        self._missed: dict[str, Missed] = {}
        """By pair."""
        self._tells_again = False
        self._telling = threading.Lock()

    @classmethod
    def of(cls, bot_folder: Path) -> "PermitClient":
        """With the pass that the bot's folder holds."""
        return cls(Pass.read(bot_folder))

    def ask_entry(self, wanted: Wanted) -> str:
        """The permit for a purchase. Raises `Refused` unless the guard says yes within `ENTRY_BOUND_S`."""
        with self._telling:
            self._tell_what_is_owed()
        try:
            return self._ask_leave(wanted)
        except Refused as refused:
            self._note_missed(wanted, refused.rule)
            raise

    def note_exit(self, wanted: Wanted) -> None:
        """Makes a sale known, waiting `EXIT_BOUND_S` at most; raises nothing, so that no fault here stops a sale."""
        try:
            answer = self._ask(wanted, EXIT_BOUND_S)
            fault = "" if answer.ok else str(answer.rule)
        except Exception as error:  # noqa: BLE001
            fault = str(error)
        if fault:
            logger.warning("The guard did not take note of a sale of %s, which goes on: %s", wanted.pair, fault)

    def tell_placed(self, permit: str, order_id: str) -> None:
        """The order was made; where this is not heard it is told again, if the bot's trades do not show it before."""
        self._tell(permit, "placed", order_id)

    def tell_failed(self, permit: str) -> None:
        """No order was made: what was reserved for it is free again."""
        self._tell(permit, "failed", None)

    def tell_cancelled(self, permit: str, order_id: str) -> None:
        """The order was taken back with nothing bought: what was reserved for it is free again."""
        self._tell(permit, "cancelled", order_id)

    def _ask_leave(self, wanted: Wanted) -> str:
        answer = self._ask(wanted, ENTRY_BOUND_S)
        if not answer.ok or not answer.permit:
            raise Refused(answer.rule or "no_verdict", answer.numbers)
        return answer.permit

    def _note_missed(self, wanted: Wanted, rule: str) -> None:
        """A refusal that the guard knows nothing of is told when it answers again, so that it is in the audit too."""
        if (shown := self._pass) is None or rule not in get_args(Unheard):
            return
        order = wanted.read()
        with self._telling:
            before = self._missed.pop(order.pair, None)
            words = {"bot_id": shown.bot_id, "key": shown.key, "order": order, "reason": rule}
            self._missed[order.pair] = Missed.model_validate({**words, "times": before.times + 1 if before else 1})
            if len(self._missed) > MOST_MISSED:
                del self._missed[next(iter(self._missed))]
            self._tell_again()

    def _ask(self, wanted: Wanted, bound_s: float) -> Answer:
        if (shown := self._pass) is None:
            raise Refused("no_pass", {"reason": "guard.json is missing or cannot be read"})
        try:
            order = wanted.read()
            return self._exchange(shown, Ask(bot_id=shown.bot_id, key=shown.key, order=order), bound_s)
        except OSError as error:
            raise Refused("no_answer", {"reason": _reason(error)}) from None
        except (ValueError, TypeError, ArithmeticError) as error:
            raise Refused("unreadable_order", {"reason": type(error).__name__}) from None

    def _tell(self, permit: str, outcome: Became, order_id: str | None) -> None:
        if (shown := self._pass) is None:
            return
        try:
            tell = Tell(bot_id=shown.bot_id, key=shown.key, permit=permit, outcome=outcome, order_id=order_id)
        except ValueError as error:
            logger.warning("The guard cannot be told that an order was %s: %s", outcome, _reason(error))
            return
        with self._telling:
            self._owed.append(tell)
            if fault := self._tell_what_is_owed():
                self._tell_again()
        if fault:
            logger.warning("The guard could not be told that an order was %s, and will be: %s", outcome, fault)

    def _tell_again(self) -> None:
        if not self._tells_again:
            self._tells_again = True
            threading.Thread(target=self._tell_until_heard, daemon=True).start()

    def _tell_until_heard(self) -> None:
        """While the bot does something else: what it took and gave back is missing to others."""
        while self._tells_again:
            time.sleep(TELL_AGAIN_S)
            with self._telling:
                self._tells_again = self._tell_what_is_owed() is not None

    def _tell_what_is_owed(self) -> str | None:
        """In the order in which it happened, until something is not heard: then why."""
        while self._owed:
            if fault := self._say(self._owed[0]):
                return fault
            self._owed.popleft()
        for pair, missed in list(self._missed.items()):
            if fault := self._say(missed):
                return fault
            del self._missed[pair]
        return None

    def _say(self, tell: Tell | Missed) -> str | None:
        """Why it was not heard."""
        if (shown := self._pass) is None:
            return "no_pass"
        try:
            answer = self._exchange(shown, tell, TELL_BOUND_S)
        except OSError as error:
            return _reason(error)
        return answer.rule if answer.rule in BUSY else None

    def _exchange(self, shown: Pass, question: Question, bound_s: float) -> Answer:
        if time.monotonic() < self._silent_until:
            bound_s = min(bound_s, HASTE_S)
        try:
            answer = _exchange(shown, question, bound_s)
        except TimeoutError:
            self._silent_until = time.monotonic() + SILENCE_S
            raise
        if isinstance(question, Ask):
            # A guard that takes note at once may still be slow to judge.
            self._silent_until = 0.0
        return answer


def _exchange(shown: Pass, question: Question, bound_s: float) -> Answer:
    """One question on a connection of its own. Raises `OSError`, also when `bound_s` has passed."""
    deadline = time.monotonic() + bound_s
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(bound_s)
        door.connect(shown.socket)
        # A door with too many callers says so before it has heard what for.
        with contextlib.suppress(BrokenPipeError):
            door.sendall(question.model_dump_json().encode() + b"\n")
        line = _read_line(door, deadline)
    try:
        return Answer.model_validate_json(line)
    except ValidationError:
        raise ConnectionError("the answer cannot be read") from None


def _read_line(door: socket.socket, deadline: float) -> bytes:
    line = b""
    while not line.endswith(b"\n") and len(line) <= LINE_BYTES:
        if (left_s := deadline - time.monotonic()) <= 0:
            raise TimeoutError("timed out")
        door.settimeout(left_s)
        if not (chunk := door.recv(LINE_BYTES)):
            break
        line += chunk
    return line


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
