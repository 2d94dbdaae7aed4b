"""Lab tests run as root on a kernel that has the emulation's modules, when asked to:
`REPRISE_LAB=1` stands in the guest that tests/vm/lab.py boots. Elsewhere they say why not."""

from __future__ import annotations

import os
import subprocess
import zlib
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
MODULES = ("target_core_user", "tcm_loop", "nvme-tcp")


@cache
def why_not() -> str:
    """Why no emulated drive can be made here; "" where one can."""
    if os.environ.get("REPRISE_LAB") != "1":
        return "runs in a guest on the image's kernel: tests/vm/lab.py"
    if os.geteuid() != 0:
        return "emulated drives need root"
    for module in MODULES:
        argv = ["modprobe", "--quiet", module]
        if subprocess.run(argv, check=False, capture_output=True).returncode:
            return f"this kernel has no {module}"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in Path(str(item.path)).parents:
            item.add_marker(pytest.mark.lab)
            if why_not():
                item.add_marker(pytest.mark.skip(reason=why_not()))


@pytest.fixture
def serial(request: pytest.FixtureRequest) -> str:
    """A serial number that no other test's drive has."""
    return f"LAB{zlib.crc32(request.node.nodeid.encode()):010d}"
