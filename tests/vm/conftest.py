"""The image under test, and folders whose pictures stay for people to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_kit.building import wait_for
from vm.media import ISO, NETBOOT, console_font
from vm.screen import Font
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


@pytest.fixture(scope="session")
def netboot(iso: Path) -> Path:
    """What “make netboot” made of that image."""
    if not (NETBOOT / "SHA256SUMS").exists():
        pytest.skip("no build/netboot: make netboot")
    return NETBOOT


@pytest.fixture(scope="session")
def font(iso: Path, tmp_path_factory: pytest.TempPathFactory) -> Font:
    return console_font(iso, tmp_path_factory.mktemp("font"))


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
