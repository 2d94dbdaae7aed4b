"""The processes that make pages: gunicorn's, on a socket of this machine alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from reprise.server.database import see_nothing_unasked
from reprise.server.page_settings import put_in_django
from reprise.server.people.mail import send_what_waits
from reprise.server.settings import in_force

_PROCESSES, _THREADS = 2, 4
_STUCK_S = 120
_NICER = 5
_TELLS_S = 2  # for a worker to say what is lost, and to end


Application = Callable[[dict[str, Any], Any], Any]


def addressed(application: Application, public_url: str) -> Application:
    """Whatever host a request names, it is this server's own that links are made of."""
    if not public_url:
        return application
    own = urlsplit(public_url)

    def answer(environ: dict[str, Any], start: Any) -> Any:
        environ["HTTP_HOST"], environ["wsgi.url_scheme"] = own.netloc, own.scheme
        return application(environ, start)

    return answer


class _Worker(ThreadWorker):  # type: ignore[misc]
    """What it still answers takes of the time that is left for mails."""

    _asked_at: float | None = None  # to end, of time.monotonic()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._asked_at = self._asked_at or time.monotonic()
        super().handle_exit(sig, frame)

    def send_what_waits(self) -> None:
        asked_at = self._asked_at or time.monotonic()
        send_what_waits(asked_at + self.cfg.graceful_timeout - _TELLS_S)


class _Application(BaseApplication):  # type: ignore[misc]
    def __init__(self, path: Path, grace_s: int) -> None:
        self._options: dict[str, Any] = {
            "bind": f"unix:{path}",
            "workers": _PROCESSES,
            "threads": _THREADS,
            "worker_class": _Worker,
            "preload_app": True,
            "timeout": _STUCK_S,
            "graceful_timeout": grace_s,  # for mails, too: then the worker is killed
            "worker_exit": lambda _arbiter, worker: worker.send_what_waits(),
            "limit_request_line": 0,  # the front limits it, with the headers
            "loglevel": "warning",
            "control_socket_disable": True,
            # no header of a request says what only a proxy may
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Application:
        settings = in_force()
        put_in_django(settings)
        see_nothing_unasked()
        return addressed(WSGIHandler(), settings.public_url)


def run(path: Path, grace_s: int) -> None:
    """Until SIGTERM, listening at `path`. Where both want the processor, reports come first."""
    os.nice(_NICER)
    # gunicorn would tell systemd that all is ready; who listens says so
    os.environ.pop("NOTIFY_SOCKET", None)
    _Application(path, grace_s).run()
