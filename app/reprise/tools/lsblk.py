"""lsblk: one row per block device, with exactly the columns that the type declares."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any

from reprise.errors import ToolError
from reprise.i18n import _


def _column(name: str) -> Any:
    return field(metadata={"column": name})


@dataclass(frozen=True, slots=True, kw_only=True)
class LsblkRow:
    """Sizes in bytes; words that lsblk did not know are None."""

    kname: str = _column("KNAME")
    path: str = _column("PATH")
    kind: str = _column("TYPE")
    size_bytes: int = _column("SIZE")
    transport: str | None = _column("TRAN")
    vendor: str | None = _column("VENDOR")
    model: str | None = _column("MODEL")
    serial: str | None = _column("SERIAL")
    wwn: str | None = _column("WWN")
    revision: str | None = _column("REV")
    fs_type: str | None = _column("FSTYPE")
    label: str | None = _column("LABEL")
    uuid: str | None = _column("UUID")
    table: str | None = _column("PTTYPE")
    part_type: str | None = _column("PARTTYPE")
    part_label: str | None = _column("PARTLABEL")


_COLUMNS = {f.name: str(f.metadata["column"]) for f in fields(LsblkRow)}


def argv_lsblk(*nodes: str) -> tuple[str, ...]:
    """All devices, empty ones too, or only these and what is on them; as a flat list."""
    return (
        "lsblk",
        "--json",
        "--bytes",
        "--list",
        "--all",
        "-o",
        ",".join(_COLUMNS.values()),
        *nodes,
    )


def argv_version() -> tuple[str, ...]:
    return ("lsblk", "--version")


def parse_lsblk(data: bytes) -> tuple[LsblkRow, ...]:
    """Raises ToolError where it is not lsblk's JSON or a column that we asked for is missing."""
    try:
        rows = json.loads(data)["blockdevices"]
        return tuple(_row(row) for row in rows)
    except (ArithmeticError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ToolError(_("lsblk gave no readable answer.")) from error


def _row(row: dict[str, Any]) -> LsblkRow:
    values: dict[str, Any] = {}
    for name, column in _COLUMNS.items():
        value = row[column.lower()]
        if name == "size_bytes":
            values[name] = int(value or 0)
        elif name in ("kname", "path", "kind"):
            values[name] = _word(value, name)
        else:
            values[name] = str(value).strip() or None if value is not None else None
    return LsblkRow(**values)


def _word(value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value
