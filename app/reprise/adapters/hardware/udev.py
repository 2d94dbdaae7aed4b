"""What udev knows of a device, through pyudev. Without a running udevd there is nothing to
know, and every caller has a second source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pyudev

from reprise.errors import ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner

Properties = Mapping[str, str]
UdevLookup = Callable[[Path], Properties]
_SETTLE_S = 30


@cache
def _context() -> pyudev.Context:
    return pyudev.Context()


def udev_properties(sys_path: Path) -> Properties:
    """The properties of the device in this sysfs folder; empty where udev has not seen it."""
    try:
        device = pyudev.Devices.from_sys_path(_context(), str(sys_path.resolve()))
        return dict(device.properties) if device.is_initialized else {}
    except (pyudev.DeviceNotFoundError, OSError, ImportError):
        return {}


def decoded(properties: Properties, name: str) -> str | None:
    r"""ID_MODEL and its like in full: udev keeps spaces as \x20 in the …_ENC twin and loses
    them in the plain one."""
    encoded = properties.get(f"{name}_ENC", "")
    text = re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), encoded)
    plain = properties.get(name, "").replace("_", " ")
    return " ".join(text.split()) or " ".join(plain.split()) or None


def settle(runner: CommandRunner) -> tuple[ToolError, ...]:
    """Wait until udev has handled all that the kernel found, so that the drivers of storage
    controllers are loaded and have looked for their drives (do_init_module in kernel/module/main.c
    waits for the probes that a module began); at most half a minute. What kept it from that is
    told, and holds nobody up. Without a running udevd there is nothing to wait for."""
    argv = ["udevadm", "settle", f"--timeout={_SETTLE_S}"]
    try:
        done = runner.run(argv, _SETTLE_S + 5.0)
    except ToolError as error:
        return (error,)
    if done.exit_code == 0 and not done.timed_out:
        return ()
    return (
        ToolError(
            _("This PC is still loading drivers after {seconds} s: drives may be missing.").format(
                seconds=_SETTLE_S
            ),
            _("Wait a little and read the drives again."),
        ),
    )
