"""An application's answer held back: to be given later, changed, or never."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Answer:
    """What an application sent for one request."""

    def __init__(self) -> None:
        self.start: Message | None = None
        self.body = b""

    async def collect(self, message: Message) -> None:
        """Takes the place of `send`."""
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def replace_body(self, body: bytes) -> None:
        """Puts another body in the place of the one that was sent."""
        assert self.start is not None
        self.body = body
        MutableHeaders(scope=self.start)["content-length"] = str(len(body))

    async def give(self, send: Send) -> None:
        """Sends the answer; nothing where there is none."""
        if self.start is not None:
            await send(self.start)
            await send({"type": "http.response.body", "body": self.body})


async def answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """Lets the application handle the request, and keeps its answer."""
    answer = Answer()
    await app(scope, receive, answer.collect)
    return answer


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request; what came of it where the client is gone."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once more, and then what the connection gives."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again
