"""A screen reader has a name for everything that the keyboard reaches, in the language shown."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from first_start import scratch, stage

WHY = stage.missing()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "-")


PAGES = ["start", "keyboard", "wifi", "place", "name", "password", "summary", "work", "done"]


def _said(script: str, folder: Path) -> Any:
    """What a script beside this file finds on a screen, where Orca is there."""
    path = Path(__file__).with_name(script)
    orca = folder / "bin/orca"
    orca.parent.mkdir()
    orca.touch(0o755)
    done = subprocess.run(
        ["xvfb-run", "--auto-servernum", scratch.PYTHON, path, folder],
        env={"PATH": f"{orca.parent}:{path.parent}:/usr/bin:/bin", "PYTHONPATH": str(scratch.APP),
             "LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1", "HOME": str(folder),
             "WIFI_SAYS": str(folder)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_letter_of_a_page_does_one_thing(tmp_path: Path) -> None:
    """Alt with a letter that two have would only go from one to the other."""
    found = _said("letters.py", tmp_path)
    assert list(found) == ["fr", "en"]
    for language, pages in found.items():
        assert list(pages) == PAGES
        twice = {page: sorted(one for one in set(letters) if letters.count(one) > 1)
                 for page, letters in pages.items()}  # fmt: skip
        assert not any(twice.values()), (language, twice)
        assert all("c" in pages[page] for page in PAGES[:6]) and len(pages["start"]) == 7


def test_everything_has_a_name(tmp_path: Path) -> None:
    pages = _said("named.py", tmp_path)
    assert list(pages) == PAGES
    nameless = [(page, one) for page, found in pages.items() for one, name in found if not name]
    assert nameless == []
    assert ["Entry", "Votre nom, ou celui de votre association"] in pages["name"]
    assert ["ListBox", "Lieu, pour avoir la bonne heure"] in pages["place"]
    assert len(pages["password"]) == 4
