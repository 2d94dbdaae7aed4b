"""An engine of one's own, for a person who runs the station on their own machine: where nobody
listens at the socket, a process is started that does."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from reprise.adapters.station.local_socket import SocketChannel, connect
from reprise.errors import LinkError


class OwnEngine:
    """`argv` starts an engine that listens at `socket` and ends at the end of its standard input:
    the pipe closes with this process, however that ends. `keep`: it is on its own instead, in a
    session of its own, and survives this process and its terminal."""

    def __init__(self, argv: Sequence[str], socket: Path, log: Path, *, keep: bool = False) -> None:
        self._argv, self._socket, self._log = tuple(argv), socket, log
        self._keep = keep
        self._child: subprocess.Popen[bytes] | None = None

    def connect(self) -> SocketChannel:
        """Raises LinkError where there is none yet: it is being started then."""
        try:
            return connect(self._socket)
        except LinkError:
            if self._child is None or self._child.poll() is not None:
                self._start()
            raise

    def _start(self) -> None:
        """Its words go to a file: the terminal is the screen's."""
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                self._argv,
                stdin=subprocess.DEVNULL if self._keep else subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
