"""Passwords of wireless networks that this PC knows, only to keep them out of what is copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDERS = (
    Path("/etc/NetworkManager/system-connections"),
    Path("/run/NetworkManager/system-connections"),
)
# nm-settings-keyfile(5), sections wifi-security and 802-1x.
_KEYS = frozenset(
    {
        "psk",
        "password",
        "leap-password",
        "private-key-password",
        "phase2-private-key-password",
        "wep-key0",
        "wep-key1",
        "wep-key2",
        "wep-key3",
        "pin",
    }
)


def wifi_secrets(folders: Iterable[Path] = FOLDERS) -> Iterator[str]:
    """Never raises: what cannot be read is not copied either."""
    for folder in folders:
        for file in folder.glob("*"):
            try:
                lines = file.read_text("utf-8", "replace").splitlines()
            except OSError:
                continue
            pairs = (line.partition("=") for line in lines)
            yield from (value.strip() for key, _is, value in pairs if key.strip() in _KEYS)
