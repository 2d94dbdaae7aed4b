"""Sticks that `reprise stick write` made, looked at from outside with sfdisk, blkid, fsck.vfat and
mcopy; and sticks that fail."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from disks.rig import MIB, filled_file, loop_device, lying_device, tool
from disks.stick_command import (
    SETTINGS,
    SIZE,
    Stick,
    argv,
    first_sector,
    partition,
    partition_table,
    told,
    write,
)
from disks.stick_image import looped
from reprise.adapters.signing.jws import generate_signer
from reprise.domain.station.stick import needed_bytes


def test_the_image_is_on_it_and_nothing_of_before(used: Stick) -> None:
    partition(used.node, "gpt")  # with its copy at the end
    assert b"EFI PART" in used.file.read_bytes()[-MIB:]
    done = used.write()
    assert done.returncode == 0, done.stderr
    assert "written and verified" in done.stdout
    assert used.iso.with_name("reprise.iso.sha256").read_text()[:64] in done.stdout
    assert "its data partition when it first starts" in done.stdout
    assert "writing, 100 %" in done.stderr
    assert "reading back, 100 %" in done.stderr
    data, wanted = used.file.read_bytes(), used.iso.read_bytes()
    assert data[: len(wanted)] == wanted
    assert data[-MIB:] == bytes(MIB)
    probed = tool("wipefs", "--noheadings", "--output", "TYPE", used.node).split()
    assert sorted(probed) == ["dos", "iso9660"]
    assert partition_table(used.node) == partition_table(str(used.iso))


def test_settings_lie_on_its_data_partition(used: Stick, tmp_path: Path) -> None:
    folder = tmp_path / "enrolled"
    folder.mkdir()
    key = generate_signer()
    ours = {
        "reprise.toml": SETTINGS + b'ca_file = "ca.pem"\n',
        "station.key.pem": key.private_pem(),
        "station.pub.pem": key.public_pem(),
    }
    for name, data in ours.items():
        (folder / name).write_bytes(data)
    ours["ca.pem"] = b"-----BEGIN CERTIFICATE-----\n"
    (tmp_path / "ca.pem").write_bytes(ours["ca.pem"])
    done = used.write("--settings", str(folder), "--settings", str(tmp_path / "ca.pem"))
    assert done.returncode == 0, done.stderr
    assert "Settings on it: reprise.toml, station.key.pem, station.pub.pem, ca.pem." in done.stdout
    assert used.image_is_on_it()
    part = f"{used.node}p3"
    found = tool("blkid", "-p", "-o", "export", part).splitlines()
    assert {"LABEL=REPRISE", "TYPE=vfat", "VERSION=FAT32", "PART_ENTRY_TYPE=0xc"} <= set(found)
    subprocess.run(["fsck.vfat", "-n", part], check=True, capture_output=True)
    # from the file alone, as another PC would: nothing is left in this kernel's page cache
    start = next(int(line.split("=")[1].split(",")[0]) for line in partition_table(part[:-2])[2:])
    offset = f"{used.file}@@{start * 512}"
    for name, data in ours.items():
        argv = ["mcopy", "-i", offset, f"::/{name}", "-"]
        assert subprocess.run(argv, check=True, capture_output=True).stdout == data
    listed = subprocess.run(["mdir", "-b", "-i", offset, "::"], check=True, capture_output=True)
    assert len(listed.stdout.split()) == len(ours)


def test_an_old_reprise_stick_is_written_again_and_said_to_be_one(
    used: Stick, tmp_path: Path
) -> None:
    (tmp_path / "reprise.toml").write_bytes(SETTINGS)
    assert used.write("--settings", str(tmp_path / "reprise.toml")).returncode == 0
    again = used.write()
    assert again.returncode == 0, again.stderr
    assert "It is a Reprise stick" in again.stderr
    assert used.file.read_bytes()[: used.iso.stat().st_size] == used.iso.read_bytes()
    assert not Path(f"{used.node}p3").exists()


def test_just_large_enough(iso: Path, tmp_path: Path) -> None:
    (tmp_path / "reprise.toml").write_bytes(SETTINGS)
    needed = needed_bytes(iso.stat().st_size)
    with looped(filled_file(tmp_path / "disk", needed)) as node:
        one = Stick(tmp_path / "disk", node, iso)
        done = one.write("--settings", str(tmp_path / "reprise.toml"))
        assert done.returncode == 0, done.stderr
        assert one.image_is_on_it()
    with looped(filled_file(tmp_path / "less", needed - 512)) as node:
        assert "too small" in Stick(tmp_path / "less", node, iso).refused()


def test_where_the_new_table_is_not_seen_the_settings_are_said_to_be_missing(
    iso: Path, tmp_path: Path
) -> None:
    (tmp_path / "reprise.toml").write_bytes(SETTINGS)
    file = filled_file(tmp_path / "disk", SIZE)
    with loop_device(file) as node:  # no --partscan: this device cannot have partitions
        one = Stick(file, node, iso)
        done = one.write("--settings", str(tmp_path / "reprise.toml"))
        assert done.returncode == 4, done.stderr
        assert "the settings are not on it" in told(done)
        assert done.stdout == ""
        assert one.image_is_on_it()


def test_it_speaks_french(used: Stick) -> None:
    words = (str(used.iso), "--device", used.node, "--confirm", str(used.file))
    done = write(*words, lang="fr")
    assert done.returncode == 0
    assert "écrite et vérifiée" in done.stdout
    assert "Tout ce qu’elle contient sera perdu" in done.stderr


# sticks that fail


def test_a_stick_that_forgets_a_write(iso: Path, liar_folder: Path) -> None:
    lost = 9 * MIB + 4096
    with lying_device(liar_folder, SIZE, drop=[[lost, lost + 512]]) as liar:
        serial = str(liar_folder / "liar/disk")
        done = write(str(iso), "--device", liar.node, "--confirm", serial)
        head = first_sector(liar.node)
    assert done.returncode == 4, done.stderr
    assert f"from byte {lost:,} on" in told(done)
    assert "Discard this stick" in told(done)
    assert head[510:] == bytes(2)  # it starts no PC


# the head over the image's last part, the end of the stick inside the image, all over each other
@pytest.mark.parametrize("real", [16 * MIB, 29 * MIB, 9 * MIB])
def test_a_stick_of_a_fake_size(iso: Path, liar_folder: Path, real: int) -> None:
    with lying_device(liar_folder, SIZE, wrap=real) as liar:
        serial = str(liar_folder / "liar/disk")
        done = write(str(iso), "--device", liar.node, "--confirm", serial)
    assert done.returncode == 4, done.stderr
    assert "Discard this stick" in told(done)


@pytest.mark.parametrize("kind", ["write_error", "read_error"])
def test_a_stick_with_a_bad_sector(iso: Path, liar_folder: Path, kind: str) -> None:
    bad = {kind: [[12 * MIB, 12 * MIB + 512]]}
    with lying_device(liar_folder, SIZE, **bad) as liar:
        serial = str(liar_folder / "liar/disk")
        done = write(str(iso), "--device", liar.node, "--confirm", serial)
    assert done.returncode == 4, done.stderr
    assert "not a usable stick" in told(done)


def test_ctrl_c_while_it_is_written(iso: Path, liar_folder: Path) -> None:
    with lying_device(liar_folder, SIZE, delay_s=0.05) as liar:
        serial = str(liar_folder / "liar/disk")
        process = subprocess.Popen(
            argv(str(iso), "--device", liar.node, "--confirm", serial),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert any(line.startswith("writing, ") for line in process.stderr)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        rest = process.communicate(timeout=60)[1]
        assert process.returncode == 130, rest
        assert "not a usable stick now" in rest
        assert time.monotonic() - began < 20
        liar.set(delay_s=0)
        assert first_sector(liar.node)[510:] == bytes(2)
