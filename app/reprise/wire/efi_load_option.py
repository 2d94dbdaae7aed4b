"""Boot entries of UEFI as bytes (UEFI Specification 2.10: 3.1.3, EFI_LOAD_OPTION; 10.3, device
paths)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD = struct.Struct("<IH")  # the option's attributes, the length of its device paths
_NODE = struct.Struct("<BBH")  # type, subtype, length with this head
_HARD_DRIVE, _FILE_PATH = (4, 1), (4, 4)


@dataclass(frozen=True, slots=True)
class LoadOption:
    """`on_drive`: a file on a partition that the entry names."""

    description: str
    on_drive: bool


def parse_load_option(data: bytes) -> LoadOption | None:
    """None where it is damaged."""
    if len(data) < _HEAD.size:
        return None
    _attributes, length = _HEAD.unpack_from(data)
    text, paths = _text(data[_HEAD.size :])
    if text is None or len(paths) < length:
        return None
    kinds = set(_nodes(paths[:length]))
    return LoadOption(text, {_HARD_DRIVE, _FILE_PATH} <= kinds)


def _text(data: bytes) -> tuple[str | None, bytes]:
    """UTF-16 up to its zero, and what follows."""
    for at in range(0, len(data) - 1, 2):
        if data[at : at + 2] == b"\0\0":
            return data[:at].decode("utf-16-le", "replace"), data[at + 2 :]
    return None, b""


def _nodes(paths: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + _NODE.size <= len(paths):
        kind, sub, length = _NODE.unpack_from(paths, at)
        if length < _NODE.size:
            return
        yield kind, sub
        at += length
