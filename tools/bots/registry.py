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
    """Keeps bots, in the database and in memory, since every order asks; knows nothing of their processes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.session() as session:
            rows = session.exec(select(BotRow).order_by("created_at"))
            self._bots = {row.id: _bot(row) for row in rows}

    def read_all(self) -> list[Bot]:
        """All bots, oldest first."""
        return list(self._bots.values())

    def read(self, bot_id: str) -> Bot:
        """Raises `Problem("unknown_bot")`."""
        if (bot := self._bots.get(bot_id)) is None:
            raise self._unknown(bot_id)
        return bot

    def read_name(self, bot_id: str) -> str | None:
        """None for a bot that there is not."""
        with self._store.session() as session:
            row = session.get(BotRow, bot_id)
        return _bot(row).spec.name if row else None

    def find(self, name_or_id: str) -> Bot:
        """The bot that a person calls so, whatever the capitals. Raises `Problem("unknown_bot")`."""
        wanted = name_or_id.strip()
        bot = self._bots.get(wanted) or self._named(wanted)
        if bot is None:
            raise self._unknown(wanted)
        return bot

    def has_name(self, name: str, but: str | None = None) -> bool:
        """Whether a bot, other than `but`, has this name."""
        bot = self._named(name)
        return bot is not None and bot.id != but

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
        return self._save(row, spec.name)

    def write_spec(self, bot_id: str, spec: BotSpec) -> Bot:
        """Raises `Problem("name_taken")`."""
        row = self._row(bot_id)
        row.spec, row.name_key = spec.model_dump(mode="json"), spec.name.casefold()
        return self._save(row, spec.name)

    def write_state(self, bot_id: str, state: State) -> Bot:
        row = self._row(bot_id)
        if state is State.RUNNING and row.state != State.PAUSED:
            row.started_at = now()
        row.state = state
        return self._save(row, bot_id)

    def remove(self, bot_id: str) -> None:
        with self._store.session() as session:
            session.delete(self._row(bot_id))
            session.commit()
        del self._bots[bot_id]

    def _named(self, name: str) -> Bot | None:
        return next((bot for bot in self._bots.values() if bot.spec.name.casefold() == name.casefold()), None)

    def _row(self, bot_id: str) -> BotRow:
        with self._store.session() as session:
            row = session.get(BotRow, bot_id)
        if row is None:
            raise self._unknown(bot_id)
        return row

    def _save(self, row: BotRow, name: str) -> Bot:
        with self._store.session() as session:
            session.add(row)
            try:
                session.commit()
            except IntegrityError as error:
                raise Problem("name_taken", 409, name=name) from error
        bot = self._bots[row.id] = _bot(row)
        return bot

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
