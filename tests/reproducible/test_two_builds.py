"""The same commit and the same packages, built twice, give the same bytes. A target of its own,
`make test-reproducible`: it takes as long as two images."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from reproducible.differences import isos, systems
from station_kit.places import TOP

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="an image is built as root")

BUILD = TOP / "build"
_SHOWN = 40


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _same(script: str, made: Path, differences: Callable[[Path, Path], Iterable[str]]) -> None:
    build = [str(TOP / script), "--force"]
    first = made.with_suffix(".first")
    subprocess.run(build, check=True)
    shutil.copyfile(made, first)
    try:
        subprocess.run(build, check=True)
        if _digest(first) != _digest(made):
            found = list(differences(first, made))
            told = "\n".join(found[:_SHOWN]) or "the same files, laid out otherwise"
            raise AssertionError(f"{len(found)} files differ:\n{told}")
    finally:
        first.unlink()


def test_two_light_systems_are_the_same_bytes() -> None:
    _same("live-build/lightos/build.sh", BUILD / "lightos/debian-minimal.squashfs", systems)


def test_two_images_are_the_same_bytes() -> None:
    _same("live-build/build.sh", BUILD / "reprise.iso", isos)
