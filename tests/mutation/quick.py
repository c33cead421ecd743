"""A pytest plugin for mutation testing: the same every time, few examples, and what is quick comes first.

A mutant's tests run in a fork of a process that has imported everything: what pytest would do anew in each is left out.
"""

import gc
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tools.store.database import Store

EXAMPLES = 30
EMPTY = Path("empty.sqlite").resolve()

_migrate = Store.migrate


def pytest_configure() -> None:
    """A mutant must not live or die by chance, by what an earlier one left behind, or by a busy machine."""
    gc.freeze()
    phases = Phase.explicit, Phase.generate
    settings.register_profile(
        "mutation", max_examples=EXAMPLES, phases=phases, derandomize=True, database=None, deadline=None
    )
    settings.load_profile("mutation")
    Store.migrate = _copy_empty  # type: ignore[method-assign]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first failure ends a mutant's run: its module's own tests come first, those with many examples last."""
    items[:] = in_order(items, os.environ.get("MUTANT_UNDER_TEST", ""))


def in_order(items: list[pytest.Item], mutant: str) -> list[pytest.Item]:
    module = (mutant.split(".") * 3)[2]
    return sorted(
        items,
        key=lambda item: (
            getattr(getattr(item, "obj", None), "is_hypothesis_test", False),
            item.path.name != f"test_{module}.py",
            not item.path.name.startswith("test_survivors"),
        ),
    )


def _copy_empty(store: Store) -> None:
    """Migrations are no mutants, and cost more than most tests: a new database is a copy of the first one."""
    if not EMPTY.exists():
        first = Store(EMPTY)
        _migrate(first)
        first.close()
    shutil.copy(EMPTY, store.path)
