"""Cheap checks of the light systems' sources; the systems themselves are installed by tests/disks
and tests/desktop."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from station_kit.places import TOP

LIVE = TOP / "live-build"


def _catalogue(*argv: object) -> tuple[int, str, str]:
    script = LIVE / "lightos/catalogue.py"
    done = subprocess.run(
        [sys.executable, script, *map(str, argv)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_the_catalogue_holds_every_system_that_was_built_and_the_stick_what_it_carries(
    tmp_path: Path,
) -> None:
    config, built = TOP / "config/images.toml", tmp_path / "images.toml"
    facts = ("13.1-20261125", "ab" * 32, 1000, 3000)
    for name in ("debian-desktop", "debian-minimal", "debian-desktop"):
        code, text, said = _catalogue("add", config, built, name, *facts)
        assert code == 0, said
        built.write_text(text)
    images = {one["name"]: one for one in tomllib.loads(built.read_text())["image"]}
    assert list(images) == ["debian-minimal", "debian-desktop"]
    assert images["debian-desktop"]["sha256"] == "ab" * 32
    assert images["debian-desktop"]["title"]["fr"].startswith("Debian")

    code, text, said = _catalogue("select", built, "debian-desktop")
    assert code == 0, said
    assert [one["name"] for one in tomllib.loads(text)["image"]] == ["debian-desktop"]

    assert _catalogue("select", built, "windows")[0] == 1
    code, _text, said = _catalogue("add", config, built, "windows", *facts)
    assert code == 1
    assert "has no image named windows" in said


def test_every_system_of_the_catalogue_can_be_built() -> None:
    images = tomllib.loads((TOP / "config/images.toml").read_text())["image"]
    for image in images:
        folder = LIVE / "lightos" / image["name"]
        assert os.access(folder / "customize.sh", os.X_OK)
        assert image["file"] == f"{image['name']}.squashfs"
        shared = (LIVE / "lightos/shared/packages.txt").read_text().splitlines()
        own = (folder / "packages.txt").read_text().splitlines()
        twice = [line for line in own if line in shared and not line.startswith("#")]
        assert twice == []


def test_the_light_os_build_refuses_a_system_that_nobody_described() -> None:
    done = subprocess.run(
        ["bash", LIVE / "lightos/build.sh", "windows"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "lightos: there is no system named windows in live-build/lightos\n"


def test_the_desktop_has_no_server_to_log_into_and_the_stations_wifi_firmware() -> None:
    desktop = (LIVE / "lightos/debian-desktop/packages.txt").read_text().splitlines()
    assert "openssh-server" not in desktop
    station = (LIVE / "station/package-lists/station.list.chroot").read_text().splitlines()
    firmware = {name for name in station if re.match(r"firmware-|(amd64|intel)-microcode", name)}
    servers = {"firmware-bnx2x", "firmware-qlogic"}  # cards of machine rooms
    assert firmware - servers <= set(desktop)


def test_a_laptops_owner_sees_its_battery() -> None:
    """The power manager's own icon, and the panel's place for it."""
    desktop = LIVE / "lightos/debian-desktop"
    channels = desktop / "includes/usr/share/reprise-desktop/xdg/xfce4/xfconf/xfce-perchannel-xml"
    power = (channels / "xfce4-power-manager.xml").read_text()
    assert '<property name="show-tray-icon" type="bool" value="true"/>' in power
    panel = (channels / "xfce4-panel.xml").read_text()
    tray = re.search(r'name="plugin-(\d+)" type="string" value="systray"', panel)
    assert tray
    assert f'<value type="int" value="{tray[1]}"/>' in panel
