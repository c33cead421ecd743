"""Processes that are or are not ours: alive, gone, taken over by another with the same pid."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tools.freqtrade.processes import PORTS, Process, birth_of, free_port

SLEEPING = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def spawn():
    spawned = []

    def make(code: str) -> tuple[subprocess.Popen[bytes], Process]:
        popen = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        spawned.append(popen)
        assert popen.stdout.readline() == b"up\n"
        return popen, Process("one", popen.pid, birth_of(popen.pid), 0, 8100)

    yield make
    for popen in spawned:
        popen.kill()
        popen.wait()


async def test_end_when_it_listens_then_it_ends_by_itself(spawn):
    popen, process = spawn(SLEEPING)
    assert process.is_alive()
    await process.end(5)
    assert not process.is_alive()
    assert popen.wait() == -signal.SIGTERM


async def test_end_when_it_does_not_listen_then_it_is_killed(spawn):
    popen, process = spawn(STUBBORN)
    await process.end(0.2)
    assert popen.wait() == -signal.SIGKILL


async def test_end_when_it_is_gone_then_nothing_happens(spawn):
    popen, process = spawn(SLEEPING)
    popen.kill()
    popen.wait()
    await process.end(1)
    assert not process.is_alive()


async def test_end_when_the_pid_belongs_to_another_process_then_that_one_is_left_alone(spawn):
    popen, process = spawn(SLEEPING)
    other = Process("one", popen.pid, process.birth - 1, 0, 8100)
    assert not other.is_alive()
    await other.end(1)
    assert process.is_alive()


def test_free_port_when_some_are_taken_then_another_is_given():
    taken: set[int] = set()
    for _ in range(50):
        taken.add(free_port(taken))
    assert len(taken) == 50
    assert taken <= set(PORTS)


def test_free_port_when_one_is_listened_on_then_it_is_not_given():
    with socket.socket() as listener:
        port = free_port(())
        listener.bind(("127.0.0.1", port))
        listener.listen()
        assert free_port(set(PORTS) - {port, port + 1, port - 1}) != port


def test_birth_of_when_the_process_waits_to_be_reaped_then_it_is_gone(spawn):
    popen, process = spawn(SLEEPING)
    popen.kill()
    os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOWAIT)
    assert psutil.Process(popen.pid).status() == psutil.STATUS_ZOMBIE
    assert birth_of(popen.pid) is None
    assert not process.is_alive()


def test_birth_of_when_the_name_is_odd_then_it_is_read_all_the_same(tmp_path):
    odd = tmp_path / "a) S 1 (b"
    odd.symlink_to(Path(sys.executable).resolve())
    popen = subprocess.Popen(
        [odd, "-c", "print('up', flush=True); import time; time.sleep(60)"], stdout=subprocess.PIPE
    )
    try:
        assert popen.stdout.readline() == b"up\n"
        assert birth_of(popen.pid) == pytest.approx(birth_of(os.getpid()), abs=1e6)
        assert birth_of(popen.pid) > birth_of(os.getpid())
    finally:
        popen.kill()
        popen.wait()


def test_birth_of_when_nobody_has_the_pid_then_there_is_none():
    assert birth_of(2**22 + 1) is None
