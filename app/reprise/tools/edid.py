"""EDID: the name that a display gives itself (VESA E-EDID 1.4, 3.10.3: display descriptors)."""

from __future__ import annotations

_HEADER = bytes.fromhex("00ffffffffffff00")
_DESCRIPTORS = (54, 72, 90, 108)  # offsets of the four 18-byte blocks
_NAME, _TEXT = 0xFC, 0xFE  # descriptor tags: display product name, free text


def parse_edid_model(data: bytes) -> str | None:
    """ "MAKER product name"; laptop panels often have a free text only. None where there is no
    valid first block."""
    if len(data) < 128 or data[:8] != _HEADER or sum(data[:128]) % 256:
        return None
    texts = {tag: _descriptor(data, tag) for tag in (_NAME, _TEXT)}
    name = texts[_NAME] or texts[_TEXT] or f"{int.from_bytes(data[10:12], 'little'):04x}"
    return f"{_maker(data)} {name}"


def _maker(data: bytes) -> str:
    """Three letters of five bits each (3.4.1)."""
    packed = int.from_bytes(data[8:10], "big")
    return "".join(chr(64 + (packed >> shift & 31)) for shift in (10, 5, 0))


def _descriptor(data: bytes, tag: int) -> str | None:
    for start in _DESCRIPTORS:
        block = data[start : start + 18]
        if block[:3] == b"\0\0\0" and block[3] == tag:
            text = block[5:].split(b"\n")[0].decode("ascii", "replace").strip()
            if text and text.isprintable():
                return text
    return None
