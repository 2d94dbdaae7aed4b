"""How large the swap file of an installed system is."""

from __future__ import annotations

from reprise.domain.pc.hardware import Transport

_GIB = 1 << 30
_MOST_BYTES = 2 * _GIB
# What must stay free beside it: updates, a browser's files, the first documents.
_ROOM_BYTES = 4 * _GIB
_STEP_BYTES = 1 << 20


def swap_file_bytes(memory_bytes: int, free_bytes: int, transport: Transport) -> int:
    """As much as the PC has memory, 2 GiB at most; 0 (none) where less than 4 GiB would stay free
    of `free_bytes` on the root, or on a drive on USB, which may be a stick and may be pulled.

    A PC of 1 to 4 GiB needs it for a browser; one with more hardly touches it, and 2 GiB then
    keep it from killing programs. Hibernation would need more, and is not offered.
    """
    if transport is Transport.USB or memory_bytes <= 0:
        return 0
    wanted = min(_MOST_BYTES, -(-memory_bytes // _STEP_BYTES) * _STEP_BYTES)
    return wanted if free_bytes - wanted >= _ROOM_BYTES else 0
