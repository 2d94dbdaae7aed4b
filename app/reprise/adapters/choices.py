"""What a person changes in this session, for every process of the station: a settings file in
memory that is stronger than the stick's and weaker than the kernel command line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reprise.adapters.files import read_or_none, write_durably
from reprise.adapters.store import storage_error
from reprise.domain.layouts import Layout
from reprise.errors import InputError
from reprise.settings import Settings, check_proxy

FILE = "session.toml"


class SessionChoices:
    """workflow.side.Choices. `run`: /run/reprise. `settings`: those in force."""

    def __init__(self, run: Path, settings: Callable[[], Settings]) -> None:
        self._path = run / FILE
        self._settings = settings

    def proxy(self) -> str:
        return self._settings().server.proxy

    def use_proxy(self, url: str) -> None:
        """Raises InputError where this is no proxy's address, StorageError where /run is full."""
        if url:
            try:
                check_proxy(url)
            except ValueError as error:
                raise InputError(str(error)) from error
        self._set("server", "proxy", url)

    def keyboard(self) -> str:
        """The layout that the person chose; "" where nobody did."""
        chosen = _read(self._path).get("station", {}).get("keyboard", "")
        return chosen if isinstance(chosen, str) else ""

    def use_keyboard(self, layout: Layout) -> None:
        """Raises StorageError where /run is full."""
        self._set("station", "keyboard", layout.value)

    def _set(self, section: str, name: str, value: str) -> None:
        """Only root reads the file: a proxy's address may hold a password."""
        try:
            table = _read(self._path)
            table.setdefault(section, {})[name] = value
            write_durably(self._path, _toml(table), mode=0o600)
        except OSError as error:
            raise storage_error(error, self._path) from error


def _read(path: Path) -> dict[str, Any]:
    """Only we write this file: one that cannot be read is begun anew."""
    try:
        return tomllib.loads((read_or_none(path) or b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _toml(table: dict[str, dict[str, str]]) -> bytes:
    """Tables of texts. A JSON string is a TOML basic string, too (TOML 1.0, "String")."""
    rows = []
    for section, values in table.items():
        rows.append(f"[{section}]")
        rows += [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    return "\n".join((*rows, "")).encode()
