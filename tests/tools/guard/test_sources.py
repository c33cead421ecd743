"""A strategy's source as it stands on the disk: what is read, what is not, and when it is read again."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tools.guard.samples import ID, OTHER
from tools.guard import sources as sources_module
from tools.guard.mandates import source_hash
from tools.guard.sources import SourceFiles, together

ONE, TWO, LONGER = b"one\r\n", b"two\r\n", b"three\r\n"


class Hashing:
    """Counts what is read, and can do something meanwhile."""

    def __init__(self) -> None:
        self.count = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, source: bytes) -> str:
        self.count += 1
        self.meanwhile()
        return source_hash(source)


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> Hashing:
    made = Hashing()
    monkeypatch.setattr(sources_module, "source_hash", made)
    return made


@pytest.fixture
def files() -> SourceFiles:
    return SourceFiles()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "S.py"
    made.write_bytes(ONE)
    return made


@pytest.fixture
def in_time() -> Iterator[None]:
    """A read that waits for somebody to write fails the test."""

    def fail(*_: object) -> None:
        pytest.fail("it waits")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(5)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def set_time(path: Path, mtime_ns: int) -> None:
    os.utime(path, ns=(0, mtime_ns))


def store(folder: Path, source: bytes, strategy: str = "S") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{strategy}.py"
    path.write_bytes(source)
    return path


def test_read_when_it_is_a_plain_file_then_its_hash_whatever_ends_its_lines(files: SourceFiles, path: Path) -> None:
    assert files.read(path) == source_hash(ONE) == source_hash(b"one\n")


def test_read_when_there_is_nothing_then_none_and_once_there_is_its_hash(files: SourceFiles, path: Path) -> None:
    away = path.rename(path.with_name("away"))
    assert files.read(path) is None
    assert files.read(path / "under") is None
    away.rename(path)
    assert files.read(path) == source_hash(ONE)
    assert files.read(path / "under") is None
    path.unlink()
    assert files.read(path) is None


def test_read_when_it_is_a_symbolic_link_then_none_whatever_it_leads_to(files: SourceFiles, path: Path) -> None:
    assert files.read(path) == source_hash(ONE)
    away = path.rename(path.with_name("away"))
    for target in (away, path.parent, path, path.parent / "nowhere"):
        path.symlink_to(target)
        assert files.read(path) is None
        path.unlink()


def test_read_when_it_is_a_device_or_a_folder_then_none(files: SourceFiles, tmp_path: Path) -> None:
    assert files.read(Path(os.devnull)) is None
    assert files.read(tmp_path) is None


@pytest.mark.usefixtures("in_time")
def test_read_when_it_is_a_pipe_then_none_without_a_wait_for_what_comes_through_it(
    files: SourceFiles, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    assert files.read(pipe) is None
    writer = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    os.write(writer, ONE)
    assert files.read(pipe) is None
    assert os.read(writer, 10) == ONE
    os.close(writer)


def test_read_when_time_size_and_place_are_the_same_then_it_is_not_read_again(
    files: SourceFiles, path: Path, hashing: Hashing
) -> None:
    assert [files.read(path) for _ in range(3)] == [source_hash(ONE)] * 3
    assert hashing.count == 1
    other = store(path.parent, ONE, "T")
    assert files.read(other) == files.read(path) == source_hash(ONE)
    assert hashing.count == 2


@pytest.mark.parametrize("later_ns", [1, -1])
def test_read_when_only_its_time_is_another_then_it_is_read_again(
    files: SourceFiles, path: Path, hashing: Hashing, later_ns: int
) -> None:
    assert files.read(path) == source_hash(ONE)
    told = path.stat()
    path.write_bytes(TWO)
    set_time(path, told.st_mtime_ns + later_ns)
    assert (path.stat().st_size, path.stat().st_ino) == (told.st_size, told.st_ino)
    assert [files.read(path) for _ in range(2)] == [source_hash(TWO)] * 2
    assert hashing.count == 2


def test_read_when_only_its_size_is_another_then_it_is_read_again(files: SourceFiles, path: Path) -> None:
    assert files.read(path) == source_hash(ONE)
    told = path.stat()
    path.write_bytes(LONGER)
    set_time(path, told.st_mtime_ns)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (told.st_mtime_ns, told.st_ino)
    assert files.read(path) == source_hash(LONGER)


def test_read_when_another_file_of_that_time_and_size_takes_its_place_then_it_is_read(
    files: SourceFiles, path: Path
) -> None:
    assert files.read(path) == source_hash(ONE)
    told = path.stat()
    other = store(path.parent, TWO, "T")
    set_time(other, told.st_mtime_ns)
    other.rename(path)
    assert (path.stat().st_mtime_ns, path.stat().st_size) == (told.st_mtime_ns, told.st_size)
    assert files.read(path) == source_hash(TWO)


def test_read_when_it_changes_meanwhile_then_none_and_what_was_read_is_forgotten(
    files: SourceFiles, path: Path, hashing: Hashing
) -> None:
    hashing.meanwhile = lambda: store(path.parent, LONGER)
    assert files.read(path) is None
    hashing.meanwhile = lambda: None
    assert files.read(path) == source_hash(LONGER)


def test_read_both_when_one_is_stored_under_its_name_then_the_copy_and_that_one(
    files: SourceFiles, tmp_path: Path
) -> None:
    bots, own = tmp_path / "bots", tmp_path / "strategies"
    store(bots / ID / "strategies", ONE)
    store(bots / OTHER / "strategies", LONGER)
    store(own, LONGER, "T")
    assert files.read_both(bots, own, ID, "S") == (source_hash(ONE), source_hash(ONE))
    stored = store(own, TWO)
    assert files.read_both(bots, own, ID, "S") == (source_hash(ONE), source_hash(TWO))
    assert files.read_both(bots, own, ID, "T") == (None, source_hash(LONGER))
    stored.unlink()
    stored.symlink_to(tmp_path / "nowhere")
    assert files.read_both(bots, own, ID, "S") == (source_hash(ONE), None)


def test_together_when_they_are_the_same_then_that_one_and_where_either_is_unreadable_none() -> None:
    assert together("a", "a") == "a"
    assert (together(None, "a"), together("a", None), together(None, None)) == (None, None, None)


def test_together_when_they_differ_then_one_hash_of_both_and_of_which_is_which() -> None:
    assert together("a", "b") == source_hash(b"a b")
    assert len({together(*both) for both in (("a", "b"), ("b", "a"), ("a", "c"), ("a", "a"), ("b", "b"))}) == 5


def test_read_when_it_was_rewritten_and_its_time_set_back_then_it_is_read_again(files: SourceFiles, path: Path) -> None:
    before = path.stat()
    assert files.read(path) == source_hash(ONE)
    path.write_bytes(ONE.replace(b"o", b"x"))
    set_time(path, before.st_mtime_ns)
    assert files.read(path) == source_hash(ONE.replace(b"o", b"x"))


def test_read_when_it_is_a_folder_then_none_and_nothing_stays_open(files: SourceFiles, path: Path) -> None:
    path.unlink()
    path.mkdir()
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert [files.read(path) for _ in range(20)] == [None] * 20
    assert len(list(Path("/proc/self/fd").iterdir())) == before
