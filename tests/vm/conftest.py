"""The image under test, and folders whose pictures stay for people to look at."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_kit.building import wait_for
from vm.media import ISO, NETBOOT, console_fonts
from vm.screen import Fonts
from vm.server import Server, serving

KEEP = ("*.png", "*.log", "*.pdf", "*.jws", "*.json", "*.jsonl", "*.xml")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/vm/" in str(item.path):
            item.add_marker(pytest.mark.vm)


@pytest.fixture(scope="session")
def iso(pytestconfig: pytest.Config) -> Path:
    if pytestconfig.getoption("--being-built"):
        wait_for("image")
    if shutil.which("qemu-system-x86_64") is None:
        pytest.skip("qemu-system-x86_64 is missing: make deps")
    if os.geteuid() != 0:
        pytest.skip("the image is built and inspected as root")
    if not ISO.exists():
        pytest.skip("no build/reprise.iso: make image")
    return ISO


@pytest.fixture(scope="module", autouse=True)
def _guest(iso: Path) -> Iterator[None]:
    """Emulated guests are slow enough: as many files at once as there are processors, whatever
    the number of pytest's processes (`make test`). A process that dies leaves its turn."""
    turns = ISO.parent / "turns"
    turns.mkdir(exist_ok=True)
    while True:
        for number in range(os.cpu_count() or 1):
            with (turns / str(number)).open("w") as turn:
                try:
                    fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        time.sleep(1)


@pytest.fixture(scope="session")
def netboot(iso: Path) -> Path:
    """What “make netboot” made of that image."""
    if not (NETBOOT / "SHA256SUMS").exists():
        pytest.skip("no build/netboot: make netboot")
    return NETBOOT


@pytest.fixture(scope="session")
def fonts(iso: Path, tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    return console_fonts(iso, tmp_path_factory.mktemp("font"))


@pytest.fixture(scope="module")
def bench(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder for one test module: big images go, pictures and logs stay."""
    folder = ISO.parent / "vm" / Path(str(request.node.path)).stem.removeprefix("test_")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    for path in folder.rglob("*"):
        if path.is_file() and not any(path.match(pattern) for pattern in KEEP):
            path.unlink()


@pytest.fixture(scope="module")
def server(bench: Path) -> Iterator[Server]:
    with serving(bench / "server") as running:
        yield running
