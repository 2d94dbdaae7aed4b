"""These tests need root and loop devices; without them they are skipped, with the reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from disks import erase_command, rig
from disks.erase_command import Bench
from disks.rig import filled_file, loop_device
from disks.stick_command import SIZE, Ask, Stick, argv
from disks.stick_image import looped, make_iso
from reprise.domain.erasure.pattern import Stream
from station_kit.building import BUILT, wait_for
from station_kit.processes import Terminal, on_a_terminal


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    reason = ""
    if os.geteuid() != 0:
        reason = "needs root"
    elif not Path("/dev/loop-control").exists():
        reason = "needs loop devices"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.disks)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def liar_folder(tmp_path: Path) -> Path:
    if not Path("/dev/fuse").exists():
        pytest.skip("needs FUSE (/dev/fuse) for a device that lies")
    return tmp_path


@pytest.fixture(params=[Stream.AES_256_CTR, Stream.CHACHA20])
def both_streams(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Stream:
    """The test runs on each of the streams."""
    kind = Stream(request.param)
    monkeypatch.setattr(rig, "STREAM", kind)
    return kind


@pytest.fixture(scope="session")
def light_system(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--being-built"):
        wait_for("lightos")
    if not (BUILT / "images.toml").exists():
        pytest.skip("no light OS to install: run `make lightos` first")


@pytest.fixture(scope="session")
def iso(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_iso(tmp_path_factory.mktemp("iso"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    file = filled_file(tmp_path / "disk", erase_command.SIZE)
    with loop_device(file) as node:
        yield Bench(file, node, tmp_path / "data", tmp_path / "reports")


@pytest.fixture
def used(iso: Path, tmp_path: Path) -> Iterator[Stick]:
    file = filled_file(tmp_path / "disk", SIZE)
    with looped(file) as node:
        yield Stick(file, node, iso)


@pytest.fixture
def ask(used: Stick) -> Iterator[Ask]:
    """Starts the command; whatever becomes of the test, it ends before its stick goes."""
    with ExitStack() as stack:

        def start(*words: str) -> Terminal:
            return stack.enter_context(on_a_terminal(argv(*words)))

        yield start
