"""The function checks of this PC. They run beside the screen and need no session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.bootstrap.delivery import clock, newest_moment_s, store
from reprise.bootstrap.drives import command_runner
from reprise.bootstrap.station import IMAGE_VERSION

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from reprise.domain.checks import CheckId
    from reprise.tool_ports.checks import FunctionCheck


def function_checks(args: argparse.Namespace) -> Mapping[CheckId, FunctionCheck]:
    """All but the screen's, which only a person's eyes make."""
    from reprise.adapters.checks.battery import BatteryCheck
    from reprise.adapters.checks.camera import CameraCheck
    from reprise.adapters.checks.clock_battery import ClockBatteryCheck
    from reprise.adapters.checks.ethernet import EthernetCheck
    from reprise.adapters.checks.keyboard import KeyboardCheck
    from reprise.adapters.checks.memory import MemoryCheck
    from reprise.adapters.checks.pointer import PointerCheck
    from reprise.adapters.checks.processor import ProcessorCheck
    from reprise.adapters.checks.sound import MicrophoneCheck, SoundCheck
    from reprise.adapters.checks.usb_ports import UsbCheck
    from reprise.adapters.checks.wifi import WifiCheck
    from reprise.adapters.hardware.udev import udev_properties
    from reprise.domain.checks import CheckId

    runner = command_runner()
    where = store(args)
    return {
        CheckId.MEMORY: MemoryCheck(),
        CheckId.PROCESSOR: ProcessorCheck(),
        CheckId.BATTERY: BatteryCheck(),
        CheckId.CLOCK: ClockBatteryCheck(clock(), lambda: newest_moment_s(where, IMAGE_VERSION)),
        CheckId.ETHERNET: EthernetCheck(udev_properties),
        CheckId.WIFI: WifiCheck(runner, udev_properties),
        CheckId.CAMERA: CameraCheck(),
        CheckId.KEYBOARD: KeyboardCheck(),
        CheckId.POINTER: PointerCheck(),
        CheckId.USB: UsbCheck(),
        CheckId.SOUND: SoundCheck(runner),
        CheckId.MICROPHONE: MicrophoneCheck(runner),
    }
