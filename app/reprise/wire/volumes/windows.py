"""Which Windows is on an NTFS volume."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reprise.wire.volumes.ntfs import Ntfs
from reprise.wire.volumes.regf import Hive

# Windows, "Operating System Version" and the release tables: the first build of each.
_BUILDS = (
    (22000, "Windows 11"),  # it calls itself Windows 10 in the registry, too
    (10240, "Windows 10"),
    (9600, "Windows 8.1"),
    (9200, "Windows 8"),
    (7600, "Windows 7"),
    (6000, "Windows Vista"),
    (2600, "Windows XP"),
    (2195, "Windows 2000"),
)
_FOLDER = "Windows"
_HIVE = (_FOLDER, "System32", "config", "SOFTWARE")
_KEY = ("Microsoft", "Windows NT", "CurrentVersion")


def windows_on(volume: Ntfs) -> str | None:
    """ "Windows 10"; "Windows" where its version cannot be read; None: there is none.

    The registry tells more than the version of a program file would: those may be compressed in a
    way of their own (Compact OS), the hives never are.
    """
    if volume.find(_FOLDER, "System32") is None:
        return None
    try:
        hive = volume.find(*_HIVE)
        return "Windows" if hive is None else name_of(Hive(volume.stream(hive)).values(*_KEY))
    except ValueError:
        return "Windows"


def name_of(values: Mapping[str, str]) -> str:
    """From the values of Windows NT\\CurrentVersion."""
    product = values.get("ProductName", "")
    if "Server" in product or values.get("InstallationType", "").startswith("Server"):
        year = re.search(r"Server\D*(\d{4}(?: R2)?)\b", product, re.ASCII)
        return f"Windows Server {year[1]}" if year else "Windows Server"
    told = values.get("CurrentBuildNumber") or values.get("CurrentBuild") or ""
    build = int(told) if told.isascii() and told.isdigit() and len(told) < 8 else 0
    return next((name for first, name in _BUILDS if build >= first), "Windows")
