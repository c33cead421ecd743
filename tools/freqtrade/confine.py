"""Keeps a bot's process to its own folder: a strategy is a stranger's code, and runs as the same user as all the rest.

Nobody who is not confined trusts what a bot may write: a link, a pipe or a lie there would have them do what it cannot.

Linux can do that without privileges (Landlock, since 5.13): from then on this process, and whatever it starts, opens
nothing but what is named here. It cannot read the exchange's key or the secrets of the gateway, another bot's folder or
another process's memory or environment, and it cannot signal another process. It can still connect to a socket that has
a name, so whoever listens at one asks who is there.

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
SET_NO_NEW_PRIVS = 38
CAPABILITY_VERSION = 0x20080522
ONLY_VERSION = 1
PATH_BENEATH = 1
SCOPE_ABSTRACT_SOCKETS, SCOPE_SIGNALS = 1, 2

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL = 1 << 14, 1 << 15
READING = EXECUTE | READ_FILE | READ_DIR
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
ALL_BY_VERSION = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version of the interface on how many kinds of access there are."""
SCOPES_SINCE = 6

PROGRAMS = ("bin", "sbin", "lib", "lib32", "lib64", "libexec", "share")
SYSTEM = (
    *(f"{place}/{name}" for place in ("", "/usr", "/usr/local") for name in PROGRAMS),
    "/etc", "/proc", "/sys", "/run/systemd/resolve",
)  # fmt: skip
"""Where the system's own programs and settings are; not the whole of `/usr` or `/opt`, where a product may live."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/random")


class _Ruleset(ctypes.Structure):
    _fields_ = (("access_fs", ctypes.c_uint64), ("access_net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def read_version() -> int:
    """Of the kernel's interface; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    found = _call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(ONLY_VERSION))
    return max(found, 0)


def can_confine() -> bool:
    """Whether this machine can do it."""
    return read_version() > 0


def confine(own: Iterable[Path], code: Iterable[Path]) -> bool:
    """Whether it could be done: `own` may be read and written from now on, `code` and the system's files be read.

    Of this thread and those that it starts, so it comes before the first one. Raises `OSError` where it is begun and
    fails.
    """
    version = read_version()
    if not version:
        return False
    everything = (1 << max(count for since, count in ALL_BY_VERSION if since <= version)) - 1
    scoped = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS if version >= SCOPES_SINCE else 0
    rules = _Ruleset(everything, 0, scoped)
    size = ctypes.sizeof(_Ruleset) if scoped else ctypes.sizeof(ctypes.c_uint64)
    ruleset = _checked(_call(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0)))
    try:
        for path in (*code, *_interpreter(), *map(Path, SYSTEM)):
            _allow(ruleset, path, READING & everything)
        for path in (*own, *map(Path, DEVICES)):
            _allow(ruleset, path, everything, os.O_NOFOLLOW)
        _checked(_libc().prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _drop_capabilities()
        _checked(_call(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)))
    finally:
        os.close(ruleset)
    return True


def _interpreter() -> set[Path]:
    """Where Python and its packages are, beside the system's own."""
    places = {sys.prefix, sys.base_prefix, sys.exec_prefix, *(place for place in sys.path if "-packages" in place)}
    return {Path(place) for place in places}


def _allow(ruleset: int, path: Path, access: int, how: int = 0) -> None:
    """What there is not needs no rule."""
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC | how)
    except OSError:
        return
    try:
        # The kernel allows nothing beneath a link that was not followed.
        allowed = access if stat.S_ISDIR(os.fstat(parent).st_mode) else access & OF_FILES
        rule, kind = _Beneath(allowed, parent), ctypes.c_int(PATH_BENEATH)
        _checked(_call(ADD_RULE, ctypes.c_int(ruleset), kind, ctypes.byref(rule), ctypes.c_uint32(0)))
    finally:
        os.close(parent)


def _drop_capabilities() -> None:
    """An administrator's process could look into others all the same."""
    header, nothing = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    _checked(_libc().capset(header, nothing))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *words: object) -> int:
    found: int = _libc().syscall(ctypes.c_long(number), *words)
    return found


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno() or errno.EIO
        raise OSError(code, os.strerror(code))
    return result
