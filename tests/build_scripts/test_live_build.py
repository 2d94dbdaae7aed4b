"""Cheap checks of the image's sources; the image itself is booted by tests/vm."""

from __future__ import annotations

import gzip
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from build_scripts.source_tree import source_tree
from reprise.tui.drawing.glyphs import ALLOWED
from station_kit.places import TOP

LIVE = TOP / "live-build"
STATION = LIVE / "station"
ROOT = STATION / "includes.chroot"
_TOOLS_BUT_DEBOOTSTRAP = (
    "sh cat cut dirname find id sha256sum sort xargs apt-get chroot git lb flock setsid"
)


def _tracked(*paths: str) -> list[Path]:
    found = [p for name in paths for p in sorted((TOP / name).rglob("*")) if p.is_file()]
    assert found
    return [p for p in found if "__pycache__" not in p.parts]


def _shell_scripts() -> list[Path]:
    return [p for p in _tracked("live-build", "hooks") if p.read_bytes().startswith(b"#!/bin/sh")]


@pytest.mark.parametrize("script", _shell_scripts(), ids=lambda p: str(p.relative_to(TOP)))
def test_shell_scripts_parse(script: Path) -> None:
    done = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("hook", sorted((TOP / "hooks").iterdir()), ids=lambda p: p.name)
def test_hooks_are_numbered_run_and_stop_at_the_first_error(hook: Path) -> None:
    assert re.fullmatch(r"\d{4}-[a-z-]+\.hook\.(chroot|binary)", hook.name)
    assert os.access(hook, os.X_OK)
    assert "set -e" in hook.read_text()


def test_no_mirror_address_is_written_down() -> None:
    for path in _tracked("live-build", "hooks", "config"):
        hosts = re.findall(r"https?://([\w.-]+)", path.read_text(errors="replace"))
        mirrors = [h for h in hosts if re.search(r"debian|mirror|pypi|ubuntu", h)]
        assert not mirrors, f"{path.relative_to(TOP)} names {mirrors}"


def _build(
    top: Path, *argv: str, path: str | None = None, user: int | None = None
) -> tuple[int, str]:
    done = subprocess.run(
        ["/bin/sh", top / "live-build/build.sh", *argv],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": path or os.environ["PATH"]},
        cwd=top,  # ours may be a folder that `user` cannot enter
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    return done.returncode, done.stderr


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def test_build_refuses_without_root(tmp_path: Path) -> None:
    top = source_tree(tmp_path / "top")
    if os.geteuid() == 0:  # nobody must be able to read the copy
        subprocess.run(["chmod", "-R", "o+rX", top], check=True)
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(folder.stat().st_mode | 0o005)
    code, said = _build(top, user=65534 if os.geteuid() == 0 else None)
    assert code == 2
    assert said.strip() == "image: building the image needs root (chroot, mounts): run it as root"
    assert not (top / "build").exists()


@needs_root
def test_build_names_the_missing_tool(tmp_path: Path) -> None:
    top = source_tree(tmp_path / "top")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in _TOOLS_BUT_DEBOOTSTRAP.split():
        (tools / name).symlink_to(shutil.which(name) or "/bin/true")
    code, said = _build(top, path=str(tools))
    assert code == 2
    assert said.strip() == "image: debootstrap is missing: run 'make deps' as root"


def test_build_refuses_an_unknown_option(tmp_path: Path) -> None:
    code, said = _build(source_tree(tmp_path / "top"), "--fast")
    assert (code, said.strip()) == (2, "image: unknown option --fast (only --force)")


def test_an_unchanged_image_is_not_built_again(tmp_path: Path) -> None:
    top = source_tree(tmp_path / "top")
    (top / "build/lightos").mkdir(parents=True)
    iso = top / "build/reprise.iso"
    iso.write_bytes(b"image")
    digest = re.search(
        r"inputs_digest\(\) \{\n.*?\n\}\n", (top / "live-build/build.sh").read_text(), re.S
    )
    assert digest
    names = f"top={top}\nlightos={top}/build/lightos\nimages=debian-minimal\n"
    script = f"set -eu\nLC_ALL=C\n{names}{digest[0]}inputs_digest"
    inputs = subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, text=True, check=True
    ).stdout.strip()
    Path(f"{iso}.inputs").write_text(inputs + "\n")
    assert _build(top) == (0, "image: up to date: build/reprise.iso\n")

    (top / "config/station.toml").open("a").write("\n# changed\n")
    code, said = _build(top, path="/nonexistent:/usr/bin:/bin:/usr/sbin:/sbin")
    assert code == 2, said
    assert "up to date" not in said


