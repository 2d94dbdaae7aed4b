"""World-wide names, which every source spells in its own way, in one spelling."""

from __future__ import annotations

import re

_SPELLINGS = re.compile(r"(?:0x|naa\.|eui\.|wwn-0x|nvme-eui\.)?([0-9a-f]{16}|[0-9a-f]{32})")


def canonical_wwn(text: str | None) -> str | None:
    """ "0x5000c500a1b2c3d4" (NAA), "eui.…" (EUI-64, NGUID) or "uuid.…"; None for anything else.

    Accepts the kernel's ("naa.…", "eui.…", "uuid.…"), udev's ("0x…") and the tools' spelling.
    An all-zero name is none.
    """
    word = (text or "").strip().lower()
    if word.startswith("uuid."):
        return word if set(word) - set("uid.0-") else None
    match = _SPELLINGS.fullmatch(word)
    if not match or not match[1].strip("0"):
        return None
    is_naa = word.startswith(("0x", "naa.", "wwn-")) and match[1][0] in "2356"
    return f"0x{match[1]}" if is_naa else f"eui.{match[1]}"
