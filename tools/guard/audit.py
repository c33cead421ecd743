"""The account of what was asked, judged and done. A line that cannot be written stops what it is about."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, JsonValue
from sqlmodel import Session, col, select

from tools.actions import Action, canonical
from tools.guard.actor import Actor
from tools.store.database import Store
from tools.store.seal import seal
from tools.store.tables import AuditHeadRow, AuditRow

What = Literal["edited", "removed", "reordered", "cut"]


@dataclass(frozen=True)
class Break:
    """A line where the account is not what was written."""

    line: int
    what: What
    """`removed`: this line is missing. `cut`: so are all that came after the one before it."""


@dataclass(frozen=True)
class AuditReport:
    lines: int
    breaks: tuple[Break, ...]


class Audit:
    """Adds lines, each sealing the one before; never changes one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(
        self,
        submission: str,
        phase: str,
        action: Action | BaseModel | Mapping[str, JsonValue],
        actor: Actor,
        **told: Any,
    ) -> AuditRow:
        """Writes one line and returns it with its number; `told` as in `add`."""
        with self._store.writing() as session:
            return self.add(session, submission, phase, action, actor, **told)

    def add(  # noqa: PLR0913  a line has these columns
        self,
        session: Session,
        submission: str,
        phase: str,
        action: Action | BaseModel | Mapping[str, JsonValue],
        actor: Actor,
        *,
        verdict: str,
        risk: str = "",
        rule: str | None = None,
        numbers: Mapping[str, str] | None = None,
        receipt: Mapping[str, Any] | None = None,
    ) -> AuditRow:
        """Adds one line to a transaction of `Store.writing`, so that it is there with the rest of it or not at all."""
        content = _content(action)
        head = session.get(AuditHeadRow, 1) or AuditHeadRow(id=1, line=0, seal="")
        row = AuditRow(
            id=head.line + 1,
            submission=submission,
            phase=phase,
            action_kind=str(content.get("kind", "?"))[:60],
            risk=risk,
            action=content,
            actor=actor.model_dump(mode="json"),
            door=actor.door,
            verdict=verdict,
            rule=rule,
            numbers=dict(numbers or {}),
            receipt=dict(receipt) if receipt is not None else None,
            previous=head.seal,
        )
        head.line, head.seal = head.line + 1, seal(row.model_dump())
        row.seal = head.seal
        session.add_all((row, head))
        return row

    def read_newest(self, count: int, before: int | None = None, **equal: str | None) -> list[AuditRow]:
        """The newest lines, newest first; `equal` narrows them by columns such as `rule`, `verdict`, `action_kind`."""
        query = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(count)
        if before is not None:
            query = query.where(col(AuditRow.id) < before)
        for name, value in equal.items():
            if value is not None:
                query = query.where(getattr(AuditRow, name) == value)
        with self._store.session() as session:
            return list(session.exec(query))

    def read_last_word(self, submission: str) -> AuditRow | None:
        """The newest line of a submission that is about what became of it, not about an attempt that made no sense."""
        query = (
            select(AuditRow)
            .where(col(AuditRow.submission) == submission, col(AuditRow.verdict) != "invalid")
            .order_by(col(AuditRow.id).desc())
            .limit(1)
        )
        with self._store.session() as session:
            return session.exec(query).first()

    def read_all(self) -> Iterator[dict[str, Any]]:
        """Every line with its seals, oldest first, times as aware UTC text."""
        for row in self._rows():
            at = row["at"]
            yield {**row, "at": at.isoformat(timespec="microseconds") if isinstance(at, datetime) else at}

    def verify(self) -> AuditReport:
        """Reads all lines and names each that is not what was written, or not where, or missing."""
        breaks: list[Break] = []
        unlike: list[dict[str, Any]] = []
        lines, last_line, last_seal, seals = 0, 0, "", {"": 0}
        for row in self._rows():
            lines += 1
            line = row["id"]
            breaks += [Break(missing, "removed") for missing in range(last_line + 1, min(line, last_line + 100))]
            if not _is_sealed(row):
                breaks.append(Break(line, "edited"))
                unlike.append(row)
            elif (
                row["previous"] != last_seal and line == last_line + 1 and (not breaks or breaks[-1].line != last_line)
            ):
                breaks.append(Break(last_line or line, "edited"))
            last_line, last_seal = line, row["seal"]
            seals[last_seal] = line
        moved = {row["id"] for row in unlike if _fits_elsewhere(row, seals)}
        told = (Break(one.line, "reordered") if one.line in moved else one for one in breaks)
        return AuditReport(lines, (*told, *self._missing_end(last_line, last_seal)))

    def _missing_end(self, last_line: int, last_seal: str) -> Iterator[Break]:
        """The last line is kept in two places besides: by us with its seal, and by SQLite as the last number given."""
        with self._store.session() as session:
            head = session.get(AuditHeadRow, 1)
            given = session.connection().exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")
            last_given = given.scalar() or 0
        told = (head.line, head.seal) if head else (0, "")
        if (told[0], last_given) != (last_line, last_line):
            yield Break(min(told[0], last_given, last_line) + 1, "cut")
        elif told[1] != last_seal:
            yield Break(last_line, "edited")

    def _rows(self) -> Iterator[dict[str, Any]]:
        with self._store.engine.connect() as connection:
            rows = connection.execution_options(yield_per=1000).exec_driver_sql("SELECT * FROM audit ORDER BY id")
            for row in rows.mappings():
                yield _decode(dict(row))


def _decode(row: dict[str, Any]) -> dict[str, Any]:
    """A line as it was sealed; as it stands in the file where somebody made it unreadable, which no seal fits."""
    try:
        read = {name: json.loads(row[name]) for name in ("action", "actor", "numbers")}
        receipt = None if row["receipt"] is None else json.loads(row["receipt"])
        return {**row, **read, "receipt": receipt, "at": datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)}
    except (TypeError, ValueError, RecursionError):
        return row


def _is_sealed(row: Mapping[str, Any]) -> bool:
    """Whether a line is what was sealed; what was nested so deep that it cannot be read is not."""
    try:
        return bool(seal(row) == row["seal"])
    except (TypeError, RecursionError):
        return False


def _fits_elsewhere(row: Mapping[str, Any], seals: Mapping[str, int]) -> bool:
    """Whether a line carries the seal that it would have right after the line that it says it follows."""
    before = seals.get(row["previous"])
    return before is not None and any(_is_sealed({**row, "id": before + step}) for step in (1, 0, 2))


def _content(action: Action | BaseModel | Mapping[str, JsonValue]) -> dict[str, Any]:
    if isinstance(action, BaseModel) and hasattr(action, "risk"):
        loaded: dict[str, Any] = json.loads(canonical(action))  # type: ignore[arg-type]
        return loaded
    return action.model_dump(mode="json") if isinstance(action, BaseModel) else dict(action)
