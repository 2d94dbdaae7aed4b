"""A screen reader has a name for everything that the keyboard reaches, in the language shown."""

import json
import subprocess
from pathlib import Path

import pytest

from first_start import scratch, stage

WHY = stage.missing()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "-")


def test_everything_has_a_name(tmp_path: Path) -> None:
    named = Path(__file__).with_name("named.py")
    done = subprocess.run(
        ["xvfb-run", "--auto-servernum", scratch.PYTHON, named, tmp_path],
        env={"PATH": f"{named.parent}:/usr/bin:/bin", "PYTHONPATH": str(scratch.APP),
             "LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1", "HOME": str(tmp_path),
             "WIFI_SAYS": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pages = json.loads(done.stdout.splitlines()[-1])
    assert list(pages) == ["start", "keyboard", "wifi", "place", "name", "password", "summary",
                           "work", "done"]  # fmt: skip
    nameless = [(page, one) for page, found in pages.items() for one, name in found if not name]
    assert nameless == []
    assert ["Entry", "Votre nom, ou celui de votre association"] in pages["name"]
    assert ["ListBox", "Lieu, pour avoir la bonne heure"] in pages["place"]
    assert len(pages["password"]) == 4
