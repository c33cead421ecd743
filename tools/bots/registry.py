"""The bots that there are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tools.bot import BotSpec, State
from tools.errors import Problem
from tools.store.database import Store
from tools.store.tables import BotRow, now


@dataclass(frozen=True)
class Bot:
    """A bot as its owner wants it."""

    id: str
    spec: BotSpec
    state: State
    venue: str
    conversation_id: str | None
    created_at: datetime
    started_at: datetime | None


class Registry:
    """Keeps bots; knows nothing of their processes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read_all(self) -> list[Bot]:
        """All bots, oldest first."""
        with self._store.session() as session:
            return [_bot(row) for row in session.exec(select(BotRow).order_by("created_at"))]

    def read(self, bot_id: str) -> Bot:
        """Raises `Problem("unknown_bot")`."""
        with self._store.session() as session:
            row = session.get(BotRow, bot_id)
        if row is None:
            raise self._unknown(bot_id)
        return _bot(row)

    def find(self, name_or_id: str) -> Bot:
        """The bot that a person calls so, whatever the capitals. Raises `Problem("unknown_bot")`."""
        wanted = name_or_id.strip()
        with self._store.session() as session:
            row = (
                session.get(BotRow, wanted)
                or session.exec(select(BotRow).where(BotRow.name_key == wanted.casefold())).first()
            )
        if row is None:
            raise self._unknown(wanted)
        return _bot(row)

    def has_name(self, name: str, but: str | None = None) -> bool:
        """Whether a bot, other than `but`, has this name."""
        with self._store.session() as session:
            row = session.exec(select(BotRow).where(BotRow.name_key == name.casefold())).first()
        return row is not None and row.id != but

    def add(self, spec: BotSpec, venue: str, conversation_id: str | None) -> Bot:
        """Raises `Problem("name_taken")`."""
        row = BotRow(
            id=uuid4().hex[:12],
            name_key=spec.name.casefold(),
            spec=spec.model_dump(mode="json"),
            state=State.CREATED,
            venue=venue,
            conversation_id=conversation_id,
        )
        self._save(row, spec.name)
        return _bot(row)

    def write_spec(self, bot_id: str, spec: BotSpec) -> Bot:
        """Raises `Problem("name_taken")`."""
        row = self._row(bot_id)
        row.spec, row.name_key = spec.model_dump(mode="json"), spec.name.casefold()
        self._save(row, spec.name)
        return _bot(row)

    def write_state(self, bot_id: str, state: State) -> Bot:
        row = self._row(bot_id)
        if state is State.RUNNING and row.state != State.PAUSED:
            row.started_at = now()
        row.state = state
        self._save(row, bot_id)
        return _bot(row)

    def remove(self, bot_id: str) -> None:
        with self._store.session() as session:
            session.delete(self._row(bot_id))
            session.commit()

    def _row(self, bot_id: str) -> BotRow:
        with self._store.session() as session:
            row = session.get(BotRow, bot_id)
        if row is None:
            raise self._unknown(bot_id)
        return row

    def _save(self, row: BotRow, name: str) -> None:
        with self._store.session() as session:
            session.add(row)
            try:
                session.commit()
            except IntegrityError as error:
                raise Problem("name_taken", 409, name=name) from error

    def _unknown(self, asked: str) -> Problem:
        known = ", ".join(bot.spec.name for bot in self.read_all()) or "-"
        return Problem("unknown_bot", 404, bot=asked[:80], known=known)


def _bot(row: BotRow) -> Bot:
    return Bot(
        id=row.id,
        spec=BotSpec.model_validate(row.spec),
        state=State(row.state),
        venue=row.venue,
        conversation_id=row.conversation_id,
        created_at=row.created_at,
        started_at=row.started_at,
    )