def test_the_start_menu_leads_with_french_and_offers_english_and_safe_graphics() -> None:
    menu = (STATION / "bootloaders/grub-pc/grub.cfg").read_text()
    assert re.search(r"^set timeout=[1-5]$", menu, re.M)
    entries = dict(re.findall(r'menuentry "([^"]+)".*?\{\n.*?\s+linux ([^\n]*)', menu, re.S))
    first, *_others = entries
    assert "locale.LANG" not in entries[first]
    assert "nomodeset" not in entries[first]
    assert any("reprise.lang=en" in words for words in entries.values())
    assert any("nomodeset" in words for words in entries.values())


def test_no_drive_of_the_pc_is_used_by_the_start() -> None:
    words = re.search(r'APPEND="(.*?)"', (LIVE / "auto/config").read_text(), re.S)
    assert words
    for word in (
        "nopersistence",
        "noresume",
        "raid=noautodetect",
        "systemd.gpt_auto=0",
        "systemd.swap=0",
    ):
        assert word in words[1].split()
    packages = (STATION / "package-lists/station.list.chroot").read_text().split()
    assert not {"mdadm", "lvm2", "dmraid", "udisks2", "multipath-tools", "live-config"} & set(
        packages
    )


def test_the_network_s_initramfs_and_server_are_not_in_the_image() -> None:
    hook = (TOP / "hooks/0950-netboot-initramfs.hook.chroot").read_text()
    made = re.search(r"-o /(\S+)", hook)
    assert made
    assert made[1] in (STATION / "rootfs/excludes").read_text().split()
    assert f"chroot/{made[1]}" in (LIVE / "build.sh").read_text()
    packages = (STATION / "package-lists/station.list.chroot").read_text().split()
    assert not [name for name in packages if name.startswith(("dnsmasq", "ipxe"))]


