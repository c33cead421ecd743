"""What cannot be read as HTTP at all, such as a lone carriage return or the bytes of TLS: refused like all else."""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from tools.gateway import errors
from tools.gateway.door import OnRefused
from tools.gateway.reading import Refusal


def answering(on_refused: OnRefused, base: type[H11Protocol] = H11Protocol) -> type[H11Protocol]:
    """The server's protocol with the exchange's words, where its own would come before any of ours."""

    class Protocol(base):  # type: ignore[valid-type, misc]
        def send_400_response(self, msg: str) -> None:
            error = errors.unreadable()
            if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                headers = [("content-type", "application/json;charset=UTF-8"), ("connection", "close")]
                response = h11.Response(status_code=error.status, headers=headers)
                for event in (response, h11.Data(data=error.body()), h11.EndOfMessage()):
                    self.transport.write(self.conn.send(event) or b"")
            self.transport.close()
            on_refused(Refusal("?", "?", error.code, msg))

        def _should_upgrade(self) -> bool:
            """There are no WebSockets here: who asks for one is answered as if they had not."""
            return False

    return Protocol
