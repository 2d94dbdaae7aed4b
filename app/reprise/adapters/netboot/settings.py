"""An organisation's settings for PCs that start from the network.

Whoever is on that network can read what is served: a private key, never. Each station makes its own
key, as one without a server does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reprise.adapters.netboot.folder import LIST
from reprise.adapters.stick.writing.files import read_files
from reprise.adapters.storage.limits import KEY, PUBLIC_KEY

_FOLDER = "settings"  # where the start's initramfs looks
_NOT_SERVED = (KEY, PUBLIC_KEY)


@dataclass(frozen=True, slots=True)
class NetbootSettings:
    """`files`: name -> contents, checked. `kept_back`: names that were given and are not served."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    kept_back: tuple[str, ...] = ()

    def served(self) -> Mapping[str, bytes]:
        """By the name that a PC asks for, with the list that it asks for first."""
        lines = (
            f"{hashlib.sha256(data).hexdigest()} {len(data)} {name}\n"
            for name, data in self.files.items()
        )
        listed = {f"{_FOLDER}/{LIST}": "".join(lines).encode()}
        return listed | {f"{_FOLDER}/{name}": data for name, data in self.files.items()}


def read_settings(paths: Sequence[Path]) -> NetbootSettings:
    """Checked as for a stick. Raises InputError where a station would not take one of them."""
    if not paths:
        return NetbootSettings()
    files = read_files(paths)
    return NetbootSettings(
        {name: data for name, data in files.items() if name not in _NOT_SERVED},
        tuple(name for name in files if name in _NOT_SERVED),
    )
