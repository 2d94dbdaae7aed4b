"""What the installer of images asks and tells before it writes. A system wants memory that is built
into the PC, not what its kernel counts of it."""

from __future__ import annotations

import errno
import tomllib
from pathlib import Path
from threading import Event

import pytest

from reprise.adapters.hardware.probe import SystemProbe
from reprise.adapters.install import installer
from reprise.adapters.install.catalogue import write_catalogue
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.install.images import Catalogue, InstallFailure
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.policy import Policy
from reprise.ports import InstallRequest
from station_kit.machines import laptop
from station_kit.places import TOP
from station_kit.ports import FakeProbe
from unit.adapters.install.made_image import made_image
from unit.domain.drives.drives import drive

GIB = 1 << 30
OURS = tomllib.loads((TOP / "config/images.toml").read_text())["image"]


def _own(name: str) -> int:
    return next(int(one["min_memory_bytes"]) for one in OURS if one["name"] == name)


@pytest.mark.parametrize(
    ("wished", "counted_kib", "enough"),
    [
        (2 * GIB, 1_990_000, True),  # 2 GiB, graphics of their own memory
        (2 * GIB, 1_500_000, True),  # 2 GiB, 512 MiB of it for the graphics
        (2 * GIB, 1_400_000, False),  # 1.5 GiB
        (4 * GIB, 3_890_000, True),
        (4 * GIB, 2_900_000, False),  # 3 GiB
        (_own("debian-desktop"), 1_470_000, True),
        (_own("debian-desktop"), 1_020_000, False),
        (_own("debian-minimal"), 360_000, True),  # 384 MiB
        (_own("debian-minimal"), 240_000, False),  # 256 MiB
    ],
)
def test_a_pc_has_what_is_built_in(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wished: int,
    counted_kib: int,
    enough: bool,
) -> None:
    (tmp_path / "own.squashfs").write_bytes(b"x")
    image = made_image(name="own", file="own.squashfs", min_memory_bytes=wished)
    write_catalogue(tmp_path, Catalogue((image,)))
    (tmp_path / "meminfo").write_text(f"MemTotal:       {counted_kib} kB\n")
    monkeypatch.setattr(installer, "_MEMINFO", tmp_path / "meminfo")
    runner = SystemCommandRunner()
    found = installer.ImageInstaller([tmp_path], runner, SystemProbe(runner), Policy())
    assert found.fits("own", drive()) == (None if enough else InstallFailure.MEMORY_TOO_SMALL)


def test_what_it_tells_names_the_drive_as_the_session_does(tmp_path: Path) -> None:
    (tmp_path / "own.squashfs").write_bytes(b"x")
    write_catalogue(tmp_path, Catalogue((made_image(name="own", file="own.squashfs"),)))
    probe = FakeProbe(laptop())  # it was pulled: neither there nor under another name
    made = installer.ImageInstaller([tmp_path], SystemCommandRunner(), probe, Policy())
    options = InstallOptions("own", "pc", "u", "first word 1")
    for word, told in (("before it grew", "before it grew"), ("", drive().identity.key)):
        events = made.run(InstallRequest(drive(), options, key=word), Event())
        began = next(iter(events))
        assert isinstance(began, InstallStarted)
        assert (began.drive, began.node) == (told, drive().node)


def test_what_cannot_be_looked_at_is_told_and_no_end_of_the_program(tmp_path: Path) -> None:
    class Failing(FakeProbe):
        def probe_drive(self, node: str) -> Drive:
            raise OSError(errno.EIO, node)

    (tmp_path / "own.squashfs").write_bytes(b"x")
    write_catalogue(tmp_path, Catalogue((made_image(name="own", file="own.squashfs"),)))
    made = installer.ImageInstaller(
        [tmp_path], SystemCommandRunner(), Failing(laptop()), Policy(), mount_at=tmp_path / "target"
    )
    options = InstallOptions("own", "pc", "u", "first word 1")
    last = list(made.run(InstallRequest(drive(), options), Event()))[-1]
    assert isinstance(last, InstallFinished) and not last.ok
