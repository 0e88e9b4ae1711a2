"""A mail server on this machine that behaves, or misbehaves as it is told."""

import contextlib
import email
import socket
import socketserver
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Received:
    """One accepted message. `began_at` is when its MAIL FROM came (monotonic)."""

    to: list[str]
    message_id: str
    text: bytes
    began_at: float


@dataclass
class Behaviour:
    """`greeting` and `recipient` are the codes said at these two places."""

    greeting: int = 220
    recipient: int = 250
    drop_in_data: bool = False
    # Cut off after the message was taken, before saying so.
    forget_to_say: bool = False
    seconds_a_byte: float = 0
    # Recipients that get another code than the others.
    refused: dict[str, int] = field(default_factory=dict)


class _Conversation(socketserver.StreamRequestHandler):
    """RFC 5321, as much of it as a client needs."""

    server: "_Server"

    def handle(self) -> None:
        with contextlib.suppress(OSError, BrokenPipeError):
            self._talk()

    def _talk(self) -> None:
        behaviour = self.server.owner.behaviour
        self._say(behaviour.greeting, "here")
        if behaviour.greeting != 220:
            return
        to: list[str] = []
        began = 0.0
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"MAIL":
                began, to = time.monotonic(), []
                self._say(250, "sender")
            elif word == b"RCPT":
                address = line.partition(b"<")[2].partition(b">")[0].decode()
                code = behaviour.refused.get(address, behaviour.recipient)
                if code == 250:
                    to.append(address)
                self._say(code, "recipient")
                if code == 421:
                    return
            elif word == b"DATA":
                self._say(354, "go on")
                if not self._take(to, began, behaviour):
                    return
            elif word == b"QUIT":
                self._say(221, "bye")
                return
            else:
                self._say(250, "as you like")

    def _take(self, to: list[str], began: float, behaviour: Behaviour) -> bool:
        if behaviour.drop_in_data:
            self.rfile.readline()
            return False
        text = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            text += line
        message = email.message_from_bytes(text)
        self.server.owner.received.append(
            Received(to, message["Message-ID"], text, began)
        )
        if behaviour.forget_to_say:
            return False
        self._say(250, "taken")
        return True

    def _say(self, code: int, text: str) -> None:
        self.server.owner.said.append(code)
        for byte in f"{code} {text}\r\n".encode():
            self.wfile.write(bytes([byte]))
            if seconds := self.server.owner.behaviour.seconds_a_byte:
                self.wfile.flush()
                time.sleep(seconds)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    owner: "MailServer"


class MailServer:
    """Listens on a free port of 127.0.0.1: `.port`, `.received`, `.behaviour`."""

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self.received: list[Received] = []
        self.said: list[int] = []
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.owner = self
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}
        )

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def ids(self) -> list[str]:
        return [each.message_id for each in self.received]


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
