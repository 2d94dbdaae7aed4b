"""The link between the engine and its screens: a Unix socket that only root may open, no port."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from reprise.errors import InputError, LinkError, RefusedError
from reprise.i18n import _
from reprise.system_words import os_reason

_SEND_S = 10  # a reader that takes nothing for so long is let go
_PAUSE_S = 0.1
_CHUNK = 64 << 10
_WAITING = 8  # connections that the kernel keeps until they are accepted
_LONGEST_PATH = 107  # bytes of sun_path in unix(7), without the zero at its end


class SocketChannel:
    """workflow.engine.protocol.Channel over a connected socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        # struct timeval; the receiving thread may wait for ever, the sending one must not
        limit = struct.pack("@ll", _SEND_S, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        self._held = bytearray()

    def send(self, line: bytes) -> None:
        try:
            self._socket.sendall(line + b"\n")
        except BlockingIOError as error:
            raise LinkError("the other side does not read what it is told") from error
        except OSError as error:
            raise LinkError("the other side has gone") from error

    def receive(self, most_bytes: int) -> bytes | None:
        searched = 0
        while (end := self._held.find(b"\n", searched)) < 0:
            searched = len(self._held)
            if searched > most_bytes:
                raise LinkError("the other side sent a line that is too long")
            try:
                chunk = self._socket.recv(_CHUNK)
            except OSError as error:
                raise LinkError("the other side has gone") from error
            if not chunk:
                return None
            self._held += chunk
        if end > most_bytes:
            raise LinkError("the other side sent a line that is too long")
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line

    def close(self) -> None:
        with suppress(OSError):  # not connected any more: nobody waits
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that receives
        self._socket.close()


class SocketListener:
    """workflow.engine.listener.Listener: `path` exists while this process lives, and one process
    only has it. Raises InputError on an unusable path, RefusedError where another engine is
    there."""

    def __init__(self, path: Path) -> None:
        check_path(path)
        self._path = path
        self._closed = False
        with ExitStack() as undo:
            self._socket = undo.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._mine = _locked(path.with_name(path.name + ".lock"))
                undo.callback(os.close, self._mine)
                path.unlink(missing_ok=True)  # of an engine that was killed
                os.fchmod(self._socket.fileno(), 0o600)  # before it has a name
                self._socket.bind(str(path))
                self._socket.listen(_WAITING)
            except OSError as error:
                raise InputError(
                    _("The socket {path} cannot be made: {error}.").format(
                        path=path, error=os_reason(error)
                    )
                ) from error
            undo.pop_all()

    def accept(self) -> SocketChannel | None:
        while not self._closed:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                # closed meanwhile; or this process has too many files open, which passes
                time.sleep(_PAUSE_S)
                continue
            return SocketChannel(connection)
        return None

    def close(self) -> None:
        self._closed = True
        self._path.unlink(missing_ok=True)
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()
        os.close(self._mine)


def check_path(path: Path) -> None:
    """Raises InputError where no socket can have this path."""
    if len(os.fsencode(path)) > _LONGEST_PATH:
        raise InputError(_("The path of the socket is too long: {path}.").format(path=path))


def _locked(path: Path) -> int:
    """An open file that no other process has locked. The lock ends with the process, however it
    ends."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise RefusedError(
            _("Another engine of the station is running already."),
            _("“reprise station run” shows it."),
        ) from error
    return lock


def connect(path: Path) -> SocketChannel:
    """To the engine. Raises LinkError where there is none."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        raise LinkError(f"there is no engine at {path}") from error
    return SocketChannel(connection)
