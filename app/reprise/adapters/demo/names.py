"""What a demonstration can be asked for. Kept apart: the command line reads it at every start."""

from __future__ import annotations

from enum import StrEnum

MACHINES = ("laptop", "desktop", "server")


class Fault(StrEnum):
    UNPLUGGED = "unplugged"  # a drive, in the middle of its erase
    LYING = "lying-sanitize"  # a drive says that it erased itself, and the marks survive
    HOT = "overheating"  # a drive rests until it is cool
    STICK = "stick-pulled"  # and comes back half an hour later
    SERVER = "server-down"
    HIDDEN = "hidden-storage"  # two controllers behind which there may be drives
