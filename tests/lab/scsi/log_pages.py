"""LOG SENSE pages of a SCSI drive that every tool asks for (SPC-4 7.3)."""

from __future__ import annotations

import struct


def _parameter(code: int, raw: bytes) -> bytes:
    return struct.pack(">HBB", code, 0x03, len(raw)) + raw


def log_page(page: int, temperature_c: int) -> bytes | None:
    """Supported pages, temperature, informational exceptions (no exception); else None."""
    if page == 0x00:
        body = bytes((0x00, 0x0D, 0x2F))
    elif page == 0x0D:
        body = _parameter(0, bytes((0, temperature_c))) + _parameter(1, bytes((0, 60)))
    elif page == 0x2F:
        body = _parameter(0, bytes((0, 0, temperature_c, 0)))
    else:
        return None
    return struct.pack(">BBH", page, 0, len(body)) + body
