"""The function checks of this PC. They run beside the screen and need no session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner
from reprise.bootstrap.past import newest_moment_s
from reprise.bootstrap.station import IMAGE_VERSION
from reprise.bootstrap.storage import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reprise.adapters.storage.store import MirroredStore
    from reprise.domain.checks.catalogue import CheckId
    from reprise.ports.sheets.checks import FunctionCheck


def function_checks(where: MirroredStore) -> Mapping[CheckId, FunctionCheck]:
    from reprise.adapters.checks.checked_pc import CheckedPc, open_checks
    from reprise.adapters.hardware.udev import udev_properties

    return open_checks(
        CheckedPc(
            runner=command_runner(),
            udev=udev_properties,
            clock=clock(),
            newest_s=lambda: newest_moment_s(where, IMAGE_VERSION),
        )
    )
