"""Before the first byte of a system the drive is asked who it is, as before it is erased; and once
more before anything is claimed or taken back. In a dock another may stand under the same name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from disks.image_kit import MIB, make_disk
from disks.played_ata import SERIAL
from disks.test_install import failure, finished
from disks.test_install_kinds import shelved
from disks.test_own_word import KINDS, RULES, STRANGER, Attached, asked, attached
from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.install.installer import ImageInstaller
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.drives.capabilities import OwnWord
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import ImageKind, InstallCheck, InstallFailure
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.report.events import Update
from reprise.ports import InstallRequest

SIZE = 12 * MIB


@dataclass
class Installed:
    """A whole-drive image onto the drive at `node`, which said `own` when it was chosen."""

    folder: Path
    node: str
    transport: Transport
    asks: object
    own: OwnWord

    def events(self, stop: threading.Event | None = None) -> Iterator[Update]:
        images = self.folder / "images"
        images.mkdir()
        shelf = shelved(make_disk(images / "disk.img", SIZE), ImageKind.RAW, SIZE)
        probe = Attached(self.transport)
        made = ImageInstaller(
            [shelf],
            SystemCommandRunner(),
            probe,
            RULES,
            mount_at=self.folder / "target",
            asks=self.asks,  # type: ignore[arg-type]
        )
        options = InstallOptions("own", "pc", "u", "first word 1")
        request = InstallRequest(probe.probe_drive(self.node), options, own=self.own)
        return made.run(request, stop or threading.Event())


class Silent:
    def __call__(self, _device: object, _drive: Drive, by: str = "") -> OwnWord:
        return OwnWord()


@KINDS
def test_the_drive_that_was_chosen_gets_the_system(tmp_path: Path, kind: str) -> None:
    with attached(tmp_path, kind) as (node, _file, transport, asks, _swap):
        own = asked(node, transport, asks)
        events = list(Installed(tmp_path, node, transport, asks, own).events())
        assert finished(events).detail == InstallCheck.WHOLE_AS_IT_IS


@KINDS
@pytest.mark.parametrize("knew", [True, False])
def test_another_drive_under_the_same_name_keeps_what_it_holds(
    tmp_path: Path, kind: str, knew: bool
) -> None:
    """Whether it told who it is when it was chosen, or only tells now."""
    with attached(tmp_path, kind) as (node, file, transport, asks, swap):
        own = asked(node, transport, asks) if knew else OwnWord()
        swap(STRANGER)
        before = file.read_bytes()
        events = list(Installed(tmp_path, node, transport, asks, own).events())
        assert finished(events).detail == (
            f"{InstallFailure.ANOTHER_DRIVE}: serial: {SERIAL} -> {STRANGER}"
        )
        assert file.read_bytes() == before


def test_another_drive_in_a_dock_keeps_what_it_holds(tmp_path: Path) -> None:
    """The dock has a serial number of its own, and so has the node."""
    with attached(tmp_path, "sata") as (node, file, _transport, asks, swap):
        swap("INSIDE1")
        own = asked(node, Transport.USB, asks)
        swap("INSIDE2")
        before = file.read_bytes()
        events = list(Installed(tmp_path, node, Transport.USB, asks, own).events())
        assert failure(events) is InstallFailure.ANOTHER_DRIVE
        assert file.read_bytes() == before


@KINDS
def test_a_drive_that_does_not_say_any_more_who_it_is_gets_nothing(
    tmp_path: Path, kind: str
) -> None:
    with attached(tmp_path, kind) as (node, file, transport, asks, _swap):
        own = asked(node, transport, asks)
        before = file.read_bytes()
        events = list(Installed(tmp_path, node, transport, Silent(), own).events())
        assert failure(events) is InstallFailure.SILENT_DRIVE
        assert file.read_bytes() == before


@contextmanager
def at_work(tmp_path: Path, stop: threading.Event) -> Iterator[tuple[Iterator[Update], Path, Path]]:
    """What follows the first byte that is written; the file of the drive, and one whose presence
    exchanges it."""
    with attached(tmp_path, "sata") as (node, file, transport, asks, _swap):
        own, mark = asked(node, transport, asks), tmp_path / "exchanged"

        class Exchanged(OwnWords):
            def __call__(self, device: object, drive: Drive, by: str = "") -> OwnWord:
                return OwnWord("ata", STRANGER) if mark.exists() else own

        events = Installed(tmp_path, node, transport, Exchanged(), own).events(stop)
        for event in events:
            if isinstance(event, Progress) and event.done_bytes > SIZE + MIB:
                break
        yield events, file, mark


def test_one_that_was_exchanged_meanwhile_is_not_called_installed(tmp_path: Path) -> None:
    with at_work(tmp_path, threading.Event()) as (events, _file, mark):
        mark.touch()
        assert failure(list(events)) is InstallFailure.ANOTHER_DRIVE


def test_what_stands_in_its_place_is_not_wiped_when_the_work_ends_early(tmp_path: Path) -> None:
    stop = threading.Event()
    with at_work(tmp_path, stop) as (events, file, mark):
        stop.set()
        mark.touch()
        assert failure(list(events)) is InstallFailure.ANOTHER_DRIVE
        assert any(file.read_bytes()[:MIB])
