"""blkid: file systems, labels and partition tables, read from the device itself (low-level
probing; never from its cache)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reprise.tools.lines import fields

# blkid(8), EXIT STATUS: nothing was found.
EXIT_NOTHING = 2


@dataclass(frozen=True, slots=True)
class BlkidFacts:
    fs_type: str | None = None
    label: str | None = None
    uuid: str | None = None
    table: str | None = None
    part_type: str | None = None
    part_label: str | None = None


def argv_blkid(node: str) -> tuple[str, ...]:
    return ("blkid", "-p", "-o", "export", node)


def argv_blkid_iso(node: str) -> tuple[str, ...]:
    """Only for an ISO 9660 file system: a hybrid image is ambivalent to a plain probe."""
    return ("blkid", "-p", "-o", "export", "-n", "iso9660", node)


def parse_blkid(text: str) -> BlkidFacts:
    """Unknown words are left out; an empty text gives no facts."""
    values: dict[str, str] = {}
    for name, value in fields(text, "="):
        values.setdefault(name, _unescape(value))
    return BlkidFacts(
        fs_type=values.get("TYPE") or None,
        label=values.get("LABEL") or None,
        uuid=values.get("UUID") or None,
        table=values.get("PTTYPE") or None,
        part_type=values.get("PART_ENTRY_TYPE") or None,
        part_label=values.get("PART_ENTRY_NAME") or None,
    )


def _unescape(text: str) -> str:
    """The export format puts a backslash before characters that a shell would read."""
    return re.sub(r"\\(.)", r"\1", text)
