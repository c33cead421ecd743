"""Where bots ask the guard: a Unix socket in the API process, one JSON line each way, one connection a question."""

import asyncio
import contextlib
import hmac
import logging
from collections import Counter
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from tools.freqtrade.permit_protocol import LINE_BYTES, QUESTION, Answer, Ask, Missed, Pass, Question, Tell, door_socket
from tools.freqtrade.protocol import private_folder
from tools.freqtrade.records import BotFolder
from tools.guard.order import Order
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Verdict

READ_BOUND_S = 2.0
"""How long a caller may take to say its line, and to take the answer."""
OFFICE_BOUND_S = 10.0
MOST_CALLERS = 256
MOST_OF_ONE = 128
"""How many questions of one bot are judged at the same time: it leaves room for those of the others."""
BACKLOG = 512

logger = logging.getLogger(__name__)

TOO_MANY = Answer(ok=False, rule="too_many_callers")
TOO_SLOW = Answer(ok=False, rule="too_slow")
TOO_LONG = Answer(ok=False, rule="too_long")
UNREADABLE = Answer(ok=False, rule="unreadable_order")
WRONG_KEY = Answer(ok=False, rule="wrong_key")
NO_VERDICT = Answer(ok=False, rule="no_verdict")
TOLD = Answer(ok=True)


class Permit(Protocol):
    """What came of an order; `id` is there where an entry was allowed."""

    @property
    def id(self) -> str | None: ...
    @property
    def verdict(self) -> Verdict: ...


class PermitOffice(Protocol):
    """Who decides."""

    async def ask(self, order: Order) -> Permit: ...
    def placed(self, bot_id: str, permit_id: str, order_id: str) -> None: ...
    def failed(self, bot_id: str, permit_id: str) -> None: ...
    def cancelled(self, bot_id: str, permit_id: str, order_id: str) -> None: ...
    def missed(self, order: Order, reason: str, times: int) -> None: ...


class PermitDoor:
    """Answers the bots below a data folder, the one that `Host` runs them in. Whatever is not understood is refused."""

    def __init__(self, folder: Path, office: PermitOffice) -> None:
        self._bots = folder.resolve() / "bots"
        self._path = door_socket(folder.resolve())
        self._office = office
        self._server: asyncio.Server | None = None
        self._callers: set[asyncio.Task[None]] = set()
        self._silent: dict[asyncio.Task[None], None] = {}
        """Those that have not said their line yet, the oldest first."""
        self._asking: Counter[str] = Counter()
        """How many questions of each bot are being judged."""
        self._inode = 0

    async def open(self) -> None:
        """Takes over the socket from a process that is gone; raises `OSError`."""
        private_folder(self._path.parent)
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=LINE_BYTES, backlog=BACKLOG)
        self._path.chmod(0o600)
        self._inode = self._path.stat().st_ino

    async def close(self) -> None:
        """Nobody is answered any more: bots cannot enter until a door is opened again."""
        if self._server is None:
            return
        self._server.close()
        for caller in self._callers:
            caller.cancel()
        await asyncio.gather(*self._callers, return_exceptions=True)
        with contextlib.suppress(FileNotFoundError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
        self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._callers.add(task)
        self._silent[task] = None
        try:
            await self._converse(reader, writer)
        except asyncio.CancelledError:
            # By `close`; asyncio would report it as a fault of its own.
            logger.debug("a bot is not answered any more")
        except Exception:
            logger.exception("a bot was not answered")
        finally:
            self._callers.discard(task)
            self._silent.pop(task, None)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        question = await self._listen(reader)
        answer = question if isinstance(question, Answer) else await self._attend(question)
        if not await _say(writer, answer) and answer.permit and isinstance(question, Ask):
            # The bot waits no longer, so it does not enter.
            self._office.failed(question.bot_id, answer.permit)

    async def _listen(self, reader: asyncio.StreamReader) -> Question | Answer:
        """The question of a bot that has shown its key, or what to say to anybody else."""
        if len(self._callers) > MOST_CALLERS and not self._send_away_who_is_silent():
            return TOO_MANY
        try:
            async with asyncio.timeout(READ_BOUND_S):
                line = await reader.readline()
            self._speaks()
            question = QUESTION.validate_json(line)
        except TimeoutError:
            return TOO_SLOW
        except ValidationError:
            return UNREADABLE
        except ValueError:
            return TOO_LONG
        return question if self._knows(question) else WRONG_KEY

    def _send_away_who_is_silent(self) -> bool:
        """Whether somebody was, other than who has just come: a bot says its line at once.

        Every bot's strategy can open the door, and whoever only stands in it shall not keep the others out.
        """
        oldest = next(iter(self._silent))
        self._silent.pop(oldest)
        if oldest is asyncio.current_task():
            return False
        return oldest.cancel()

    def _speaks(self) -> None:
        if task := asyncio.current_task():
            self._silent.pop(task, None)

    async def _attend(self, question: Question) -> Answer:
        """Its answer, unless that bot asks too much at once."""
        if self._asking[question.bot_id] >= MOST_OF_ONE:
            return TOO_MANY
        self._asking[question.bot_id] += 1
        try:
            return await self._answer(question)
        finally:
            self._asking[question.bot_id] -= 1
            if not self._asking[question.bot_id]:
                del self._asking[question.bot_id]

    def _knows(self, question: Question) -> bool:
        """Whether the key is the one of the bot's last start; it is on disk, so that it outlives this process."""
        try:
            issued = Pass.read(BotFolder.of(self._bots, question.bot_id).path)
        except ValueError:
            return False
        return issued is not None and hmac.compare_digest(issued.key.encode(), question.key.encode())

    async def _answer(self, question: Question) -> Answer:
        if isinstance(question, Tell):
            return self._note(question)
        try:
            order = Order(bot_id=question.bot_id, **question.order.model_dump())
        except ValidationError:
            return UNREADABLE
        if isinstance(question, Missed):
            self._office.missed(order, question.reason, question.times)
            return TOLD
        try:
            async with asyncio.timeout(OFFICE_BOUND_S):
                return _tell(await self._office.ask(order), order)
        except Exception:
            logger.exception("no verdict on an order of bot %s", question.bot_id)
            return NO_VERDICT

    def _note(self, told: Tell) -> Answer:
        if told.outcome == "failed":
            self._office.failed(told.bot_id, told.permit)
            return TOLD
        if told.order_id is None:
            return UNREADABLE
        note = self._office.placed if told.outcome == "placed" else self._office.cancelled
        note(told.bot_id, told.permit, told.order_id)
        return TOLD


def _tell(permit: Permit, order: Order) -> Answer:
    """An entry is allowed by a verdict and a permit, never by one of the two."""
    match permit.verdict:
        case Allow() if permit.id is not None or order.side == "sell":
            return Answer(ok=True, permit=permit.id)
        case Refuse(rule, numbers):
            return Answer(ok=False, rule=rule.value, numbers=dict(numbers))
        case NeedsConfirmation(why, numbers):
            return Answer(ok=False, rule=why.value, numbers=dict(numbers))
    return NO_VERDICT


async def _say(writer: asyncio.StreamWriter, answer: Answer) -> bool:
    """Whether the caller was still there to be told."""
    try:
        async with asyncio.timeout(READ_BOUND_S):
            writer.write(answer.model_dump_json().encode() + b"\n")
            await writer.drain()
    except (OSError, TimeoutError):
        return False
    return True
