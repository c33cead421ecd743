"""What a forked process does to become a bot."""

import contextlib
import fcntl
import importlib
import logging
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

import tools
from tools.freqtrade.confine import confine
from tools.freqtrade.permit_client import PermitClient
from tools.freqtrade.processes import birth_of
from tools.freqtrade.protocol import LOCK_LOST, Start, minimal_environment
from tools.freqtrade.records import ProcessRecord
from tools.freqtrade.syscalls import forbid

ENDING = (signal.SIGTERM, signal.SIGINT)


def run_bot(request: Start) -> NoReturn:
    """Becomes the bot: its own session, folder, log and environment, none of the parent's files, then Freqtrade."""
    code = 1
    try:
        _leave_the_parent(Path(request.folder))
        _claim_the_folder(request.port)
        _confine()
        # numpy, unlike the standard library, would draw the same numbers in every fork.
        importlib.import_module("numpy.random").seed()
        importlib.import_module("tools.freqtrade.exchange").put_in(PermitClient.of(Path.cwd()))
        importlib.import_module("freqtrade.main").main(["trade", "--config", "config.json"])
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
    os.chdir(folder)
    log = os.open("bot.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
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


def _confine() -> None:
    """To its own folder: what it must not touch it cannot, whatever its strategy is."""
    if not confine((Path.cwd(),), (Path(tools.__file__).parent,)):
        sys.stderr.write("this kernel cannot confine a process: the strategy can read whatever you can\n")
    if not forbid():
        sys.stderr.write("this kernel cannot filter a process's calls: the strategy can hinder your other processes\n")


def _claim_the_folder(port: int) -> None:
    """Holds a lock for as long as the bot lives, so that no second process ever trades from the same folder."""
    lock = os.open("process.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write("another process runs this bot\n")
        sys.exit(LOCK_LOST)
    pid = os.getpid()
    ProcessRecord(pid=pid, birth=birth_of(pid) or 0, port=port, created=time.time()).write(Path.cwd())
