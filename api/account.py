"""The audit as it leaves the house: lines to look at, lines to keep elsewhere, and whether they are all there."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlmodel import col, func, or_, select

from tools.guard.audit import AuditReport
from tools.store.database import Store
from tools.store.tables import AuditRow

AT_ONCE = 500


class AuditView(BaseModel):
    id: int
    submission: str
    """One for all lines of the same submitted action."""
    phase: str
    action_kind: str
    risk: str
    action: dict[str, Any]
    actor: dict[str, Any]
    door: str
    verdict: str
    rule: str | None
    numbers: dict[str, str]
    receipt: dict[str, Any] | None
    at: datetime
    seal: str
    """SHA-256 over the line and the seal of the one before it."""


class AuditFilter(BaseModel):
    """Which lines to look at; None for all."""

    bot_id: Annotated[str | None, Field(max_length=60)] = None
    kind: Annotated[str | None, Field(max_length=60)] = None
    verdict: Annotated[str | None, Field(max_length=60)] = None
    rule: Annotated[str | None, Field(max_length=60)] = None
    before: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None


class BrokenLine(BaseModel):
    id: int
    what: Literal["edited", "removed", "reordered", "cut"]
    """`cut`: this line and all that came after it are missing."""


class AuditCheck(BaseModel):
    """Whether the audit is what was written."""

    ok: bool
    lines: int
    broken: list[BrokenLine]

    @classmethod
    def of(cls, report: AuditReport) -> "AuditCheck":
        broken = [BrokenLine(id=each.line, what=each.what) for each in report.breaks]
        return cls(ok=not broken, lines=report.lines, broken=broken)


def read_lines(store: Store, wanted: AuditFilter, limit: int) -> list[AuditView]:
    """The newest lines, newest first."""
    columns = {"action_kind": wanted.kind, "verdict": wanted.verdict, "rule": wanted.rule}
    query = select(AuditRow).filter_by(**{name: value for name, value in columns.items() if value is not None})
    if wanted.before is not None:
        query = query.where(col(AuditRow.id) < wanted.before)
    if wanted.bot_id is not None:
        asked = func.json_extract(AuditRow.action, "$.bot_id") == wanted.bot_id
        made = func.json_extract(AuditRow.receipt, "$.id") == wanted.bot_id
        query = query.where(or_(asked, made))
    with store.session() as session:
        rows = session.exec(query.order_by(col(AuditRow.id).desc()).limit(limit))
        return [AuditView.model_validate(row.model_dump()) for row in rows]


def write_jsonl(lines: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Each line as one of JSON, with its seals, some hundred at a time."""
    waiting = iter(lines)
    while batch := list(islice(waiting, AT_ONCE)):
        yield "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in batch)
