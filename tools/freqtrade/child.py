"""What a forked process does to become a bot."""

import contextlib
import fcntl
import importlib
import logging
import os
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import NoReturn

import tools
from tools.freqtrade.config import OWN
from tools.freqtrade.confine import confine
from tools.freqtrade.permit_client import PermitClient
from tools.freqtrade.plain import open_plain
from tools.freqtrade.processes import birth_of
from tools.freqtrade.protocol import LOCK_LOST, Start, minimal_environment
from tools.freqtrade.records import ProcessRecord
from tools.freqtrade.syscalls import forbid

ENDING = (signal.SIGTERM, signal.SIGINT)


def run_bot(request: Start) -> NoReturn:
    """Becomes the bot: its own session, folder, log and environment, none of the parent's files, then Freqtrade."""
    code, folder = 1, Path(request.folder)
    try:
        _leave_the_parent(folder)
        _claim_the_folder(folder, request.port)
        _move_in(folder / OWN)
        _confine(folder)
        # numpy, unlike the standard library, would draw the same numbers in every fork.
        importlib.import_module("numpy.random").seed()
        importlib.import_module("tools.freqtrade.exchange").put_in(PermitClient.of(folder))
        importlib.import_module("freqtrade.main").main(["trade", "--config", str(folder / "config.json")])
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # noqa: BLE001  nothing may go up into the parent's loop
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        logging.shutdown()
        os._exit(code)


def _leave_the_parent(folder: Path) -> None:
    os.setsid()
    os.umask(0o077)
    log = open_plain(folder / "bot.log", os.O_CREAT | os.O_APPEND | os.O_RDWR)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    kept = minimal_environment(os.environ)
    os.environ.clear()
    os.environ.update(kept)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def _move_in(own: Path) -> None:
    """Works and keeps what it keeps where it may write."""
    os.chdir(own)
    if Path.cwd() != own:
        raise NotADirectoryError(f"{own} is a link: remove it, and start the bot again")
    os.environ["TMPDIR"] = str(own)
    tempfile.tempdir = None


def _confine(folder: Path) -> None:
    """What it must not touch it cannot, whatever its strategy is; of its folder it writes one part only."""
    if not confine((folder / OWN,), (folder, Path(tools.__file__).parent)):
        sys.stderr.write("this kernel cannot confine a process: the strategy can read whatever you can\n")
    elif _can_list(folder.parent.parent / "secrets"):
        sys.stderr.write(
            f"the secrets in {folder.parent.parent} lie where every program may read: move the data folder\n"
        )
        sys.exit(1)
    if not forbid():
        sys.stderr.write("this kernel cannot filter a process's calls: the strategy can hinder your other processes\n")


def _can_list(folder: Path) -> bool:
    try:
        next(folder.iterdir(), None)
    except OSError:
        return False
    return True


def _claim_the_folder(folder: Path, port: int) -> None:
    """Holds a lock for as long as the bot lives, so that no second process ever trades from the same folder."""
    lock = open_plain(folder / "process.lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write("another process runs this bot\n")
        sys.exit(LOCK_LOST)
    pid = os.getpid()
    ProcessRecord(pid=pid, birth=birth_of(pid) or 0, port=port, created=time.time()).write(folder)
