"""A fault: what it does, to which requests, and when."""

from dataclasses import dataclass, fields
from typing import Any

from tools.exchange.faults.kinds import KINDS, Action, BadFault

METHODS = ("GET", "POST", "PUT", "DELETE")
LONGEST_S = 604_800
LARGEST_COUNT = 1_000_000


@dataclass(frozen=True)
class Fault:
    """An action with what it strikes. Its time counts from the moment when it is planned.

    `path` is a prefix; `method` None strikes every method; `probability` is that of each matching request; `count` is
    how many requests it strikes at most, None for all; `duration_s` None lasts until the fault is deleted.
    """

    action: Action
    path: str = "/"
    method: str | None = None
    probability: float = 1.0
    count: int | None = None
    start_in_s: float = 0.0
    duration_s: float | None = 60.0

    def __post_init__(self) -> None:
        """Raises BadFault."""
        if not str(self.path).startswith("/"):
            raise BadFault(f"path: {self.path!r} is not a path. Begin it with /, such as /api/v3/order.")
        if self.method is not None and self.method not in METHODS:
            raise BadFault(
                f"method: {self.method!r} is not a method. Choose one of {', '.join(METHODS)}, or leave it out."
            )
        if not (_is_number(self.probability) and 0 < self.probability <= 1):
            raise BadFault(f"probability: {self.probability!r} is out of range. Choose a number above 0 and up to 1.")
        if self.count is not None and not (type(self.count) is int and 1 <= self.count <= LARGEST_COUNT):
            raise BadFault(f"count: {self.count!r} is out of range. Choose a whole number from 1 to {LARGEST_COUNT}.")
        self._check_times()

    def _check_times(self) -> None:
        if not (_is_number(self.start_in_s) and 0 <= self.start_in_s <= LONGEST_S):
            raise BadFault(f"start_in_s: {self.start_in_s!r} is out of range. Choose a number from 0 to {LONGEST_S}.")
        lasts = self.duration_s
        if lasts is not None and not (_is_number(lasts) and 0 < lasts <= LONGEST_S):
            raise BadFault(
                f"duration_s: {lasts!r} is out of range. Choose a number above 0, up to {LONGEST_S}, or null."
            )

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is one that it may strike."""
        return path.startswith(self.path) and self.method in {None, method} and self.action.reaches(path)


WHICH_AND_WHEN = tuple(each.name for each in fields(Fault) if each.name != "action")


def read_fault(body: object) -> Fault:
    """Reads a fault from JSON: `kind`, the fields of Fault, and the kind's parameters side by side; raises BadFault."""
    if not isinstance(body, dict):
        raise BadFault('body: it is not an object. Send one such as {"kind": "reset"}.')
    kind = read_kind(body.get("kind"))
    given = {name: value for name, value in body.items() if name != "kind"}
    parameters = tuple(each.name for each in fields(kind))
    for name in given.keys() - {*WHICH_AND_WHEN, *parameters}:
        known = ", ".join((*parameters, *WHICH_AND_WHEN))
        raise BadFault(f"{name}: a fault of kind {kind.kind} has no such field. It has {known}.")
    action = kind(**_chosen(given, parameters))
    return Fault(action, **_chosen(given, WHICH_AND_WHEN))


def read_kind(name: object) -> type[Action]:
    """The kind of that name; raises BadFault."""
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadFault(f"kind: {name!r} is not a kind of fault. Choose one of {', '.join(KINDS)}.")
    return kind


def _chosen(given: dict[Any, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
