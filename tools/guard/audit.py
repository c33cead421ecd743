"""The account of what was asked, judged and done. A line that cannot be written stops what it is about."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, JsonValue
from sqlmodel import col, select

from tools.guard.actor import Actor
from tools.store.database import Store
from tools.store.tables import AuditRow


class Audit:
    """Adds lines; never changes one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(  # noqa: PLR0913  a line has these columns
        self,
        submission: str,
        phase: str,
        action: BaseModel | Mapping[str, JsonValue],
        actor: Actor,
        *,
        verdict: str,
        rule: str | None = None,
        numbers: Mapping[str, str] | None = None,
        receipt: Mapping[str, Any] | None = None,
    ) -> AuditRow:
        """Writes one line and returns it with its id."""
        content = action.model_dump(mode="json") if isinstance(action, BaseModel) else dict(action)
        row = AuditRow(
            submission=submission,
            phase=phase,
            action_kind=str(content.get("kind", "?"))[:60],
            action=content,
            actor=actor.model_dump(mode="json"),
            door=actor.door,
            verdict=verdict,
            rule=rule,
            numbers=dict(numbers or {}),
            receipt=dict(receipt) if receipt is not None else None,
        )
        with self._store.session() as session:
            session.add(row)
            session.commit()
        return row

    def read_newest(self, count: int, before: int | None = None) -> list[AuditRow]:
        """The newest lines, newest first."""
        query = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(count)
        if before is not None:
            query = query.where(col(AuditRow.id) < before)
        with self._store.session() as session:
            return list(session.exec(query))