def test_only_our_medium_is_mounted_while_looking_for_it(tmp_path: Path) -> None:
    """The initramfs's search, run with stand-ins for its commands: a donor's ext4 drive and a stick
    of another build stay untouched."""
    script = (ROOT / "usr/lib/live/boot/9991-reprise.sh").read_text()
    mounted = tmp_path / "mounted"
    mounted.touch()
    (tmp_path / "id").write_text("this build\n")
    for node, image in (("sdb1", "another build\n"), ("sdc1", "this build\n")):
        for part in ("live", "reprise"):
            (tmp_path / node / part).mkdir(parents=True)
        (tmp_path / node / "live/filesystem.squashfs").touch()
        (tmp_path / node / "reprise/image-id").write_text(image)
    stand_ins = f"""
mountpoint={tmp_path}/medium
reprise_candidates() {{ echo /dev/sdb1:iso9660; echo /dev/sdc1:vfat; }}
mount() {{
    for last; do :; done
    shift 4
    echo "$1" >>{mounted}
    cp -R {tmp_path}/"${{1#/dev/}}"/. "$last"
}}
umount() {{ rm -rf "$1"; mkdir "$1"; }}
udevadm() {{ echo ID_SERIAL_SHORT=S123; }}
find_livefs 0
"""
    script = script.replace("/conf/reprise-image-id", f"{tmp_path}/id")
    script = script.replace("/run/reprise", f"{tmp_path}/run")
    script = script.replace("/dev/console", f"{tmp_path}/console")
    done = subprocess.run(
        ["/bin/sh", "-c", script + stand_ins], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == f"{tmp_path}/medium", done.stderr
    assert mounted.read_text().split() == ["/dev/sdb1", "/dev/sdc1"]
    assert (tmp_path / "run/medium").read_text().splitlines() == [
        "node=/dev/sdc1",
        "ID_SERIAL_SHORT=S123",
    ]
    assert (tmp_path / "run/toram").read_text() == "no\n"


UNITS = ROOT / "usr/lib/systemd/system"


def test_a_medium_that_took_reports_is_left_clean_when_the_pc_goes_off() -> None:
    """As the last thing: systemd-shutdown(8) runs what is there and executable."""
    program = ROOT / "usr/lib/systemd/system-shutdown/reprise-medium"
    assert os.access(program, os.X_OK)
    assert "mount -o remount,ro /run/live/medium" in program.read_text()


def _unit(name: str) -> dict[str, str]:
    """key -> its last value; sections do not matter here."""
    lines = (UNITS / f"reprise-{name}.service").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_the_screen_comes_first_and_the_engine_is_the_last_to_be_killed() -> None:
    station, engine = _unit("station"), _unit("engine")
    assert station["ExecStart"] == "/usr/lib/reprise/station console"
    assert engine["ExecStart"] == "/usr/bin/reprise station engine"
    # the engine starts once the first picture stands, and neither needs the other
    assert station["Type"] == "notify"
    assert engine["After"] == "reprise-station.service"
    for unit in (station, engine):
        assert not {"Requires", "BindsTo", "PartOf"} & set(unit)
        assert unit["Restart"] == "always"
    assert station["CPUSchedulingPolicy"] == "rr"
    assert "CPUSchedulingPolicy" not in engine
    assert int(engine["Nice"]) > 0
    assert int(engine["OOMScoreAdjust"]) < int(station["OOMScoreAdjust"])


def test_every_unit_is_enabled_and_none_starts_where_the_lab_tries_its_drives() -> None:
    names = {path.stem for path in UNITS.glob("reprise-*.service")}
    enabled = (TOP / "hooks/0400-quiet.hook.chroot").read_text().partition("systemctl enable")[2]
    assert names == set(re.findall(r"(reprise-\w+)\.service", enabled))
    assert "systemd.unit=sysinit.target" in (TOP / "tests/vm/lab.py").read_text()
    for name in names:
        assert _unit(name.removeprefix("reprise-"))["WantedBy"] == "multi-user.target", name


def _console_font() -> ModuleType:
    spec = importlib.util.spec_from_file_location("console_font", LIVE / "console_font.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["console_font"] = module
    spec.loader.exec_module(module)
    return module


def test_the_console_font_gets_block_elements_and_keeps_french() -> None:
    source = Path("/usr/share/consolefonts/Uni2-Terminus16.psf.gz")
    if not source.exists():
        pytest.skip("console-setup-linux is not installed here")
    module = _console_font()
    before = module.read_font(gzip.decompress(source.read_bytes()))
    french = {
        ord(c): before.glyphs[i]
        for i, cs in enumerate(before.codes)
        for c in "éèêàçœ€«»"
        if ord(c) in cs
    }
    after = module.read_font(module.write_font(module.complete(before)))
    slots = {code: after.glyphs[i] for i, codes in enumerate(after.codes) for code in codes}
    assert len(after.glyphs) == 512
    assert set(range(0x2580, 0x25A0)) <= set(slots)
    assert slots[0x2584] == b"\x00" * 8 + b"\xff" * 8
    assert slots[0x258C] == b"\xf0" * 16
    assert all(slots[code] == glyph for code, glyph in french.items())
    assert len(french) == 9


@pytest.mark.parametrize("height", [16, 20, 24, 28, 32])
def test_letters_of_every_size_have_all_glyphs_of_the_screens(height: int) -> None:
    hook = (TOP / "hooks/0500-console.hook.chroot").read_text()
    made = dict(re.findall(r"^complete (\S+) reprise(\d+)$", hook, re.M))
    (name,) = (name for name, size in made.items() if int(size) == height)
    source = Path(f"/usr/share/consolefonts/{name}.psf.gz")
    if not source.exists():
        pytest.skip("console-setup-linux is not installed here")
    module = _console_font()
    font = module.complete(module.read_font(gzip.decompress(source.read_bytes())))
    assert (font.width, font.height) == (height // 2, height)
    assert len(font.glyphs) == 512
    assert {ord(character) for character in ALLOWED} <= set().union(*font.codes)
