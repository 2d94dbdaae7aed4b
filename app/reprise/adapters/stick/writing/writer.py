"""One new stick: claimed and looked at once more, written and read back, then its settings.

The claim on the whole device is kept to the end, so that no desktop mounts a partition of the
stick while it is being made.
"""

from __future__ import annotations

import errno
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reprise import wording
from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.surface.opening import NotOpenedError, open_judged
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.adapters.stick.disk import read_disk
from reprise.adapters.stick.partition import make_data_partition
from reprise.adapters.stick.writing.copy import ImageCopy, MismatchError
from reprise.adapters.stick.writing.files import put_files
from reprise.adapters.stick.writing.image import ImageDigests, IsoContents, StickImage, open_image
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Refusal
from reprise.domain.planning.safety import stick_refusals_at_write
from reprise.domain.report.events import Observation
from reprise.errors import DeviceError, InputError, RefusedError, StoppedError, ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner, DriveProbe, StopFlag
from reprise.system_words import os_reason

_REREAD_WAIT_S = 10.0  # udev may just look into a partition of the old table


@dataclass(frozen=True, slots=True)
class StickOrder:
    """What was confirmed. `files`: name on the data partition -> contents; empty: the station
    makes the data partition at its first start."""

    drive: Drive
    image: StickImage
    digests: ImageDigests
    files: Mapping[str, bytes]


def write_stick(
    order: StickOrder, probe: DriveProbe, runner: CommandRunner, stop: StopFlag
) -> Iterator[Progress]:
    """Raises RefusedError with nothing written, InputError where the ISO changes, StoppedError,
    DeviceError; each says what the stick is now."""
    node = order.drive.node
    with open_image(order.image) as file, _told(node), _claimed(order, probe) as device:
        contents = IsoContents(order.image, file, order.digests)
        yield from ImageCopy(device, contents, stop).run()
        taken = _take_table(device)
        if order.files:
            _put_settings(order, runner, taken=taken)


@contextmanager
def _claimed(order: StickOrder, probe: DriveProbe) -> Iterator[BlockFile]:
    def judge(seen: Drive) -> tuple[Refusal, ...]:
        return stick_refusals_at_write(order.drive, seen)

    with open_judged(order.drive, probe, judge) as device:
        yield device


@contextmanager
def _told(node: str) -> Iterator[None]:
    """Whatever a stick does, as an error that says what it is now and who must act."""
    try:
        yield
    except NotOpenedError as error:
        raise _not_opened(node, error) from error
    except Stopped as error:
        raise StoppedError(
            _("stopped: {node} is not a usable stick now.").format(node=node), _again()
        ) from error
    except MismatchError as error:
        raise DeviceError(
            _("{node} does not give back what was written, from byte {offset} on.").format(
                node=node, offset=wording.number(error.offset)
            ),
            _("Discard this stick: it loses data."),
        ) from error
    except InputError as error:
        raise InputError(
            error.what, _("{node} is not a usable stick now: write it again.").format(node=node)
        ) from error
    except DriveGoneError as error:
        raise DeviceError(
            _("{node} was unplugged: it is not a usable stick now.").format(node=node), _again()
        ) from error
    except OSError as error:
        raise DeviceError(
            _("{node} failed: {reason}. It is not a usable stick now.").format(
                node=node, reason=os_reason(error)
            ),
            _("Try another USB port, then another stick."),
        ) from error


def _again() -> str:
    return _("Write it again.")


def _not_opened(node: str, error: NotOpenedError) -> RefusedError:
    if error.refusals:
        words = wording.series(wording.refusals(error.refusals))
    elif error.detail.get("errno") == "EBUSY":
        words = _("another program is using it")
    else:
        words = wording.observation(Observation(node, error.kind, error.detail))
    return RefusedError(
        _("{node} is not touched: {reasons}.").format(node=node, reasons=words),
        _("Nothing was written. Start again."),
    )


def _take_table(device: BlockFile) -> bool:
    """Whether the kernel took the new partition table in place of the old one."""
    until = time.monotonic() + _REREAD_WAIT_S
    while True:
        try:
            device.reread_partitions()
        except OSError as error:
            device.check_there(error)
            if error.errno != errno.EBUSY or time.monotonic() > until:
                return False
        else:
            return True
        time.sleep(0.2)


def _put_settings(order: StickOrder, runner: CommandRunner, *, taken: bool) -> None:
    node = order.drive.node
    disk = read_disk(Path(node).name) if taken else None
    if disk is None:
        raise _no_settings(node, _("the system does not see the stick's new partitions"))
    with tempfile.TemporaryDirectory(prefix="reprise-stick-") as scratch:
        made = make_data_partition(disk, runner, Path(scratch))
    if made.reason:
        raise _no_settings(node, wording.join((wording.word(made.reason), made.detail)))
    try:
        put_files(made.node, order.files, runner)
    except (DeviceError, ToolError, OSError) as error:
        raise _no_settings(node, str(error)) from error


def _no_settings(node: str, reason: str) -> DeviceError:
    return DeviceError(
        _(
            "The image is on {node} and was read back, but the settings are not on it: {reason}."
        ).format(node=node, reason=reason.rstrip(".")),
        _("Unplug it, plug it in and write it again, or use another stick."),
    )
