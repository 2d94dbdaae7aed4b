"""The same commit and the same packages, built twice, give the same bytes. A target of its own,
`make test-reproducible`: it takes as long as two images."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reproducible.differences import isos

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / "build"
_SHOWN = 40


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _built() -> str:
    subprocess.run([TOP / "live-build/build.sh", "--force"], check=True)
    return _digest(BUILD / "reprise.iso")


@pytest.mark.skipif(os.geteuid() != 0, reason="an image is built as root")
def test_two_builds_in_a_row_are_the_same_bytes() -> None:
    first = _built()
    kept = BUILD / "first-build.iso"
    shutil.copyfile(BUILD / "reprise.iso", kept)
    try:
        if _built() != first:
            found = list(isos(kept, BUILD / "reprise.iso"))
            told = "\n".join(found[:_SHOWN]) or "the same files, laid out otherwise"
            raise AssertionError(f"{len(found)} files differ:\n{told}")
    finally:
        kept.unlink()
