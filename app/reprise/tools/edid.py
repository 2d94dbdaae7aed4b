"""EDID: the name that a display gives itself (VESA E-EDID 1.4, 3.10.3: display descriptors)."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.pc.placeholders import is_placeholder

_HEADER = bytes.fromhex("00ffffffffffff00")
_DESCRIPTORS = (54, 72, 90, 108)  # offsets of the four 18-byte blocks
_NAME, _TEXT = 0xFC, 0xFE  # descriptor tags: display product name, free text


def parse_edid_model(data: bytes) -> str | None:
    """ "MAKER product name"; laptop panels often have free texts only. None where there is no
    valid first block."""
    if len(data) < 128 or data[:8] != _HEADER or sum(data[:128]) % 256:
        return None
    maker = _maker(data)
    product = int.from_bytes(data[10:12], "little")
    return f"{maker} {_name(data, maker) or f'{product:04x}'}"


def _name(data: bytes, maker: str) -> str | None:
    """A free text without a digit is no model: a panel's says its maker there, once more."""
    names = [text for text in _texts(data, _NAME) if text.upper() != maker]
    texts = [text for text in _texts(data, _TEXT) if any(map(str.isdigit, text))]
    return next((text for text in names + texts if not is_placeholder(text)), None)


def _maker(data: bytes) -> str:
    """Three letters of five bits each (3.4.1)."""
    packed = int.from_bytes(data[8:10], "big")
    return "".join(chr(64 + (packed >> shift & 31)) for shift in (10, 5, 0))


def _texts(data: bytes, tag: int) -> Iterator[str]:
    """What is no ASCII is no text (3.10.3): a panel maker's own bytes."""
    for start in _DESCRIPTORS:
        block = data[start : start + 18]
        if block[:3] == b"\0\0\0" and block[3] == tag:
            raw = block[5:].split(b"\n")[0].strip()
            if raw and raw.isascii() and raw.decode().isprintable():
                yield raw.decode()
