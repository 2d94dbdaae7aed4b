"""A mail server of the tests, on loopback: it takes everything, and keeps it."""

from __future__ import annotations

import email
import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default

_LINK = re.compile(r"https?://\S+")


@dataclass
class Mailbox:
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if address in str(letter["To"])]

    def newest(self, address: str, count: int = 1) -> EmailMessage:
        """Waits until there are so many to this address."""
        until = time.monotonic() + 5
        while len(self.to(address)) < count:
            assert time.monotonic() < until, f"no mail to {address}"
            time.sleep(0.02)
        return self.to(address)[-1]

    def link(self, address: str, count: int = 1) -> str:
        found = _LINK.search(self.newest(address, count).get_content())
        assert found is not None
        return found[0]


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say(220, "here")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say(354, "go on")
                self._keep()
                self._say(250, "kept")
            elif word == b"QUIT":
                self._say(221, "bye")
                return
            else:
                self._say(250, "well")

    def _say(self, code: int, text: str) -> None:
        self.wfile.write(f"{code} {text}\r\n".encode())

    def _keep(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter = email.message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(letter, EmailMessage)
        self.server.mailbox.letters.append(letter)  # type: ignore[attr-defined]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        box = Mailbox(server.server_address[1])
        server.mailbox = box  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
