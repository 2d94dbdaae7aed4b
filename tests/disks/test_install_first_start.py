"""A system that asks for its names when it starts for the first time: no user, no password of the
technician's; what was done to the PC is left for the person who receives it."""

from __future__ import annotations

import json
from pathlib import Path

from disks.test_install import (
    drive,
    install,
    installer_for,
    needs_image,
    request_for,
    root_of,
)
from reprise.domain.install.events import InstallFinished
from reprise.domain.install.handover import Handover
from station_kit.building import BUILT

NAME = 'name = "debian-minimal"\n'
TOLD = Handover(
    organisation="Ressourcerie d’Exemple",
    installed_on="2026-11-25",
    report_id="3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11",
    certificate_url="https://reprise.example/reports/3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11",
    maker="Dell",
    model="Latitude E6400",
    serial="ABC123",
)


def _asking_image(folder: Path) -> Path:
    """The light OS, in a catalogue that says it asks."""
    folder.mkdir()
    (folder / "debian-minimal.squashfs").symlink_to(BUILT / "debian-minimal.squashfs")
    catalogue = (BUILT / "images.toml").read_text()
    asks = catalogue.replace(NAME, NAME + "first_start = true\n")
    (folder / "images.toml").write_text(asks)
    return folder


@needs_image
def test_the_first_start_is_prepared_and_no_account_is_open(tmp_path: Path) -> None:
    images = _asking_image(tmp_path / "images")
    with drive(tmp_path / "drive.img") as node:
        events = install(installer_for(images, tmp_path), request_for(node, handover=TOLD))
        assert isinstance(events[-1], InstallFinished)
        assert events[-1].ok, events[-1].detail
        with root_of(node, tmp_path / "look") as root:
            left = root / "var/lib/reprise/first-start.json"
            assert left.stat().st_mode & 0o777 == 0o600
            facts = json.loads(left.read_text("utf-8"))
            shadow = (root / "etc/shadow").read_text().splitlines()
            homes = list((root / "home").iterdir())
    assert facts["organisation"] == TOLD.organisation
    assert facts["certificate_url"] == TOLD.certificate_url
    assert facts["computer"] == {"vendor": "Dell", "model": "Latitude E6400", "serial": "ABC123"}
    assert (facts["language"], facts["keyboard"], facts["timezone"]) == ("fr", "fr", "Europe/Paris")
    assert facts["image"]["name"] == "debian-minimal"
    assert [line for line in shadow if line.split(":")[1][:1] not in ("!", "*")] == []
    assert homes == []
