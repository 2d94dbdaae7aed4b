"""What the lab, and the station, stand on: the image's kernel modules and tools."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import reprise

MODULES = (
    "target_core_user", "tcm_loop", "uio", "nvme-tcp", "scsi_debug", "dm-mod", "dm-flakey", "loop",
    "null_blk",
)  # fmt: skip
TOOLS = (
    "nvme", "hdparm", "smartctl", "sg_sanitize", "sg_requests", "sg_raw", "sg_inq", "sg_vpd", "mmc",
    "dmsetup", "blockdev", "blkdiscard", "lsblk", "udevadm", "rtcwake",
)  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_the_kernel_has(module: str) -> None:
    done = subprocess.run(["modprobe", "-n", module], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["target_core_user", "tcm_loop", "nvme-tcp"])
def test_the_module_is_loaded(module: str) -> None:
    loaded = {line.split()[0] for line in Path("/proc/modules").read_text().splitlines()}
    assert module.replace("-", "_") in loaded


@pytest.mark.parametrize("tool", TOOLS)
def test_the_image_has(tool: str) -> None:
    assert shutil.which(tool)


def test_the_code_under_test_is_the_checkouts() -> None:
    """The package that the image carries must not hide the one that is being worked on."""
    assert Path(reprise.__file__).is_relative_to("/lab/app")
