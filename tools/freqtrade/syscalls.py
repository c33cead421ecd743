"""Refuses a bot's process the system calls by which it could harm what confinement keeps it from opening.

Landlock (`confine.py`) is about opening files and sending signals. It does not keep a strategy from bounding another
process's CPU time until the kernel kills it, from taking its processor away, or from changing the mode of a file that
it cannot open. A seccomp filter, which needs no privileges either, refuses such calls to this process and to whatever
it starts, for good. A refused call fails with EPERM and kills nobody: libraries that try one go on without it.

A filter sees numbers, no paths: what is refused of files is refused in the bot's own folder too.

Source: https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

import ctypes
import errno
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from tools.freqtrade.confine import SCOPES_SINCE, SET_NO_NEW_PRIVS, read_version

SET_MODE_FILTER, GET_ACTION_AVAILABLE = 1, 2
ALL_THREADS = 1
REFUSE, ALLOW = 0x0005_0000, 0x7FFF_0000
TRUNCATE_SINCE = 3
"""From which version on Landlock knows of a file that is emptied without being opened."""

LOAD, JUMP, IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT, RETURN = 0x20, 0x05, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT = 0, 4, 16
FOREIGN_NUMBERS = 0x4000_0000
"""On x86_64 the calls of the x32 interface, under numbers of their own."""

Instruction = tuple[int, int, int, int]
"""Code, how many to skip if true, how many if false, value."""
Numbers = tuple[int | None, int | None]
"""Of one call on x86_64 and on aarch64; None where there is no such call."""


@dataclass(frozen=True)
class Machine:
    audit: int
    column: int
    seccomp: int


MACHINES = {"x86_64": Machine(0xC000_003E, 0, 317), "aarch64": Machine(0xC000_00B7, 1, 277)}

FILES: Mapping[str, Numbers] = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "removexattrat": (466, 466),
    "file_setattr": (469, 469), "open_by_handle_at": (304, 265),
    "inotify_add_watch": (254, 27), "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
}  # fmt: skip
"""Change, open or watch a file without Landlock being asked."""
PROCESSES: Mapping[str, Numbers] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "kcmp": (312, 272),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "perf_event_open": (298, 241),
}  # fmt: skip
"""Look into another process, or meddle with its memory."""
NAMESPACES: Mapping[str, Numbers] = {
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "open_tree_attr": (467, 467), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442),
}  # fmt: skip
"""Give a process an administrator's rights in a world of its own, from where most holes in the kernel are reached."""
KERNEL: Mapping[str, Numbers] = {
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "bpf": (321, 280), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}  # fmt: skip
"""The kernel itself, the user's keys in it, and a second way to make calls, which no filter sees."""

PRLIMIT: Numbers = (302, 261)
SCHEDULING: Mapping[str, Numbers] = {
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
}  # fmt: skip
PRIORITIES: tuple[tuple[Numbers, int], ...] = (((141, 140), 0), ((251, 30), 1))
"""`setpriority` and `ioprio_set`, each with its word for a single process: a group or a user is others too."""

CLONE: Numbers = (56, 220)
CLONE3: Numbers = (435, 435)
NEW_NAMESPACES, CHILD_OF_THE_PARENT = 0x7E02_0000, 0x8000
IOCTL: Numbers = (16, 29)
SET_FLAGS, SET_EXTENDED_FLAGS, SEAL, TYPE_INTO_TERMINAL = 0x4008_6602, 0x401C_5820, 0x4080_6685, 0x5412

TRUNCATE: Numbers = (76, 45)
SIGNALS: Mapping[str, Numbers] = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
SIGNAL_BY_HANDLE: Numbers = (424, 424)
FCNTL: Numbers = (72, 25)
SET_OWNER, SET_OWNER_EXTENDED = 8, 15
IOCTL_SET_OWNER, IOCTL_SET_GROUP = 0x8901, 0x8902


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def can_forbid() -> bool:
    """Whether this machine can do it."""
    machine = _this_machine()
    if machine is None:
        return False
    action = ctypes.c_uint32(REFUSE)
    return _seccomp(machine, GET_ACTION_AVAILABLE, 0, ctypes.byref(action)) == 0


def forbid() -> bool:
    """Whether it could be done: from now on the calls above are refused to this process and what it starts.

    Raises `OSError` where it is begun and fails.
    """
    machine = _this_machine()
    if machine is None or not can_forbid():
        return False
    instructions = write_filter(machine, os.getpid(), read_version())
    program = _Program(len(instructions), (_Instruction * len(instructions))(*map(_instruct, instructions)))
    if ctypes.CDLL(None, use_errno=True).prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise _last_error()
    # Above zero it is a thread that could not be filtered, and then none is.
    if _seccomp(machine, SET_MODE_FILTER, ALL_THREADS, ctypes.byref(program)):
        raise _last_error()
    return True


