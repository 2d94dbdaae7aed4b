"""Listening, and the processes that do the work: one takes reports in and hands all else on, others
make pages, one makes papers. What one of them suffers the others do not."""

from __future__ import annotations

import logging
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.server import pages_process
from reprise.server.children import Family
from reprise.server.database import close_database
from reprise.server.files.opening import PAPERS, store
from reprise.server.files.store import FileStore
from reprise.server.front import process as front_process
from reprise.server.front.app import Beside
from reprise.server.jobs import bell
from reprise.server.logs import log_to_stderr
from reprise.server.opening import open_database
from reprise.server.papers import process as papers_process
from reprise.server.papers.maker import maker
from reprise.server.people.instance import new_set_up_secret
from reprise.server.settings import (
    ServerSettings,
    base_address,
    metrics_address,
    put_in_force,
)
from reprise.system_words import os_reason

log = logging.getLogger("reprise.server")
_SPARE = "/dev/shm"  # noqa: S108
_GRACE_S = 7  # for what is being answered when a stop is asked for


def listen(host: str, port: int, advice: str = "") -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises InputError with this `advice`; "": to
    choose another by option."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, proto)
    except OSError as error:
        raise InputError(
            _("The address {host} cannot be used: {reason}.").format(
                host=host, reason=os_reason(error)
            ),
            advice or _("Choose another with --host."),
        ) from error
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise InputError(
            _("Port {port} on {host} cannot be used: {reason}.").format(
                port=port, host=host, reason=os_reason(error)
            ),
            advice or _("Stop what uses it, or choose another with --port."),
        ) from error
    return sock


@contextmanager
def _listen_for_figures(
    settings: ServerSettings, public: socket.socket
) -> Iterator[list[socket.socket]]:
    """On addresses of their own, one for each process that listens: what is told there is not for
    everybody. Raises InputError."""
    wanted = metrics_address(settings.metrics)
    if wanted is None:
        yield []
        return
    host, first = wanted
    with ExitStack() as stack:
        socks = []
        for number in range(settings.workers):
            port = first + number if first else 0
            advice = _("Choose another with metrics in server.toml.")
            sock = stack.enter_context(listen(host, port, advice))
            if _port_of(sock) == _port_of(public):
                raise InputError(_("The figures need a port of their own."), advice)
            log.info("%s", _("Figures: {url}").format(url=f"{address_of(sock)}/metrics"))
            socks.append(sock)
        if not is_local(socks[0]):
            text = _("Figures are told beyond this machine: whoever reaches their port reads them.")
            log.warning("%s", text)
        yield socks


def _port_of(sock: socket.socket) -> int:
    port: int = sock.getsockname()[1]
    return port


def address_of(sock: socket.socket) -> str:
    """http://host:port of a listening socket."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def link_address(sock: socket.socket) -> str:
    """What a link begins with where no public address is known: of a socket that listens at every
    address of this machine, by its name."""
    host, port = sock.getsockname()[:2]
    every = host in ("0.0.0.0", "::")  # noqa: S104 (compared, not listened at)
    return f"http://{socket.gethostname()}:{port}" if every else address_of(sock)


def is_local(sock: socket.socket) -> bool:
    host = str(sock.getsockname()[0])
    return host == "::1" or host.startswith("127.")


def serve(settings: ServerSettings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called with the address once it listens.

    Raises InputError or StorageError where it cannot start.
    """
    log_to_stderr(settings.log_format)
    with (
        listen(settings.host, settings.port) as sock,
        _listen_for_figures(settings, sock) as figures,
        _inner_folder() as folder,
    ):
        address = open_database(settings.database)
        log.info("%s", _("Database: {path}").format(path=address.shown))
        put_in_force(settings, link_address(sock))
        files = store()
        log.info("%s", _("Papers: {place}").format(place=files.shown))
        _warn_of_papers(files)
        maker()
        bell.hang()
        if not is_local(sock) and not settings.public_url.startswith("https://"):
            log.warning(
                "%s",
                _(
                    "Listening beyond this machine without HTTPS: passwords can be read on the "
                    "way. Put a proxy with HTTPS in front, and its address into public_url."
                ),
            )
        _tell_first_start(base_address())
        close_database()  # no process inherits a connection
        path = Path(folder) / "pages"
        limit = settings.max_body_bytes

        def front(number: int) -> Callable[[], None]:
            def run() -> None:
                told = figures[number] if figures else None
                socks = [sock] if told is None else [sock, told]
                beside = Beside(path, family.restarts, None if told is None else _port_of(told))
                front_process.run(socks, beside, limit, _GRACE_S, family.say_ready)

            return run

        family = Family(
            {
                "front": front(0),
                "pages": lambda: pages_process.run(path, _GRACE_S),
                "papers": papers_process.run,
                **{f"front {n + 1}": front(n) for n in range(1, settings.workers)},
            }
        )
        family.live(lambda: ready(address_of(sock)))


def _warn_of_papers(files: FileStore) -> None:
    """Reports are taken all the same; see also front/health.py."""
    try:
        files.try_to_write(PAPERS)
    except StorageError as error:
        text = _("No certificate can be made.")
        log.warning("%s", f"{text} {error.what} {error.advice}")


def _tell_first_start(base: str) -> None:
    """Who reads the log, or the terminal, is the one who may set the server up."""
    secret = new_set_up_secret()
    if secret is not None:
        text = _("Nobody can log in yet. Make the first administrator at: {link}")
        log.warning("%s", text.format(link=f"{base}/set-up/{secret}"))


def _inner_folder() -> tempfile.TemporaryDirectory[str]:
    """For the socket between the processes. Raises StorageError."""
    try:
        return tempfile.TemporaryDirectory(prefix="reprise-server-")
    except OSError as error:  # a service may be given no place for temporary files
        try:
            return tempfile.TemporaryDirectory(prefix="reprise-server-", dir=_SPARE)
        except OSError:
            raise StorageError(
                _("There is no place for temporary files: {reason}.").format(
                    reason=os_reason(error)
                ),
                _("Give the server a writable /tmp: PrivateTmp=yes, for a systemd service."),
            ) from error
