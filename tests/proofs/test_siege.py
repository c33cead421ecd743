"""The siege, with as many steps as are asked for; a batch is the same whenever it is run again."""

import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.proofs.clock import patched
from tests.proofs.machine import Siege
from tests.proofs.siege import BATCH, Arena, arena, besiege
from tests.proofs.tally import STEPS, TALLY, Tally
from tools.actions import KINDS
from tools.guard.verdict import Rule, Why

pytestmark = pytest.mark.proof

CI_STEPS = 100_000
WANTED = int(os.environ.get("PROVE_STEPS", CI_STEPS))
JOBS = int(os.environ.get("PROVE_JOBS", min(os.cpu_count() or 1, 4)))
"""Processes that share the steps."""
JUDGED = set(Rule) - {Rule.NO_ANSWER}
"""What a submission or an order is answered; that nobody answered is what a bot tells afterwards."""
SEED = int(os.environ.get("PROVE_SEED", "0"))
"""Of the first batch; each batch has the next one."""

DEPTHS = (
    "permits given", "entries refused", "proposals made", "proposals confirmed", "proposals denied", "loosenings done",
    "panics", "bots held by the guard", "bots crashed", "restarts", "cut off while executing",
    *(f"proposals executed ({why})" for why in Why), *(f"done: {kind}" for kind in sorted(KINDS)),
)  # fmt: skip
"""What must have happened for the siege to have proven anything: every action, and every reason to ask a person."""
HERE = "tests/proofs/test_siege.py"
ONE_IN = 10_000
"""So rarely at most, in steps, each of these and each refusal."""


def test_siege(arena: Arena) -> None:
    begun = time.monotonic()
    if JOBS > 1:
        with ProcessPoolExecutor(JOBS, mp_context=get_context("spawn")) as pool:
            _share(lambda number: pool.submit(_besiege_apart, arena.folder, number))
    else:
        batches = count(SEED)
        while TALLY.counts[STEPS] < WANTED:
            _besiege(next(batches))
    TALLY.seconds = time.monotonic() - begun
    assert TALLY.counts[STEPS] >= WANTED
    if WANTED >= CI_STEPS:
        least = WANTED // ONE_IN
        assert {name: seen for name in DEPTHS if (seen := TALLY.counts[name]) < least} == {}
        assert {rule.value: seen for rule in JUDGED if (seen := TALLY.refusals[rule]) < least} == {}


def _share(submit: Callable[[int], "Future[Tally]"]) -> None:
    """Each process takes the next batch when it is done with one."""
    batches = count(SEED)
    running = {submit(next(batches)) for _ in range(JOBS)}
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for batch in done:
            TALLY.add(batch.result())
            if TALLY.counts[STEPS] < WANTED:
                running.add(submit(next(batches)))


def _besiege_apart(folder: Path, number: int) -> Tally:
    """In a process of its own."""
    Siege.tally = Tally()
    with arena(folder), patched():
        _besiege(number)
    return Siege.tally


def _besiege(number: int) -> None:
    try:
        besiege(number, BATCH)
    except BaseException as error:
        error.add_note(f"The same again: PROVE_SEED={number} PROVE_STEPS=1 PROVE_JOBS=1 .venv/bin/pytest {HERE}")
        raise
