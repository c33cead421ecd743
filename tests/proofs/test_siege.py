"""The siege, with as many steps as are asked for; a batch is the same whenever it is run again."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.proofs.clock import patched
from tests.proofs.machine import Siege
from tests.proofs.siege import BATCH, Arena, arena, besiege
from tests.proofs.tally import STEPS, TALLY, Tally

pytestmark = pytest.mark.proof

CI_STEPS = 100_000
WANTED = int(os.environ.get("PROVE_STEPS", CI_STEPS))
JOBS = int(os.environ.get("PROVE_JOBS", "1"))
"""Processes that share the steps."""
SEED = int(os.environ.get("PROVE_SEED", "0"))
"""Of the first batch; each batch has the next one."""

DEPTHS = (
    "permits given", "entries refused", "proposals made", "proposals confirmed", "proposals denied",
    "proposals executed (live)", "proposals executed (tainted)", "proposals executed (loosening)",
    "proposals executed (breaker)", "proposals executed (panic)", "proposals executed (code)", "loosenings done",
    "panics", "done: release_panic", "bots held by the guard", "bots crashed", "restarts", "cut off while executing",
)  # fmt: skip
"""What must have happened for the siege to have proven anything."""


def test_siege(arena: Arena) -> None:
    begun = time.monotonic()
    if JOBS > 1:
        with ProcessPoolExecutor(JOBS, mp_context=get_context("spawn")) as pool:
            for tally in pool.map(_besiege_apart, range(JOBS)):
                TALLY.add(tally)
    else:
        _besiege(SEED, 1, WANTED)
    TALLY.seconds = time.monotonic() - begun
    assert TALLY.counts[STEPS] >= WANTED
    if WANTED >= CI_STEPS:
        assert [name for name in DEPTHS if not TALLY.counts[name]] == []


def _besiege(first: int, step: int, wanted: int) -> None:
    batch = first
    while Siege.tally.counts[STEPS] < wanted:
        besiege(batch, BATCH)
        batch += step


def _besiege_apart(job: int) -> Tally:
    """A share of the steps, in a process of its own."""
    with arena(), patched():
        _besiege(SEED + job, JOBS, WANTED // JOBS + 1)
    return Siege.tally
