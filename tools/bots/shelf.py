"""Where strategies stand: those that came with the product, and beside them those that were stored."""

import importlib.util
import io
import sys
import tempfile
import tokenize
import unicodedata
from pathlib import Path

from tools.errors import Problem
from tools.freqtrade.catalogue import Catalogue, Strategy, UnreadableError, read_catalogue, read_strategy
from tools.freqtrade.records import write_private


class Shelf:
    """Reads both folders as one catalogue; writes only into the second."""

    def __init__(self, bundled: Path, own: Path) -> None:
        self._bundled = bundled
        self._own = own

    def read(self) -> Catalogue:
        """All strategies in order of name; one that came with the product is never covered by another."""
        bundled, own = read_catalogue(self._bundled), read_catalogue(self._own)
        strategies = {**own.strategies, **bundled.strategies}
        covered = {
            strategy.path.name: f"{name} came with the product"
            for name, strategy in own.strategies.items()
            if name in bundled.strategies
        }
        return Catalogue(dict(sorted(strategies.items())), {**own.unreadable, **bundled.unreadable, **covered})

    def find_source(self, name: str) -> str | None:
        """What is stored under a name."""
        try:
            return self._path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def check(self, name: str, source: str) -> Strategy:
        """The strategy that a source would be. Nothing of it is run.

        Raises `Problem`: `strategy_bundled`, `strategy_name_taken` for a name that Python knows as a module,
        `strategy_syntax` with the line, `strategy_unreadable`, `strategy_misnamed`.
        """
        if name in read_catalogue(self._bundled).strategies:
            raise Problem("strategy_bundled", 409, strategy=name)
        if name in sys.modules or importlib.util.find_spec(name) is not None:
            raise Problem("strategy_name_taken", 409, strategy=name)
        strategy = _parse(name, source)
        if strategy.name != name:
            raise Problem("strategy_misnamed", 422, strategy=name, found=strategy.name)
        return strategy

    def write(self, name: str, source: str) -> Strategy:
        """Keeps a source that was checked; the file is either the old or the new one, never half of it."""
        self._own.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._path(name), source)
        return read_strategy(self._path(name))

    def _path(self, name: str) -> Path:
        return self._own / f"{name}.py"


def _parse(name: str, source: str) -> Strategy:
    hidden = next((character for character in source.replace("\r\n", "\n") if _is_hidden(character)), None)
    if hidden is not None:
        raise Problem("strategy_unreadable", 422, strategy=name, reason=f"U+{ord(hidden):04X}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.py"
        write_private(path, source)
        try:
            _check_encoding(source.encode())
            return read_strategy(path)
        except (UnreadableError, SyntaxError) as error:
            raise _problem(name, error) from error


def _is_hidden(character: str) -> bool:
    """Whether a person who reads the source might see something else than Python does."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in "\n\t"


def _check_encoding(source: bytes) -> None:
    """Another encoding than the one it is shown in could hold other code. Raises `SyntaxError`."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    if encoding not in ("utf-8", "utf-8-sig"):
        raise SyntaxError(f"encoding {encoding}")


def _problem(name: str, error: Exception) -> Problem:
    cause = error.__cause__
    if isinstance(cause, SyntaxError) and cause.lineno is not None:
        return Problem("strategy_syntax", 422, strategy=name, line=cause.lineno, reason=cause.msg)
    return Problem("strategy_unreadable", 422, strategy=name, reason=error)
