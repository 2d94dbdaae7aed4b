"""What is known of the USB port that a drive hangs on: whether it leads out of the PC."""

from __future__ import annotations

from enum import StrEnum


class UsbPort(StrEnum):
    """The firmware's word for the port (ACPI's _UPC and _PLD), else a hub's for its own (USB 2.0,
    11.23.2.1, DeviceRemovable), as the kernel passes it on: Documentation/ABI/testing/
    sysfs-bus-usb, "removable". Firmware errs: there are PCs where all outer ports but one are
    called fixed, and Linux says so of ports that are called unused, too."""

    UNKNOWN = "unknown"  # nobody vouches for it, or the drive is not on USB
    OUTSIDE = "removable"  # somewhere on the way to the drive something can be unplugged
    FIXED = "fixed"  # soldered or on a header of the board, all the way
    SLOT = "slot"  # unknown, and a card in one of several slots of a reader: mostly built in


# Ports whose drives are part of the PC until somebody takes them out.
INSIDE = frozenset({UsbPort.FIXED, UsbPort.SLOT})
