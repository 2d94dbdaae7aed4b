"""One question to a TPM 2.0 as bytes (TCG TPM 2.0 Library, part 3, 30.2, TPM2_GetCapability; part
2, 8.6, TPMA_PERMANENT)."""

from __future__ import annotations

import struct

_COMMAND = struct.Struct(">HIIIII")
_NO_SESSIONS, _GET_CAPABILITY = 0x8001, 0x17A
_TPM_PROPERTIES, _PERMANENT = 6, 0x200
_ANSWER = struct.Struct(">HIIBIIII")  # …, more data, capability, count, property, value
_OWNER, _ENDORSEMENT, _LOCKOUT = 1 << 0, 1 << 1, 1 << 2
ANSWER_BYTES = 4096


def ask_permanent() -> bytes:
    """The command that reads TPMA_PERMANENT."""
    return _COMMAND.pack(
        _NO_SESSIONS, _COMMAND.size, _GET_CAPABILITY, _TPM_PROPERTIES, _PERMANENT, 1
    )


def is_owned(answer: bytes) -> bool | None:
    """Whether somebody set an authorisation of its own; None where that is no answer."""
    if len(answer) < _ANSWER.size:
        return None
    tag, _length, code, _more, kind, count, name, value = _ANSWER.unpack_from(answer)
    if (tag, code, kind, name) != (_NO_SESSIONS, 0, _TPM_PROPERTIES, _PERMANENT) or count < 1:
        return None
    return bool(value & (_OWNER | _ENDORSEMENT | _LOCKOUT))
