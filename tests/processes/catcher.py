"""A mail server that keeps what it is sent, and can be away or lose its voice."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail as one recipient got it."""

    to: str
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The text part."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    catcher: MailCatcher

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed in the middle is what these tests are about."""


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        catcher = cast(_Server, self.server).catcher
        catcher.opened.add(self.connection)
        recipients: list[str] = []
        self.say("220 catcher")
        while line := self.rfile.readline().decode().strip():
            match line.split(maxsplit=1)[0].upper():
                case "QUIT":
                    self.say("221 bye")
                    return
                case "MAIL":
                    recipients = []
                    self.say("250 ok")
                case "RCPT":
                    recipients.append(line.split("<")[1].split(">")[0])
                    self.say("250 ok")
                case "DATA":
                    self.say("354 go on")
                    catcher.keep(recipients, self.body())
                    if not catcher.answering.wait(60):
                        return
                    self.say("250 kept")
                case _:
                    self.say("250 ok")

    def body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailCatcher:
    """Listens on a loopback port of its own."""

    def __init__(self) -> None:
        self.mails: list[Caught] = []
        self.opened: set[socket.socket] = set()
        self.answering = threading.Event()
        """Cleared, it takes every mail and never says so."""
        self.answering.set()
        self.port = 0
        self._server: _Server | None = None
        self.start()

    def start(self) -> None:
        """Be there, on the same port as before."""
        if self._server is not None:
            return
        self._server = _Server(("127.0.0.1", self.port), _Conversation)
        self._server.catcher = self
        self.port = int(self._server.server_address[1])
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def stop(self) -> None:
        """Be away: connections are refused, open ones end."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server = None
        for each in self.opened:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.opened.clear()

    def keep(self, recipients: list[str], body: bytes) -> None:
        message = message_from_bytes(body, policy=policy.default)
        self.mails += [Caught(to, message) for to in recipients]

    def to(self, address: str) -> list[Caught]:
        """What this person got, the oldest first."""
        return [one for one in self.mails if one.to == address]
