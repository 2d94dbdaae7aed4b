"""What is set on the station itself, for this session: one more settings file, for root's eyes.

The service that sends reads its settings anew every round, this file among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from reprise.adapters.files import write_durably
from reprise.adapters.store import storage_error
from reprise.domain.network import JoinRequest
from reprise.errors import InputError
from reprise.i18n import _
from reprise.settings import ServerSettings, Settings

FILE = "session.toml"


class SessionChoices:
    """`settings`: those in force now, `file` included. `path`: where the store keeps a file."""

    def __init__(
        self, file: Path, settings: Callable[[], Settings], path: Callable[[str], Path]
    ) -> None:
        self._file, self._settings, self._path = file, settings, path

    def server(self) -> ServerSettings:
        return self._settings().server

    def ca_file(self) -> Path | None:
        name = self.server().ca_file
        return self._path(name) if name else None

    def wifi(self) -> JoinRequest | None:
        wifi = self._settings().wifi
        return JoinRequest(wifi.ssid, wifi.password, wifi.hidden) if wifi.ssid else None

    def set_proxy(self, typed: str) -> None:
        """Raises InputError, StorageError."""
        proxy = proxy_url(typed)
        text = f"[server]\nproxy = {json.dumps(proxy, ensure_ascii=False)}\n"
        try:
            write_durably(self._file, text.encode(), 0o600)
        except OSError as error:
            raise storage_error(error, self._file) from error
        if self.server().proxy != proxy:
            raise InputError(
                _("the kernel command line sets another proxy."),
                _("Restart without reprise.server.proxy=… to choose one here."),
            )


def proxy_url(typed: str) -> str:
    """http://host:port, also from host:port alone; "" stays. Raises InputError."""
    text = "".join(typed.split())
    if not text:
        return ""
    url = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(url)
        good = parts.scheme == "http" and parts.hostname and parts.port
    except ValueError:
        good = None
    if not good or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InputError(
            _("“{text}” is not the address of a proxy.").format(text=text),
            _("Type its name and its port, as in proxy.example.org:3128."),
        )
    return url.rstrip("/")
