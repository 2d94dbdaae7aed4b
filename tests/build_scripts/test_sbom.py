"""The image's bill of materials: what is installed, with its licences, the same bytes each time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from station_kit.places import TOP

SBOM = TOP / "live-build" / "sbom.py"
STATUS = """\
Package: hdparm
Status: install ok installed
Architecture: amd64
Version: 9.65+ds-1.1
Description: tune hard disk parameters
 for high performance

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: plain
Status: install ok installed
Architecture: all
Version: 1:2~rc1

Package: libstdc++6
Status: install ok installed
Architecture: amd64
Version: 14.2.0-19
"""
MACHINE_READABLE = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
License: hdparm

Files: a.c
License: GPL-2+

License: GPL-2+
 Some text.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "var/lib/dpkg/status": STATUS,
        "usr/share/doc/hdparm/copyright": MACHINE_READABLE,
        "usr/share/doc/plain/copyright": "It was written by somebody.",
        "usr/lib/reprise/site/zed_1-2.0.dist-info/METADATA": "Name: Zed_1\nVersion: 2.0\n"
        "License-Expression: MIT-0\n\nLicense: not this one\n",
        "usr/lib/reprise/site/old-1.dist-info/METADATA": "Name: old\nVersion: 1\n"
        "Classifier: License :: OSI Approved :: BSD License\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def made(root: Path, *words: str) -> str:
    argv = [sys.executable, str(SBOM), str(root), *(words or ("station", "1+abc"))]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def test_installed_packages_and_their_licences(root: Path) -> None:
    parts = json.loads(made(root))["components"]
    told = {one["purl"]: [each["license"]["name"] for each in one["licenses"]] for one in parts}
    assert told == {
        "pkg:deb/debian/hdparm@9.65%2Bds-1.1?arch=amd64": ["GPL-2+", "hdparm"],
        "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64": [],
        "pkg:deb/debian/plain@1%3A2~rc1?arch=all": ["see /usr/share/doc/plain/copyright"],
        "pkg:pypi/old@1": ["BSD License"],
        "pkg:pypi/zed-1@2.0": ["MIT-0"],
    }


def test_it_is_a_cyclonedx_document(root: Path) -> None:
    whole = json.loads(made(root))
    assert (whole["bomFormat"], whole["specVersion"], whole["version"]) == ("CycloneDX", "1.6", 1)
    assert whole["serialNumber"].startswith("urn:uuid:")
    refs = [one["bom-ref"] for one in whole["components"]]
    assert len(set(refs)) == len(refs)
    assert whole["metadata"]["component"]["version"] == "1+abc"


def test_the_same_root_gives_the_same_bytes_and_another_one_others(root: Path) -> None:
    first = made(root)
    assert made(root) == first
    assert json.loads(made(root, "station", "2"))["serialNumber"] not in first
    status = root / "var/lib/dpkg/status"
    status.write_text(status.read_text().replace("9.65", "9.66"))
    assert json.loads(made(root))["serialNumber"] not in first


def test_a_folder_without_packages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        made(tmp_path)
