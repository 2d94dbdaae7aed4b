"""The PC that is checked, as each check is given it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.hardware.udev import UdevLookup
from reprise.ports import Clock, CommandRunner


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPc:
    """`newest_s`: the latest moment that is known to be past, in seconds since 1970 (this image's
    making, earlier sessions on the stick); it may read files."""

    runner: CommandRunner
    udev: UdevLookup
    clock: Clock
    newest_s: Callable[[], int]
    roots: Roots = field(default_factory=Roots)
