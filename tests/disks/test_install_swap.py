"""The drive is swapped for another one right after the last look, for real: on loop devices."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

from disks.rig import tool
from disks.test_install import drive, fake_images, request_for
from reprise.adapters.hardware.probe import SystemProbe
from reprise.adapters.install.installer import ImageInstaller
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.policy import Policy


class SwappingProbe(SystemProbe):
    victim: Path

    def probe_drive(self, node: str) -> Drive:
        seen = super().probe_drive(node)
        tool("losetup", "--detach", node)
        # refused where the name is still pinned
        subprocess.run(["losetup", node, str(self.victim)], check=False, capture_output=True)
        return seen


def test_a_drive_swapped_after_the_last_look_is_not_written(tmp_path: Path) -> None:
    victim = tmp_path / "victim.img"
    with victim.open("wb") as file:
        file.write(b"somebody else's data")
        file.truncate(3 << 30)
    runner = SystemCommandRunner()
    probe = SwappingProbe(runner)
    probe.victim = victim
    images = fake_images(tmp_path / "images")
    with drive(tmp_path / "drive.img") as node:
        request = request_for(node)
        installer = ImageInstaller(
            [images], runner, probe, Policy(), named=True, mount_at=tmp_path / "target"
        )
        list(installer.run(request, threading.Event()))
    with victim.open("rb") as file:
        assert file.read(20) == b"somebody else's data"
