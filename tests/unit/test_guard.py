"""What holds the other unit tests: see station_kit.guard."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from station_kit.guard import ForbiddenError


def test_a_unit_test_starts_no_process() -> None:
    with pytest.raises(ForbiddenError):
        subprocess.run(["true"], check=True)
    with pytest.raises(ForbiddenError):
        os.system("true")  # noqa: S605
    with pytest.raises(ForbiddenError):
        os.posix_spawn("/bin/true", ["true"], {})


@pytest.mark.processes
def test_one_that_says_so_does() -> None:
    subprocess.run(["true"], check=True)


@pytest.mark.parametrize("name", ["sda", "nvme0n1", "loop0", "disk/by-id/x", "../dev/sr0"])
def test_no_unit_test_opens_a_device(name: str) -> None:
    with pytest.raises(ForbiddenError):
        os.open(f"/dev/{name}", os.O_RDONLY)
    with pytest.raises(ForbiddenError):
        Path(f"/dev/{name}").read_bytes()


def test_what_every_program_opens_may_be_opened() -> None:
    assert Path("/dev/null").read_bytes() == b""
