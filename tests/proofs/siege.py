"""Where the siege takes place: one database file, written anew for each run, and the profile of the runs."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture import engine
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.stateful import run_state_machine_as_test
from hypothesis.strategies._internal.featureflags import FeatureFlags

from tests.proofs.machine import Siege
from tests.proofs.tally import STEPS, TALLY, Tally
from tools.store.database import Store

MEMORY = Path("/dev/shm")
"""Where there is such a thing, files are kept in memory."""


class Plain(HypothesisProvider):
    """Draws what a seed says, and no numbers out of the sources: a change of those would make each batch another."""

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
        return None


AVAILABLE_PROVIDERS["plain"] = f"{__name__}.{Plain.__name__}"
SHRINKS_FOR_S = 60
BATCH = settings(
    backend="plain", max_examples=10, stateful_step_count=200, deadline=None, database=None,
    suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink), print_blob=True,
)  # fmt: skip
"""Every run is drawn by itself: Hypothesis would else make most of them by changing the ones before."""


def besiege(number: int, profile: settings) -> None:
    """One batch of runs; in every other one all rules take part in each run, instead of a few."""
    all_rules = patch.object(FeatureFlags, "is_enabled", lambda *_: True) if number % 2 == 0 else nullcontext()
    with all_rules, patch.object(engine, "MAX_SHRINKING_SECONDS", SHRINKS_FOR_S):
        run_state_machine_as_test(seed(number)(Siege), settings=profile)


@dataclass
class Arena:
    """What all runs share."""

    folder: Path
    base: Store
    empty: Path
    """A migrated database with nothing in it."""

    def note(self, name: str, tally: Tally) -> None:
        """A planted bug was found."""
        TALLY.count("planted bugs found")
        TALLY.notes.append(f"planted and found: {name.replace('_', ' ')} ({tally.counts[STEPS]:,} steps)")


@contextmanager
def arena(of: Path | None = None) -> Iterator[Arena]:
    """Sets the siege's database up; with the folder of another arena, within that one."""
    folder = Path(tempfile.mkdtemp(prefix="siege-", dir=of or (MEMORY if MEMORY.is_dir() else None)))
    base, empty = Store(folder / "siege.sqlite"), folder / "empty.sqlite"
    if of is None:
        base.migrate()
        base.engine.dispose()
        shutil.copyfile(base.path, empty)
    else:
        shutil.copyfile(of / empty.name, empty)
    Siege.base, Siege.empty = base, empty
    logging.disable(logging.CRITICAL)
    try:
        yield Arena(folder, base, empty)
    finally:
        logging.disable(logging.NOTSET)
        base.close()
        shutil.rmtree(folder)
