"""One call to the server, step by step: its name, the line (through a proxy or not), encryption,
a question and its answer. The connection test and the sender call in this one way.

Nothing that answers is trusted: whatever it does, a step ends with EndedError, and one deadline
covers all of them.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from reprise.adapters.network import http
from reprise.adapters.network.judging import judge_connect, judge_name
from reprise.adapters.network.names import Address, addresses_of
from reprise.adapters.network.route import Route, ascii_host
from reprise.adapters.network.tls import judge_line, trusted_by
from reprise.domain.station.connectivity import ConnectionStep, Finding, Reach, failed
from reprise.domain.station.delivery import LARGEST, SLOWEST
from reprise.ports import Clock
from reprise.settings import ServerSettings


class EndedError(Exception):
    """A step failed. `word`: the system's own."""

    def __init__(self, finding: Finding, word: str = "") -> None:
        super().__init__(word)
        self.finding, self.word = finding, word


_Judge = Callable[[Exception], tuple[Reach, str]]


class Call:
    """A context: the line is closed at its end. The methods are called in their order, each once;
    all raise EndedError alone. `name_s`: how long name servers have, None: to the deadline.
    `to_send`: bytes, for which there is more time; not for any number of them, as a stick may hold
    a file of any size in a report's place, and meanwhile none of ours is sent."""

    def __init__(
        self,
        settings: ServerSettings,
        ca_file: Path | None,
        clock: Clock,
        *,
        name_s: float | None = None,
        to_send: int = 0,
    ) -> None:
        self._settings, self._ca_file, self._clock = settings, ca_file, clock
        self._route = Route(settings)
        self._sending_s = min(to_send, LARGEST) / SLOWEST
        self._until = time.monotonic() + settings.connect_timeout_s
        self._until += 2 * settings.read_timeout_s + self._sending_s
        self._name_s = name_s
        self._over = threading.Event()
        self._addresses: Sequence[Address] = ()
        self._line: socket.socket
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def look_up(self) -> str:
        """An address of the first stop: the server, or the proxy on the way to it."""
        by_proxy = self._route.proxy is not None
        target = self._route.url.hostname or ""
        with _judged(ConnectionStep.NAME, lambda _error: (Reach.NAME_UNKNOWN, target)):
            ascii_host(target)
            host, port = self._route.first_stop
        with _judged(
            ConnectionStep.NAME, lambda error: (judge_name(error, by_proxy=by_proxy), host)
        ):
            limit = self._left() if self._name_s is None else self._name_s
            self._addresses = addresses_of(host, port, limit)
            return str(self._addresses[0][4][0])

    def connect(self) -> None:
        """To the server, or through the proxy to it. The last address's reason counts."""
        by_proxy, at = self._route.proxy is not None, self._route.at
        with _judged(
            ConnectionStep.CONNECT, lambda error: (judge_connect(error, by_proxy=by_proxy), at)
        ):
            self._line = self._first_open()
        self._line.settimeout(self._settings.read_timeout_s)
        self._stack.enter_context(_shut_down(self._line, self._left(), self._over))
        proxy = self._route.proxy
        if proxy is None or self._route.url.scheme == "http":
            return
        with _judged(ConnectionStep.CONNECT, self._judge_tunnel):
            reason = http.open_tunnel(self._line, self._route.target, proxy)
            self._check_time()
        if reason is not None:
            raise EndedError(failed(ConnectionStep.CONNECT, reason, at))

    def encrypt(self) -> None:
        """Nothing to do for http://."""
        if not self._route.encrypted:
            return
        ca_file, (host, _port) = self._settings.ca_file, self._route.target
        with _judged(ConnectionStep.TLS, lambda _error: (Reach.CA_FILE, ca_file)):
            context = trusted_by(self._ca_file)
        with _judged(ConnectionStep.TLS, self._judge_encryption):
            line = context.wrap_socket(self._line, server_hostname=ascii_host(host))
            self._line = self._stack.enter_context(line)
            self._check_time()

    def ask(self, question: http.HttpRequest) -> http.Answer:
        """Of http:// the proxy is asked in plain words. What is sent lies in the kernel's buffer at
        once, and still takes its time from there: the answer may be that much later."""
        self._line.settimeout(self._settings.read_timeout_s + self._sending_s)
        with _judged(ConnectionStep.ANSWER, self._judge_exchange):
            answer = http.ask(self._line, self._route.url, question, self._route.plain_proxy)
            self._check_time()
            return answer

    # inside

    def _left(self) -> float:
        return max(0.01, self._until - time.monotonic())

    def _check_time(self) -> None:
        """A line that was shut down looks as if the other side had said all."""
        if self._over.is_set():
            raise TimeoutError

    def _first_open(self) -> socket.socket:
        last: OSError | None = None
        for family, kind, protocol, _name, address in self._addresses:
            try:
                line = socket.socket(family, kind, protocol)
            except OSError as error:  # a kernel without IPv6: that tells nothing of the others
                last = last or error
                continue
            line.settimeout(min(self._settings.connect_timeout_s, self._left()))
            try:
                line.connect(address)
            except OSError as error:
                line.close()
                last = error
            else:
                return self._stack.enter_context(line)
        raise last or OSError("no address")

    def _judge_tunnel(self, error: Exception) -> tuple[Reach, str]:
        late = self._over.is_set() or isinstance(error, TimeoutError)
        return Reach.PROXY_NO_ANSWER if late else Reach.NOT_A_PROXY, self._route.at

    def _judge_encryption(self, error: Exception) -> tuple[Reach, str]:
        host, _port = self._route.target
        if self._over.is_set():
            return Reach.NO_ANSWER, ""
        if isinstance(error, OSError):
            return judge_line(error, self._clock, host)
        return Reach.NAME_UNKNOWN, host

    def _judge_exchange(self, error: Exception) -> tuple[Reach, str]:
        if self._over.is_set():
            return Reach.ANSWER, ""
        if self._route.plain_proxy is not None and isinstance(error, http.NotHttpError):
            return Reach.NOT_A_PROXY, self._route.at
        if isinstance(error, OSError):
            return judge_line(error, self._clock, self._route.target[0])
        return Reach.BROKE_OFF, ""


@contextmanager
def _judged(step: ConnectionStep, judge: _Judge) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise EndedError(failed(step, *judge(error)), str(error)) from error


@contextmanager
def _shut_down(line: socket.socket, after_s: float, over: threading.Event) -> Iterator[None]:
    """Ends whatever waits on the line then: time-outs of a socket are between two bytes only.
    Encryption takes the socket's number away, so a copy is held."""
    with line.dup() as copy:

        def end() -> None:
            over.set()
            with suppress(OSError):  # the other side was quicker
                copy.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(after_s, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
