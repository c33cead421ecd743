"""A filtered process cannot hinder another or change a file that it may not open, and works as before otherwise."""

import errno
import os
import re
import resource
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.freqtrade import syscalls
from tools.freqtrade.confine import SCOPES_SINCE, read_version
from tools.freqtrade.syscalls import MACHINES, Machine, Numbers, can_forbid, write_filter

filters = pytest.mark.skipif(not can_forbid(), reason="this kernel cannot filter a process's calls")
ROOT = Path(__file__).parents[3]
BEGIN = """
import sys, os, ctypes, fcntl, resource, signal
from pathlib import Path
from tools.freqtrade import syscalls
from tools.freqtrade.confine import confine
own, other, landlock = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
libc = ctypes.CDLL(None, use_errno=True)
def call(numbers, *words):
    ctypes.set_errno(0)
    found = libc.syscall(numbers[syscalls.MACHINES[os.uname().machine].column], *map(ctypes.c_long, words))
    return found if found >= 0 else -ctypes.get_errno()
def call_or_raise(*words):
    if (found := call(*words)) < 0: raise OSError(-found, os.strerror(-found))
if landlock == syscalls.read_version(): confine((own,), (Path("tools").resolve(),))
else: syscalls.read_version = lambda: landlock
assert syscalls.forbid()
secret = own.parent / "secret"
"""
OTHER = """
import ctypes, time
ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
print("ready", flush=True)
time.sleep(60)
"""
PID = 4321
PRIORITY, IO_PRIORITY = (numbers for numbers, _ in syscalls.PRIORITIES)
REFUSED, UNKNOWN, ALLOWED = (
    syscalls.REFUSE | errno.EPERM,
    syscalls.REFUSE | errno.ENOSYS,
    syscalls.ALLOW,
)
WHOLLY = syscalls.FILES | syscalls.PROCESSES | syscalls.NAMESPACES | syscalls.KERNEL
HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h")),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"),),
}


def run(
    code: str, own: Path, other: int = 0, landlock: int | None = None, *, timeout_s: float = 60
) -> subprocess.CompletedProcess[str]:
    """With Landlock as it is here, or with none and a filter as for another version of it."""
    version = str(read_version() if landlock is None else landlock)
    command = [sys.executable, "-c", BEGIN + code, str(own), str(other), version]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False)


@pytest.fixture
def other() -> Iterator[int]:
    """A process of the same user, alone in its group; an administrator's would be kept from one without its rights."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process.pid
    process.kill()
    process.communicate()


@filters
@pytest.mark.parametrize(
    "deed",
    [
        "os.chmod(secret, 0o755)",
        "os.chmod(own / 'known', 0o755)",
        "os.fchmod(os.open(own / 'known', os.O_RDONLY), 0o755)",
        "os.chmod('/proc/self/fd/%s' % os.open(secret, os.O_PATH), 0o755)",
        "os.chown(secret, os.getuid(), os.getgid())",
        "os.lchown(secret, os.getuid(), os.getgid())",
        "os.utime(secret, (1, 1))",
        "os.setxattr(secret, 'user.one', b'1')",
        "os.removexattr(secret, 'user.one')",
        "call_or_raise((452, 452), -100, ctypes.addressof(ctypes.create_string_buffer(bytes(secret))), 0o755, 0)",
    ],
)
def test_forbid_when_a_file_is_to_be_changed_that_needs_no_opening_then_it_is_not(own: Path, deed: str) -> None:
    secret = own.parent / "secret"
    os.utime(secret, (1000, 1000))
    done = run(deed, own)
    assert "PermissionError: [Errno 1]" in done.stderr
    found = secret.stat()
    assert (stat.S_IMODE(found.st_mode), found.st_mtime, os.listxattr(secret)) == (0o600, 1000, [])


@filters
@pytest.mark.parametrize(
    "deed",
    [
        "resource.prlimit(other, resource.RLIMIT_CPU, (1, 1))",
        "resource.prlimit(other, resource.RLIMIT_NOFILE, (3, 3))",
        "os.setpriority(os.PRIO_PROCESS, other, 19)",
        "os.setpriority(os.PRIO_PGRP, os.getpgid(other), 19)",
        "os.sched_setaffinity(other, [min(os.sched_getaffinity(0))])",
        "os.sched_setscheduler(other, os.SCHED_IDLE, os.sched_param(0))",
        "os.sched_setparam(other, os.sched_param(0))",
        "call_or_raise(syscalls.SCHEDULING['sched_setattr'], other, 0, 0)",
        "call_or_raise(syscalls.PRIORITIES[1][0], 1, other, 3 << 13)",
        "call_or_raise(syscalls.PRLIMIT, other | 1 << 32, resource.RLIMIT_CORE, 0, 0)",
    ],
)
def test_forbid_when_another_process_is_to_be_hindered_then_it_is_not(own: Path, other: int, deed: str) -> None:
    def told() -> list[Any]:
        limits = [resource.prlimit(other, kind) for kind in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE)]
        turn = [os.getpriority(os.PRIO_PROCESS, other), os.sched_getscheduler(other), os.sched_getaffinity(other)]
        return limits + turn

    before = told()
    assert "PermissionError: [Errno 1]" in run(deed, own, other).stderr
    assert told() == before


@filters
def test_forbid_when_a_call_is_refused_wholly_then_the_kernel_says_so_and_the_process_lives(own: Path) -> None:
    done = run(
        """
