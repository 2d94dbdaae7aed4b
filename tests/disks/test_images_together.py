"""Two people (or two terminals) who change one folder of systems at the same time."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from disks.image_kit import make_disk
from reprise.__main__ import main
from reprise.adapters.install.adding import add_image
from reprise.adapters.install.catalogue import read_catalogue, write_catalogue
from reprise.adapters.install.examine import Examined
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import Catalogue, ImageKind, OsImage
from reprise.errors import InputError, RefusedError
from unit.adapters.install.made_image import made_image

WORDS = ("--min-memory", "1Gi", "--licence", "DFSG")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    return make_disk(tmp_path / "disk.raw", 8 << 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "os").mkdir()
    return tmp_path / "os"


def _add(disk: Path, folder: Path, name: str, *more: str) -> int:
    return main(["images", "add", str(disk), "--name", name, "--to", str(folder), *WORDS, *more])


def _names(folder: Path) -> list[str]:
    return [image.name for image in read_catalogue(folder).image]


def _half_way(disk: Path, folder: Path, name: str) -> Generator[Progress, None, OsImage]:
    """An `add` that has begun to copy."""
    size = disk.stat().st_size
    wished = made_image(name=name, file="", kind=ImageKind.RAW)
    examined = Examined(disk, ImageKind.RAW, ".img", size, size)
    adding = add_image(wished, examined, folder, threading.Event(), again=False)
    next(adding)
    assert (folder / f"{name}.part").exists()
    return adding


def test_what_others_entered_and_removed_meanwhile_stays_so(disk: Path, folder: Path) -> None:
    assert _add(disk, folder, "kept") == 0
    assert _add(disk, folder, "gone") == 0
    slow = _half_way(disk, folder, "slow")
    assert _add(disk, folder, "quick") == 0
    assert main(["images", "remove", "gone", "--folder", str(folder)]) == 0
    for _tick in slow:
        pass
    assert _names(folder) == ["kept", "quick", "slow"]
    assert main(["images", "check", "--folder", str(folder)]) == 0


def test_two_of_one_name_do_not_write_over_each_other(disk: Path, folder: Path) -> None:
    slow = _half_way(disk, folder, "own")
    with pytest.raises(RefusedError, match="own"):
        _half_way(disk, folder, "own")
    for _tick in slow:
        pass
    assert _names(folder) == ["own"]
    assert main(["images", "check", "--folder", str(folder)]) == 0


def test_a_name_that_was_taken_meanwhile_is_not_taken_away(disk: Path, folder: Path) -> None:
    slow = _half_way(disk, folder, "own")
    other = made_image(name="own", file="other.img", kind=ImageKind.RAW)
    write_catalogue(folder, Catalogue((other,)))
    with pytest.raises(InputError, match="own"):
        for _tick in slow:
            pass
    assert read_catalogue(folder).image == (other,)
    assert [path.name for path in folder.iterdir()] == ["images.toml"]


def test_a_change_waits_for_the_one_under_way(disk: Path, folder: Path) -> None:
    for name in ("one", "two"):
        assert _add(disk, folder, name) == 0
    argv = [sys.executable, "-m", "reprise", "images", "remove", "one", "--folder", str(folder)]
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(2)
            images = read_catalogue(folder).image
            assert [image.name for image in images] == ["one", "two"]
            write_catalogue(folder, Catalogue(images[:1]))  # the other one takes “two” away
            os.close(handle)
            assert process.wait(60) == 0
    finally:
        if process.poll() is None:
            process.kill()
    assert _names(folder) == []
