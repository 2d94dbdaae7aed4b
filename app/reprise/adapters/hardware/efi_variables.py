"""The variables of UEFI's global name space (UEFI Specification 2.10, 3.3), as efivarfs shows
them."""

from __future__ import annotations

from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, read_bytes

GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
_ATTRIBUTES = 4  # bytes before each value


def folder(roots: Roots) -> Path:
    """Its files are called NAME-GLOBAL."""
    return roots.sys / "firmware/efi/efivars"


def value_of(roots: Roots, name: str) -> bytes | None:
    """None where it cannot be read."""
    data = read_bytes(folder(roots) / f"{name}-{GLOBAL}")
    return None if data is None else data[_ATTRIBUTES:]
