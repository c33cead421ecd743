"""What a person types past the assistant: a yes goes only to what was shown."""

import io
from typing import Any, cast

import pytest
from rich.console import Console

from api.terminal.chat import Chat
from api.terminal.client import ApiClient, ApiError, Chunk
from tests.api.guard_samples import AT, GUARD, HASH, LOOSENING
from tools.cards import ProposalCard, ReceiptCard

CARD = ProposalCard(proposal=LOOSENING.model_copy(update={"status": "pending"}))
RECEIPT = ReceiptCard(audit_id=1, action="panic", at=AT, guard=GUARD)


class Asked:
    """A client that knows one proposal, and remembers what it was asked."""

    def __init__(self) -> None:
        self.writes: list[tuple[str, Any]] = []

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        if method == "POST":
            self.writes.append((path, body))
            return (RECEIPT if path == "/api/panic" else CARD).model_dump(mode="json")
        known = CARD.proposal.model_dump(mode="json")
        if path.startswith("/api/proposals/"):
            raise ApiError("There is no such proposal.")
        return [known]


@pytest.fixture
def client() -> Asked:
    return Asked()


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def chat(client: Asked, written: io.StringIO) -> Chat:
    return Chat(cast("ApiClient", client), Console(file=written, width=100, color_system=None), "en", "c")


@pytest.mark.parametrize("word", ["confirm", "deny"])
async def test_confirm_when_the_card_was_shown_then_its_hash_goes_with_the_word(
    chat: Chat, client: Asked, word: str
) -> None:
    chat.show(Chunk(1, "run", {"type": "data-card", "id": "x", "data": CARD.model_dump(mode="json")}))
    assert await chat.say(f"/{word} {LOOSENING.id[:4]}")
    assert client.writes == [(f"/api/proposals/{LOOSENING.id}/{word}", {"hash": HASH})]


async def test_confirm_when_it_was_not_shown_yet_then_it_is_shown_and_nothing_is_decided(
    chat: Chat, client: Asked, written: io.StringIO
) -> None:
    await chat.say(f"/confirm {LOOSENING.id}")
    assert client.writes == []
    assert HASH in written.getvalue()
    assert "then say it again" in written.getvalue()
    await chat.say(f"/confirm {LOOSENING.id}")
    assert client.writes == [(f"/api/proposals/{LOOSENING.id}/confirm", {"hash": HASH})]


@pytest.mark.parametrize(("word", "status"), [("confirm", "done"), ("deny", "denied"), ("confirm", "waiting")])
async def test_confirm_when_it_was_decided_before_then_that_is_said_and_nothing_asked(
    chat: Chat, client: Asked, written: io.StringIO, monkeypatch: pytest.MonkeyPatch, word: str, status: str
) -> None:
    proposal = LOOSENING.model_copy(update={"status": status})
    monkeypatch.setattr("tests.api.test_chat_commands.CARD", ProposalCard(proposal=proposal))
    await chat.say(f"/{word} {LOOSENING.id}")
    assert client.writes == []
    told = written.getvalue()
    assert ("was decided already" in told, "(web, 2026-01-01 12:00:00 UTC)" in told) == (True, True), told
    assert "then say it again" not in told


async def test_confirm_when_the_card_changed_since_then_the_newest_hash_that_was_shown_goes(
    chat: Chat, client: Asked
) -> None:
    for digest in (HASH, HASH[::-1]):
        card = ProposalCard(proposal=LOOSENING.model_copy(update={"hash": digest}))
        chat.show(Chunk(1, "run", {"type": "data-card", "id": "x", "data": card.model_dump(mode="json")}))
    await chat.say(f"/confirm {LOOSENING.id}")
    assert client.writes[0][1] == {"hash": HASH[::-1]}


async def test_confirm_when_there_is_none_or_no_id_then_says_so(chat: Chat, written: io.StringIO) -> None:
    with pytest.raises(ApiError, match="no such proposal"):
        await chat.say("/deny nope")
    await chat.say("/deny")
    assert "/deny and the proposal" in written.getvalue()


@pytest.mark.parametrize(("line", "exit_"), [("/panic", False), ("/panic exit", True), (" /panic  --exit ", True)])
async def test_panic_when_typed_then_pressed_past_the_assistant(
    chat: Chat, client: Asked, written: io.StringIO, line: str, exit_: bool
) -> None:
    assert await chat.say(line)
    assert client.writes == [("/api/panic", {"exit": exit_})]
    assert "The panic stop is on" in written.getvalue()


async def test_proposals_when_asked_for_then_listed(chat: Chat, written: io.StringIO) -> None:
    await chat.say("/proposals")
    assert LOOSENING.id in written.getvalue()
