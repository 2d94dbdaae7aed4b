"""What makes a PC start is written last, and by other programs than the files of the system: it is
read back from the drive as they are. A drive may take a write, and not keep it."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from disks.image_kit import MIB, make_disk
from disks.rig import Liar, LoopProbe, lying_device, tool
from disks.test_install import failure, finished, install
from disks.test_install_kinds import shelved
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.install.boot import EfiFiles
from reprise.adapters.install.contents import Contents
from reprise.adapters.install.installer import ImageInstaller
from reprise.adapters.install.layout import Layout
from reprise.adapters.install.read_back import boot_area
from reprise.adapters.install.steps import InstallProblem, ToolRunner
from reprise.adapters.install.target import Target
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.drives.capabilities import OwnWord
from reprise.domain.install.images import ImageKind, InstallFailure
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.policy import Policy
from reprise.ports import CommandResult, InstallRequest

IMAGE, SIZE = 12 * MIB, 24 * MIB


class Forgetting(SystemCommandRunner):
    """From the command with this word on, the drive keeps nothing of these bytes."""

    def __init__(self, liar: Liar, word: str, *spans: tuple[int, int]) -> None:
        super().__init__()
        self._liar, self._word, self._spans = liar, word, spans

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        if self._word in argv:
            self._liar.set(drop=self._spans)
        return super().run(argv, timeout_s, stdin)


@pytest.mark.parametrize("forgets", [False, True])
def test_a_partition_table_that_was_made_to_fit_stands_on_the_drive(
    liar_folder: Path, forgets: bool
) -> None:
    (liar_folder / "images").mkdir()
    images = shelved(make_disk(liar_folder / "images/disk.img", IMAGE), ImageKind.RAW, IMAGE)
    with lying_device(liar_folder, SIZE) as liar:
        spans = [(SIZE - MIB, SIZE)] if forgets else []
        runner = Forgetting(liar, "--relocate", *spans)
        mount_at = liar_folder / "target"
        made = ImageInstaller(
            [images], runner, LoopProbe(), Policy(), named=True, mount_at=mount_at
        )
        options = InstallOptions("own", "pc", "u", "first word 1")
        request = InstallRequest(LoopProbe().probe_drive(liar.node), options)
        events = install(made, request, threading.Event())
        if forgets:
            assert failure(events) is InstallFailure.NOT_AS_WRITTEN
        else:
            assert finished(events).ok, events


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (OwnWord(), InstallFailure.NOT_AS_WRITTEN),  # it falls silent: nobody is to trust it
        (OwnWord("ata", "ANOTHER1"), InstallFailure.ANOTHER_DRIVE),  # that one was read back
        (None, InstallFailure.DRIVE_GONE),  # nothing was read back
    ],
)
def test_what_is_read_back_is_the_fault_of_a_drive_that_is_still_the_same(
    liar_folder: Path, monkeypatch: pytest.MonkeyPatch, then: OwnWord | None, told: InstallFailure
) -> None:
    (liar_folder / "images").mkdir()
    images = shelved(make_disk(liar_folder / "images/disk.img", IMAGE), ImageKind.RAW, IMAGE)
    with lying_device(liar_folder, SIZE) as liar:
        who = LoopProbe().probe_drive(liar.node)
        own = OwnWord("ata", str(who.identity.serial))

        def asks(device: BlockFile, drive: Drive, by: str = "") -> OwnWord:
            return (then or own) if liar.values.get("drop") else own

        def is_there(device: BlockFile) -> bool:
            return then is not None or not liar.values.get("drop")

        monkeypatch.setattr(BlockFile, "is_there", is_there)
        runner = Forgetting(liar, "--relocate", (SIZE - MIB, SIZE))
        at = liar_folder / "target"
        made = ImageInstaller(
            [images], runner, LoopProbe(), Policy(), named=True, mount_at=at, asks=asks
        )
        options = InstallOptions("own", "pc", "u", "first word 1")
        events = install(made, InstallRequest(who, options, own=own), threading.Event())
        assert failure(events) is told, events[-1]


@pytest.mark.parametrize(
    ("left", "told"), [(True, InstallFailure.DRIVE_GONE), (False, InstallFailure.DRIVE_ERROR)]
)
def test_what_fails_because_the_drive_left_is_no_fault_of_it(
    liar_folder: Path, monkeypatch: pytest.MonkeyPatch, left: bool, told: InstallFailure
) -> None:
    """Pulled under the first bytes: what was under way fails with an error of the medium."""
    (liar_folder / "images").mkdir()
    images = shelved(make_disk(liar_folder / "images/disk.img", IMAGE), ImageKind.RAW, IMAGE)
    failed, write, there = [], BlockFile.write_from, BlockFile.is_there

    def write_from(self: BlockFile, offset: int, buffer: memoryview) -> None:
        try:
            write(self, offset, buffer)
        except OSError:
            failed.append(offset)
            raise

    def is_there(self: BlockFile) -> bool:
        return there(self) and not (failed and left)

    monkeypatch.setattr(BlockFile, "write_from", write_from)
    monkeypatch.setattr(BlockFile, "is_there", is_there)
    with lying_device(liar_folder, SIZE, write_error=[(2 * MIB, 3 * MIB)]) as liar:
        at = liar_folder / "target"
        made = ImageInstaller(
            [images], SystemCommandRunner(), LoopProbe(), Policy(), named=True, mount_at=at
        )
        options = InstallOptions("own", "pc", "u", "first word 1")
        request = InstallRequest(LoopProbe().probe_drive(liar.node), options)
        assert failure(install(made, request, threading.Event())) is told
    assert failed == [2 * MIB]


SHIM = "usr/lib/shim/shimx64.efi.signed"
FILES = {
    name: name.encode() * 20_000
    for name in (
        SHIM,
        "usr/lib/shim/mmx64.efi.signed",
        "usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed",
    )
}


class Inside:
    """What EfiFiles asks of a Target."""

    def __init__(self, node: str) -> None:
        self.layout = Layout(node, "", node, "", "ABCD-1234", "a-root")

    def inside(self, argv: Sequence[str]) -> CommandResult:
        return CommandResult(tuple(argv), 0, FILES[argv[1].removeprefix("/")], b"", 0.0)


@pytest.mark.parametrize("forgets", [False, True])
def test_what_firmware_starts_is_compared_with_what_the_system_has(
    liar_folder: Path, forgets: bool
) -> None:
    with lying_device(liar_folder, 64 * MIB) as liar:
        tool("mkfs.vfat", "-F", "32", liar.node)
        target = cast("Target", Inside(liar.node))
        efi = EfiFiles(target, Contents(set(FILES), 0, "ID=debian"))
        tools = ToolRunner(SystemCommandRunner(), threading.Event())
        if forgets:  # behind the two tables of 64 MiB in clusters of one sector
            liar.set(drop=[(4 * MIB, 64 * MIB)])
        efi.write(tools)
        tool("fsck.vfat", "-n", liar.node)  # is content with it
        if not forgets:
            efi.check(tools)
            return
        with pytest.raises(InstallProblem) as problem:
            efi.check(tools)
        assert problem.value.detail.startswith(f"{InstallFailure.NOT_AS_WRITTEN}: /EFI/")


@pytest.mark.parametrize("at", [0, 1 * MIB, SIZE - 512])
def test_boot_code_and_tables_are_compared_with_what_was_written(
    liar_folder: Path, at: int
) -> None:
    with lying_device(liar_folder, SIZE) as liar:
        for forgets in (False, True):
            liar.set(drop=[(at, at + 512)] if forgets else [])
            with Path(liar.node).open("r+b") as device:
                device.seek(at)
                device.write(b"boot code" if forgets else b"what was there")
                device.flush()
                area = boot_area(liar.node)
                device.seek(SIZE - MIB)  # a file system goes on up to the table's second copy
                device.write(os.urandom(4096))
            if not forgets:
                area.check()
                continue
            with pytest.raises(InstallProblem) as problem:
                area.check()
            assert problem.value.detail.startswith(InstallFailure.NOT_AS_WRITTEN)
