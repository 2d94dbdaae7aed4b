"""The image's own script that measures what the station was started from."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from station_kit.places import TOP

MEASURE = TOP / "live-build/station/includes.chroot/usr/lib/reprise/measure"


def test_the_result_is_the_digest_alone(tmp_path: Path) -> None:
    image, result = tmp_path / "an image", tmp_path / "run" / "image-sha256"
    image.write_bytes(b"squashfs" * 1000)
    subprocess.run([MEASURE, image, result], check=True)
    assert result.read_text() == hashlib.sha256(image.read_bytes()).hexdigest() + "\n"


def test_an_unreadable_image_leaves_no_result(tmp_path: Path) -> None:
    result = tmp_path / "image-sha256"
    done = subprocess.run([MEASURE, tmp_path / "none", result], capture_output=True, check=False)
    assert done.returncode != 0
    assert not result.exists()