def write_filter(machine: Machine, pid: int, landlock: int) -> list[Instruction]:
    """What the kernel goes through at each call, for the process of that number.

    What this version of Landlock does not yet keep from others is refused here, as far as that goes.
    """
    write = partial(_write_call, machine)
    oneself = (0, pid)
    filtered = _write_beginning(machine)
    for group in (FILES, PROCESSES, NAMESPACES, KERNEL):
        for numbers in group.values():
            filtered += write(numbers, _refuse())
    filtered += write(PRLIMIT, _only(0, *oneself))
    for numbers in SCHEDULING.values():
        filtered += write(numbers, _only(0, *oneself))
    for numbers, of_a_process in PRIORITIES:
        filtered += write(numbers, _only(0, of_a_process) + _only(1, *oneself))
    filtered += write(CLONE, _no_bit(0, NEW_NAMESPACES | CHILD_OF_THE_PARENT))
    # Its flags are in memory, where no filter looks: told that there is no such call, libraries take `clone`.
    filtered += write(CLONE3, _refuse(errno.ENOSYS))
    requests = [SET_FLAGS, SET_EXTENDED_FLAGS, SEAL, TYPE_INTO_TERMINAL]
    if landlock < TRUNCATE_SINCE:
        filtered += write(TRUNCATE, _refuse())
    if landlock < SCOPES_SINCE:
        requests += [IOCTL_SET_OWNER, IOCTL_SET_GROUP]
        filtered += write(FCNTL, _none_of(1, SET_OWNER, SET_OWNER_EXTENDED))
        filtered += write(SIGNAL_BY_HANDLE, _refuse())
        for numbers in SIGNALS.values():
            filtered += write(numbers, _only(0, *oneself))
    filtered += write(IOCTL, _none_of(1, *requests))
    return [*filtered, _allow()]


def _write_beginning(machine: Machine) -> list[Instruction]:
    """A call under another machine's numbers would mean something else here, so all of those are refused."""
    foreign = [(IF_AT_LEAST, 0, 1, FOREIGN_NUMBERS), *_refuse()]
    return [
        (LOAD, 0, 0, MACHINE_AT),
        (IF_EQUAL, 1, 0, machine.audit),
        *_refuse(),
        (LOAD, 0, 0, NUMBER_AT),
        *(foreign if machine == MACHINES["x86_64"] else []),
    ]


def _write_call(machine: Machine, numbers: Numbers, checks: list[Instruction]) -> list[Instruction]:
    """For that call the checks, and what passes them is allowed; any other call skips them."""
    number = numbers[machine.column]
    if number is None:
        return []
    return [(IF_EQUAL, 0, len(checks) + 1, number), *checks, _allow()]


def _only(argument: int, *values: int) -> list[Instruction]:
    return [*_find(argument, values), *_refuse()]


def _none_of(argument: int, *values: int) -> list[Instruction]:
    return [*_find(argument, values), (JUMP, 0, 0, 1), *_refuse()]


def _no_bit(argument: int, bits: int) -> list[Instruction]:
    return [_load(argument), (IF_ANY_BIT, 0, 1, bits), *_refuse()]


def _find(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    """Skips what follows the last comparison, one instruction, where the argument is one of the values."""
    return [_load(argument), *((IF_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values))]


def _load(argument: int) -> Instruction:
    """Its lower half: the kernel itself takes no more of those that are looked at."""
    return (LOAD, 0, 0, ARGUMENTS_AT + 8 * argument)


def _refuse(code: int = errno.EPERM) -> list[Instruction]:
    return [(RETURN, 0, 0, REFUSE | code)]


def _allow() -> Instruction:
    return (RETURN, 0, 0, ALLOW)


def _instruct(instruction: Instruction) -> _Instruction:
    return _Instruction(*instruction)


def _this_machine() -> Machine | None:
    """None where the numbers are not known: elsewhere, and for a process of 32 bits on a known one."""
    if sys.platform != "linux" or sys.maxsize < 2**32 or sys.byteorder != "little":
        return None
    return MACHINES.get(os.uname().machine)


def _seccomp(machine: Machine, operation: int, flags: int, what: object) -> int:
    numbers = (ctypes.c_uint32(operation), ctypes.c_uint32(flags))
    found: int = ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(machine.seccomp), *numbers, what)
    return found


def _last_error() -> OSError:
    code = ctypes.get_errno() or errno.EIO
    return OSError(code, os.strerror(code))
