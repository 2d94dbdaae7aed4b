"""Network cards that the kernel made no interface of: without a driver, or without firmware."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, link_name, names, read_text
from reprise.adapters.hardware.udev import UdevLookup
from reprise_common.network import Link, LinkKind, LinkState

# PCI Code and ID Assignment 1.4: 0200h Ethernet, 0280h other network controller (all Wi-Fi cards)
_CLASSES = {"0x0200": LinkKind.ETHERNET, "0x0280": LinkKind.WIFI}
# As Debian's kernel says it, and as others do.
_FIRMWARE = re.compile(
    r"(?P<slot>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): "
    r"(?:firmware: failed to load|Direct firmware load for) (?P<file>\S+)"
)


def missing_firmware(kernel_log: str) -> dict[str, str]:
    """The card's slot -> the last file that was not there."""
    return {m["slot"]: m["file"] for m in _FIRMWARE.finditer(kernel_log)}


def bare_cards(roots: Roots) -> tuple[Path, ...]:
    """Their sysfs folders."""
    folder = roots.sys / "bus/pci/devices"
    cards = (folder / address for address in names(folder))
    return tuple(card for card in cards if _kind(card) is not None and not _has_interface(card))


def dead_links(cards: tuple[Path, ...], udev: UdevLookup, kernel_log: str) -> Iterator[Link]:
    lacking = missing_firmware(kernel_log)
    for card in cards:
        file = lacking.get(card.name, "")
        known = udev(card)
        maker, model = (known.get(f"ID_{k}_FROM_DATABASE", "") for k in ("VENDOR", "MODEL"))
        yield Link(
            name=card.name,
            kind=_kind(card) or LinkKind.ETHERNET,
            state=LinkState.NO_FIRMWARE if file else LinkState.NO_DRIVER,
            model=f"{maker} {model}".strip(),
            detail=file or link_name(card / "driver") or "",
        )


def _kind(card: Path) -> LinkKind | None:
    return _CLASSES.get((read_text(card / "class") or "")[:6])


def _has_interface(card: Path) -> bool:
    """Also below a virtio or USB device on the way."""
    return bool(names(card / "net")) or any(names(folder) for folder in card.glob("*/net"))
