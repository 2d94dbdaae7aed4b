"""A root shell on a serial port of the PC (`systemd.debug_shell=ttyS0`), for what the screen cannot
tell. Never used by the main story: that one looks and types as a person does."""

from __future__ import annotations

import re
import socket
import time
import uuid

from vm.qemu import Vm


class Shell:
    def __init__(self, vm: Vm, port: str = "serial") -> None:
        self._plug: socket.socket = vm.serial(port)
        self._plug.settimeout(1.0)
        self._seen = b""

    def _read_until(self, mark: bytes, timeout_s: float) -> bytes:
        end = time.monotonic() + timeout_s
        while mark not in self._seen:
            if time.monotonic() > end:
                raise AssertionError(f"no answer on the serial shell; last: {self._seen[-600:]!r}")
            try:
                came = self._plug.recv(65536)
            except TimeoutError:
                continue
            if not came:
                raise RuntimeError(f"the PC went off; last: {self._seen[-600:]!r}")
            self._seen += came
        before, _, self._seen = self._seen.partition(mark)
        return before

    def wait_ready(self, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while True:
            try:
                self.run("stty -echo; PS1=; PS2=", 5)
                self.run("true", 5)
                return
            except AssertionError:
                if time.monotonic() > end:
                    raise

    def run(self, command: str, timeout_s: float = 60.0) -> tuple[int, str]:
        """Exit status and output of one line of shell."""
        mark = uuid.uuid4().hex
        halves = f"{mark[:16]} {mark[16:]}"  # apart, as the line itself may be echoed
        line = f"printf '%s%s<' {halves}; {command}; printf '\\n%s%s=%s\\n' {halves} $?\n"
        self._seen = b""
        self._plug.sendall(line.encode())
        self._read_until(mark.encode() + b"<", timeout_s)  # the prompt's leavings
        said = self._read_until(mark.encode() + b"=", timeout_s)
        status = self._read_until(b"\n", 10)
        text = re.sub(r"\x1b[\[\]][0-9;?]*[a-zA-Z]?", "", said.decode("utf-8", "replace"))
        return int(status), text.replace("\r", "").strip()
