"""What is set on the station itself, for this session: one more settings file, for root's eyes.

The service that sends reads its settings anew every round, this file among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from reprise.adapters.storage.files import write_durably
from reprise.adapters.storage.storage_error import storage_error
from reprise.errors import InputError
from reprise.i18n import _
from reprise.settings import ServerSettings, Settings, proxy_url
from reprise_common.network import JoinRequest

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
        proxy = typed_proxy(typed)
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


def typed_proxy(typed: str) -> str:
    """As settings.proxy_url, for a person. Raises InputError."""
    try:
        return proxy_url(typed)
    except ValueError as error:
        raise InputError(
            _("“{text}” is not the address of a proxy.").format(text="".join(typed.split())),
            _("Type its name and its port, as in proxy.example.org:3128."),
        ) from error