groups = (syscalls.FILES, syscalls.PROCESSES, syscalls.NAMESPACES, syscalls.KERNEL)
column = syscalls.MACHINES[os.uname().machine].column
found = {name: call(numbers) for group in groups for name, numbers in group.items() if numbers[column] is not None}
print(found)
assert set(found.values()) == {-1}, found
CLONE_NEWUSER, CLONE_PARENT = 0x10000000, 0x8000
assert [call(syscalls.CLONE, flags | signal.SIGCHLD) for flags in (CLONE_NEWUSER, CLONE_PARENT)] == [-1, -1]
assert call(syscalls.CLONE3) == -38
assert call(syscalls.IOCTL, 1, syscalls.TYPE_INTO_TERMINAL | 1 << 32, 0) == -1
""",
        own,
    )
    assert (done.returncode, done.stderr) == (0, "")


@filters
def test_forbid_when_something_was_started_by_it_then_that_is_refused_as_much(own: Path) -> None:
    done = run("sys.exit(os.waitstatus_to_exitcode(os.system('chmod 755 ' + str(secret))))", own)
    assert done.returncode == 1
    assert "Operation not permitted" in done.stderr
    assert stat.S_IMODE((own.parent / "secret").stat().st_mode) == 0o600


@filters
@pytest.mark.parametrize(
    "deed",
    [
        "resource.prlimit(os.getpid(), resource.RLIMIT_CORE, (0, 0)); resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
        "os.nice(0); os.setpriority(os.PRIO_PROCESS, os.getpid(), 19); os.setpriority(os.PRIO_PROCESS, 0, 19)",
        "os.sched_setaffinity(0, os.sched_getaffinity(0)); os.sched_setaffinity(os.getpid(), os.sched_getaffinity(0))",
        "os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))",
        "import threading; [one.start() or one.join() for one in [threading.Thread(target=print)] * 1]",
        "import subprocess; assert subprocess.run(['/bin/sh', '-c', 'exit 7']).returncode == 7",
        "import subprocess; subprocess.run([sys.executable, '-c', 'import threading, json, ssl'], check=True)",
        "import subprocess; one = subprocess.Popen(['sleep', '60']); one.kill(); assert one.wait() == -9",
        "import tempfile; tempfile.tempdir = str(own); tempfile.TemporaryDirectory().cleanup()",
        "import shutil; shutil.copyfile(own / 'known', own / 'more'); (own / 'more').touch()",
        "os.truncate(own / 'known', 1); assert (own / 'known').read_text() == 'm'",
        "(own / 'deep').mkdir(mode=0o700); (own / 'known').rename(own / 'deep' / 'moved')",
        "signal.signal(signal.SIGUSR1, lambda *_: None); os.kill(os.getpid(), signal.SIGUSR1); signal.raise_signal(10)",
        "fcntl.flock(os.open(own / 'lock', os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX); os.isatty(0)",
        """
import sqlite3
one = sqlite3.connect(own / "one.sqlite")
for mode in ("wal", "delete"):
    assert one.execute("PRAGMA journal_mode=" + mode).fetchone() == (mode,)
    one.execute(f"CREATE TABLE {mode}_ (b)"); one.execute(f"INSERT INTO {mode}_ VALUES (1)"); one.commit()
""",
        """
import socket
for family in (socket.AF_INET, socket.AF_UNIX):
    one = socket.socket(family)
    one.bind(("127.0.0.1", 0) if family == socket.AF_INET else str(own / "s"))
    one.listen(); two = socket.socket(family); two.connect(one.getsockname()); one.accept()[0].send(b"x")
    assert two.recv(1) == b"x"
