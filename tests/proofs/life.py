"""One life of the product's process: all of the guard on one database, until it is killed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from tools.store.database import Store


class Killed(BaseException):
    """The process is gone: nothing of it runs on, and nothing of it is written any more."""


class Mortal(Store):
    """A store of one life. All lives share one engine, whose statements are prepared once."""

    def __init__(self, base: Store) -> None:
        self.path, self.busy_ms = base.path, base.busy_ms
        self.engine = base.engine
        self.is_dead = False
        self._left: int | None = None
        self._unwritable_in: int | None = None

    def fail_in(self, writes: int) -> None:
        """Has one of the next transactions that write to the audit fail, as on a full disk."""
        self._unwritable_in = writes

    def kill_in(self, steps: int | None) -> None:
        """Kills the process before or after one of its next transactions; None takes that back."""
        self._left = steps

    def session(self) -> Session:
        self._come_closer()
        return super().session()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self._run_full()
        with super().writing() as session:
            yield session
        self._come_closer()

    @contextmanager
    def writing_at_once(self) -> Iterator[Session]:
        self._run_full()
        with super().writing_at_once() as session:
            yield session
        self._come_closer()

    def _run_full(self) -> None:
        if self._unwritable_in is not None:
            self._unwritable_in -= 1
            if self._unwritable_in <= 0:
                self._unwritable_in = None
                raise OperationalError("a transaction", None, OSError("no space left"))

    def _come_closer(self) -> None:
        if self._left is not None:
            self._left -= 1
            self.is_dead = self.is_dead or self._left <= 0
        if self.is_dead:
            raise Killed


class Silent:
    """Nobody listens to what happens to bots."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None

    def __bool__(self) -> Any:
        return True
