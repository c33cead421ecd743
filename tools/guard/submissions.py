"""Submissions that carry a key of their own: asked twice, done once."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import col, delete

from tools.actions import Action, canonical
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.store.database import Store
from tools.store.tables import SubmissionRow, now

Outcome = ReceiptCard | RefusalCard | ProposalCard
OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
KEPT = timedelta(days=2)


class Submissions:
    """What each key was first used for, and what came of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.session() as session:
            session.exec(delete(SubmissionRow).where(col(SubmissionRow.at) < now() - KEPT))
            session.commit()

    def find(self, key: str, asked: Action | dict[str, Any]) -> Outcome | None:
        """What a key's first submission came to; None for a key that is new, which is then taken.

        Raises `Problem`: `key_reused` for other content, `submission_interrupted` where the first one was cut off.
        """
        digest = digest_of(asked)
        with self._store.writing() as session:
            row = session.get(SubmissionRow, key)
            if row is None:
                session.add(SubmissionRow(key=key, hash=digest))
                return None
        if row.hash != digest:
            raise reused(key)
        if row.outcome is None:
            raise Problem("submission_interrupted", 409, key=key.rpartition(":")[2])
        return OUTCOME.validate_python(row.outcome)

    def keep(self, key: str, outcome: Outcome) -> None:
        with self._store.session() as session:
            row = session.get_one(SubmissionRow, key)
            row.outcome = outcome.model_dump(mode="json")
            session.add(row)
            session.commit()

    def forget(self, key: str) -> None:
        """For a submission that changed nothing: its key can be used again."""
        with self._store.session() as session:
            session.exec(delete(SubmissionRow).where(col(SubmissionRow.key) == key))
            session.commit()


def reused(key: str) -> Problem:
    return Problem("key_reused", 409, key=key.rpartition(":")[2])


def digest_of(asked: Action | dict[str, Any]) -> str:
    """The SHA-256 of what was asked, so that a key cannot be used for something else."""
    text = json.dumps(asked, sort_keys=True, default=str) if isinstance(asked, dict) else canonical(asked)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