""",
        """
import asyncio
async def main():
    one = await asyncio.create_subprocess_exec("/bin/sh", "-c", "exit 3")
    assert await asyncio.wait_for(one.wait(), 20) == 3
    assert await asyncio.to_thread(lambda: 4) == 4
asyncio.run(main())
""",
        """
import numpy, pandas
frame = pandas.DataFrame({"a": numpy.arange(1000.0)})
frame.to_csv(own / "frame.csv"); assert pandas.read_csv(own / "frame.csv")["a"].sum() == 499500
assert (numpy.ones((300, 300)) @ numpy.ones((300, 300)))[0, 0] == 300
""",
    ],
)
def test_forbid_when_the_process_does_what_bots_do_then_it_can(own: Path, deed: str) -> None:
    done = run(deed, own)
    assert (done.returncode, done.stderr) == (0, "")


@filters
@pytest.mark.parametrize(
    "deed",
    [
        "os.kill(other, 0)",
        "os.kill(other, signal.SIGKILL)",
        "os.kill(-os.getpgid(other), 0)",
        "signal.pidfd_send_signal(os.pidfd_open(other), 0)",
        "call_or_raise(syscalls.SIGNALS['tkill'], other, 0)",
        "call_or_raise(syscalls.SIGNALS['tgkill'], other, other, 0)",
        "fcntl.fcntl(0, fcntl.F_SETOWN, other)",
    ],
)
def test_forbid_when_landlock_is_too_old_to_keep_signals_back_then_the_filter_does(
    own: Path, other: int, deed: str
) -> None:
    assert "PermissionError: [Errno 1]" in run(deed, own, other, SCOPES_SINCE - 1).stderr
    os.kill(other, 0)
    to_itself = "os.kill(os.getpid(), 0); fcntl.fcntl(0, fcntl.F_GETFL); signal.raise_signal(signal.SIGTERM)"
    assert run(to_itself, own, other, SCOPES_SINCE - 1).returncode == -15


@pytest.mark.parametrize("found", ["riscv64", "i686", "armv7l"])
def test_forbid_when_the_machine_is_another_then_nothing_is_filtered(
    monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "", "", "", found)))
    assert (syscalls.can_forbid(), syscalls.forbid()) == (False, False)


def test_forbid_when_the_process_has_32_bits_then_nothing_is_filtered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert (syscalls.can_forbid(), syscalls.forbid()) == (False, False)


def judge(machine: Machine, number: int | None, *arguments: int, audit: int | None = None, landlock: int = 7) -> int:
    """What the filter of the process with the number `PID` says, gone through as the kernel does."""
    assert number is not None
    called = struct.pack("<IIQ6Q", number, audit or machine.audit, 0, *arguments, *[0] * (6 - len(arguments)))
    program, at, loaded = write_filter(machine, PID, landlock), 0, 0
    while True:
        code, yes, no, value = program[at]
        at += 1
        if code == syscalls.RETURN:
            return value
        if code == syscalls.LOAD:
            (loaded,) = struct.unpack_from("<I", called, value)
        elif code == syscalls.JUMP:
            at += value
        else:
            holds = {
                syscalls.IF_EQUAL: loaded == value,
                syscalls.IF_AT_LEAST: loaded >= value,
                syscalls.IF_ANY_BIT: bool(loaded & value),
            }
            at += yes if holds[code] else no


machines = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
NEW_USER, VIRTUAL_MEMORY, THREAD, GET_WINDOW_SIZE = 0x1000_0000, 0x100, 0x0001_0000, 0x5413


@machines
@pytest.mark.parametrize(
    ("numbers", "arguments", "answer"),
    [
        *[(numbers, (), REFUSED) for numbers in WHOLLY.values()],
        *[(syscalls.PRLIMIT, (pid, 0), ALLOWED) for pid in (0, PID)],
        *[(syscalls.PRLIMIT, (pid, 0), REFUSED) for pid in (1, PID + 1, PID + (1 << 16), 2**32 - 1)],
        *[(numbers, (pid,), ALLOWED) for numbers in syscalls.SCHEDULING.values() for pid in (0, PID)],
        *[(numbers, (PID + 1,), REFUSED) for numbers in syscalls.SCHEDULING.values()],
        *[(PRIORITY, (0, pid), ALLOWED) for pid in (0, PID)],
        *[(PRIORITY, words, REFUSED) for words in ((0, PID + 1), (1, 0), (2, 0), (2, PID))],
        *[(IO_PRIORITY, (1, pid), ALLOWED) for pid in (0, PID)],
        *[(IO_PRIORITY, words, REFUSED) for words in ((1, PID + 1), (2, 0), (3, 0))],
        *[(syscalls.CLONE, (flags,), ALLOWED) for flags in (17, THREAD | VIRTUAL_MEMORY)],
        *[(syscalls.CLONE, (17 | flags,), REFUSED) for flags in (NEW_USER, 0x0002_0000, 0x4000_0000, 0x8000)],
        (syscalls.CLONE3, (), UNKNOWN),
        (syscalls.IOCTL, (0, GET_WINDOW_SIZE), ALLOWED),
        *[(syscalls.IOCTL, (0, request), REFUSED) for request in (0x4008_6602, 0x401C_5820, 0x4080_6685, 0x5412)],
        (syscalls.IOCTL, (0x5412, 0), ALLOWED),
    ],
)
def test_filter_when_a_call_is_made_on_any_machine_then_it_is_judged(
    machine: Machine, numbers: Numbers, arguments: tuple[int, ...], answer: int
) -> None:
    number = numbers[machine.column]
    if number is not None:
        assert judge(machine, number, *arguments) == answer


@machines
def test_filter_when_a_call_is_not_named_then_it_is_allowed(machine: Machine) -> None:
    parts = (WHOLLY, syscalls.SCHEDULING)
    single = (syscalls.PRLIMIT, PRIORITY, IO_PRIORITY, syscalls.CLONE, syscalls.CLONE3, syscalls.IOCTL)
    named = {numbers[machine.column] for numbers in (*single, *(one for part in parts for one in part.values()))}
    assert {judge(machine, number, 99, 99) for number in set(range(600)) - named} == {ALLOWED}


@machines
def test_filter_when_numbers_are_those_of_another_machine_then_nothing_is_allowed(machine: Machine) -> None:
    of_32_bits = 0x4000_0003, 0x4000_0028
    assert {judge(machine, number, audit=audit) for audit in of_32_bits for number in range(600)} == {REFUSED}
    x32 = REFUSED if machine == MACHINES["x86_64"] else ALLOWED
    assert judge(machine, 0x4000_0000 + 39) == x32


@machines
@pytest.mark.parametrize(("landlock", "signals", "truncate"), [(0, 1, 1), (2, 1, 1), (3, 1, 0), (5, 1, 0), (6, 0, 0)])
def test_filter_when_landlock_is_of_some_version_then_it_refuses_what_that_does_not(
    machine: Machine, landlock: int, signals: int, truncate: int
) -> None:
    def refused(numbers: Numbers, *arguments: int) -> bool:
        return judge(machine, numbers[machine.column], *arguments, landlock=landlock) == REFUSED

    assert refused(syscalls.TRUNCATE) == bool(truncate)
    assert {refused(numbers, PID + 1) for numbers in syscalls.SIGNALS.values()} == {bool(signals)}
    assert {refused(numbers, PID) for numbers in syscalls.SIGNALS.values()} == {False}
    assert refused(syscalls.SIGNAL_BY_HANDLE) == bool(signals)
    assert refused(syscalls.FCNTL, 3, syscalls.SET_OWNER) == bool(signals)
    assert refused(syscalls.IOCTL, 3, syscalls.IOCTL_SET_OWNER) == bool(signals)
    assert not refused(syscalls.FCNTL, 3, 1)


@pytest.mark.parametrize("name", MACHINES)
def test_numbers_when_compared_with_the_kernels_own_then_they_are_those(name: str) -> None:
    """A header that is older than a call does not know it."""
    header = next((path for path in HEADERS[name] if path.exists()), None)
    if header is None:
        pytest.skip("the kernel's headers are not installed")
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    single = {
        "prlimit64": syscalls.PRLIMIT, "setpriority": PRIORITY, "ioprio_set": IO_PRIORITY, "clone": syscalls.CLONE,
        "clone3": syscalls.CLONE3, "ioctl": syscalls.IOCTL, "truncate": syscalls.TRUNCATE, "fcntl": syscalls.FCNTL,
        "pidfd_send_signal": syscalls.SIGNAL_BY_HANDLE,
    }  # fmt: skip
    machine = MACHINES[name]
    ours = {name: n[machine.column] for name, n in (WHOLLY | syscalls.SCHEDULING | syscalls.SIGNALS | single).items()}
    ours["seccomp"] = machine.seccomp
    assert {call: str(number) for call, number in ours.items() if call in known} == {
        call: known[call] for call in ours if call in known
    }
