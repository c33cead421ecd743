"""A server that speaks OpenAI's Chat Completions over real HTTP and answers by script."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

Reply = dict[str, Any] | int | bytes | float
"""A message to answer with; an HTTP status to fail with; bytes to send as they are; seconds to keep silent."""


def text(content: str) -> dict[str, Any]:
    return {"content": content}


_NUMBERS = count(1)


def call(tool: str, **arguments: Any) -> dict[str, Any]:
    return calls((tool, arguments))


def calls(*wanted: tuple[str, dict[str, Any]], call_id: str = "") -> dict[str, Any]:
    """Several calls in one answer, each with an id of its own unless one is given."""
    return {
        "tool_calls": [
            {
                "index": index,
                "id": call_id or f"call_{next(_NUMBERS)}",
                "type": "function",
                "function": {"name": tool, "arguments": json.dumps(arguments)},
            }
            for index, (tool, arguments) in enumerate(wanted)
        ]
    }


class ScriptedServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Callable[[list[dict[str, Any]]], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.silence = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(body)
        reply = self.server.script(body["messages"])
        if isinstance(reply, float):
            self.server.silence.wait(reply)
            return
        if isinstance(reply, int):
            self._send(reply, "application/json", b'{"error": {"message": "sk-secret-in-a-provider-message"}}')
        elif isinstance(reply, bytes):
            self._send(200, "text/event-stream", reply)
        else:
            self._send(200, "text/event-stream", _stream(reply))

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _stream(message: dict[str, Any]) -> bytes:
    reason = "tool_calls" if "tool_calls" in message else "stop"
    chunks = [
        {"delta": {"role": "assistant", **message}, "finish_reason": None},
        {"delta": {}, "finish_reason": reason},
    ]
    frame = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    lines = [f"data: {json.dumps({**frame, 'choices': [{'index': 0, **chunk}]})}\n\n" for chunk in chunks]
    return ("".join(lines) + "data: [DONE]\n\n").encode()


@contextmanager
def scripted(script: Callable[[list[dict[str, Any]]], Reply]) -> Iterator[ScriptedServer]:
    """A server in a thread, ended afterwards."""
    server = ScriptedServer(script)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.silence.set()
        server.shutdown()
        server.server_close()
