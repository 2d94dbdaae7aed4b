"""What `reprise stick write` refuses, and that nothing was written then."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from disks.rig import MIB, filled_file, loop_device, mounted, tool
from disks.stick_command import (
    QUESTION,
    SIZE,
    Ask,
    Stick,
    copy_of,
    first_sector,
    partition,
    told,
    write,
)
from disks.stick_image import looped, make_iso
from station_kit.processes import Terminal

# refused for safety


def test_a_wrong_serial(used: Stick) -> None:
    done = write(str(used.iso), "--device", used.node, "--confirm", f"{used.file}x")
    assert done.returncode == 3
    assert str(used.file) in told(done)
    assert used.untouched()


def test_a_partition_is_no_drive(used: Stick) -> None:
    """As in `reprise erase`: what was named cannot be used, rather than must not."""
    partition(used.node, "dos")
    done = write(str(used.iso), "--device", f"{used.node}p1", "--confirm", str(used.file))
    assert done.returncode == 2, done.stderr
    assert "is a partition of" in told(done)
    assert used.untouched()


def test_mounted(used: Stick, tmp_path: Path) -> None:
    tool("mkfs.ext4", "-q", "-F", used.node, "64M")
    with mounted(used.node, tmp_path / "mnt") as where:
        reason = used.refused()
    assert str(where) in reason
    assert "Unmount it" in reason


def test_used_as_swap(used: Stick) -> None:
    tool("mkswap", used.node, str(32 * 1024))
    on = subprocess.run(["swapon", used.node], check=False, capture_output=True, text=True)
    if on.returncode != 0:
        pytest.skip(f"no swap here: {on.stderr.strip()}")
    try:
        assert "swapoff" in used.refused()
    finally:
        tool("swapoff", used.node)


def test_held_by_another_device(used: Stick) -> None:
    with loop_device(Path(used.node)) as above:
        assert Path(above).name in used.refused()


def test_claimed_by_another_program(used: Stick) -> None:
    handle = os.open(used.node, os.O_RDONLY | os.O_EXCL)
    try:
        assert "another program is using it" in used.refused()
    finally:
        os.close(handle)


def test_read_only(iso: Path, tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", SIZE)
    with looped(file, read_only=True) as node:
        reason = Stick(file, node, iso).refused()
    assert "read-only" in reason
    assert "write-protect switch" in reason


def test_sectors_of_another_size(iso: Path, tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", SIZE)
    with loop_device(file, "--sector-size", "4096") as node:
        assert "512 bytes" in Stick(file, node, iso).refused()


# bad input


def test_no_device_there(iso: Path, tmp_path: Path) -> None:
    done = write(str(iso), "--device", "/dev/nonexistent", "--confirm", "x")
    assert (done.returncode, "/dev/nonexistent" in told(done)) == (2, True)
    file = filled_file(tmp_path / "plain", MIB)
    done = write(str(iso), "--device", str(file), "--confirm", str(file))
    assert done.returncode == 2
    assert b"SECRET" in file.read_bytes()


def test_an_iso_that_is_missing(used: Stick, tmp_path: Path) -> None:
    used.iso = tmp_path / "none.iso"
    assert "none.iso" in used.refused(code=2)


def test_an_iso_of_somebody_else(used: Stick, tmp_path: Path) -> None:
    used.iso = make_iso(tmp_path, payload_mib=1, label="DEBIAN")
    assert "not a Reprise image" in used.refused(code=2)
    used.iso.write_bytes(b"short")
    assert "not a Reprise image" in used.refused(code=2)


@pytest.mark.parametrize("missing", [1, 512, 4 * MIB])
def test_an_iso_that_is_cut_off(used: Stick, tmp_path: Path, missing: int) -> None:
    used.iso = copy_of(used.iso, tmp_path, digest=False)
    os.truncate(used.iso, used.iso.stat().st_size - missing)
    assert "cut off" in used.refused(code=2)


def test_an_iso_with_one_other_bit(used: Stick, tmp_path: Path) -> None:
    used.iso = copy_of(used.iso, tmp_path, digest=True)
    data = bytearray(used.iso.read_bytes())
    data[10 * MIB] ^= 1
    used.iso.write_bytes(data)
    assert "damaged" in used.refused(code=2)


def test_a_digest_file_about_something_else(used: Stick, tmp_path: Path) -> None:
    used.iso = copy_of(used.iso, tmp_path, digest=False)
    used.iso.with_name("reprise.iso.sha256").write_text(f"{'0' * 64}  other.iso\n")
    assert "holds no SHA-256" in used.refused(code=2)


def test_without_a_digest_file_it_is_said(used: Stick, tmp_path: Path) -> None:
    used.iso = copy_of(used.iso, tmp_path, digest=False)
    done = used.write()
    assert done.returncode == 0, done.stderr
    assert "No .sha256 lies beside the image" in done.stdout


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("reprise.toml", b"[sever]\n", "reprise.toml, line 1"),
        ("reprise.toml", b'[server]\nca_file = "ca.pem"\n', "ca.pem"),
        ("policy.toml", b"", "policy.toml"),
        ("station.key.pem", b"no key", "station.key.pem"),
        ("station.pub.pem", b"no key", "station.key.pem"),
    ],
)
def test_settings_that_no_station_would_take(
    used: Stick, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert words in used.refused("--settings", str(tmp_path / name), code=2)


def test_settings_that_are_missing(used: Stick, tmp_path: Path) -> None:
    assert "gone.toml" in used.refused("--settings", str(tmp_path / "gone.toml"), code=2)


# a person at the terminal


def test_the_serial_is_asked_for(used: Stick, ask: Ask) -> None:
    tool("mkfs.ext4", "-q", "-F", "-L", "PHOTOS", used.node, "64M")
    talk = ask(str(used.iso), "--device", used.node)
    talk.see(QUESTION)
    assert used.untouched()
    for words in (
        used.node,
        str(used.file),
        "Linux partition",
        "PHOTOS",
        "Everything on it will be lost",
    ):
        assert words in talk.text
    talk.press(f"{used.file}\n".encode())
    assert talk.end() == 0, talk.text
    assert "written and verified" in talk.text
    assert used.image_is_on_it()


@pytest.mark.parametrize("typed", ["", "yes", "disk"])
def test_another_answer_writes_nothing(used: Stick, ask: Ask, typed: str) -> None:
    talk = ask(str(used.iso), "--device", used.node)
    talk.see(QUESTION)
    talk.press(f"{typed}\n".encode())
    assert talk.end() == 3, talk.text
    assert used.untouched()


def _interrupt(talk: Terminal) -> None:
    """Python hears no signal between the question and its own reading of the answer: a person
    presses again."""
    for _press in range(10):
        talk.process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            talk.process.wait(5)
            return


def test_ctrl_c_at_the_question(used: Stick, ask: Ask) -> None:
    talk = ask(str(used.iso), "--device", used.node)
    talk.see(QUESTION)
    _interrupt(talk)
    assert talk.end() == 130, talk.text
    assert used.untouched()


def test_nobody_is_there_to_be_asked(used: Stick) -> None:
    done = write(str(used.iso), "--device", used.node)
    assert done.returncode == 2
    assert "--confirm" in told(done)
    assert used.untouched()


def test_another_size_meanwhile(used: Stick, ask: Ask) -> None:
    """As a reader whose card was changed: the same serial number, another medium. (To give the
    node to another file would mean to let go of a device that another program may take.)"""
    talk = ask(str(used.iso), "--device", used.node)
    talk.see(QUESTION)
    os.truncate(used.file, SIZE + MIB)
    tool("losetup", "--set-capacity", used.node)
    talk.press(f"{used.file}\n".encode())
    assert talk.end() == 3, talk.text
    assert "no longer the same" in talk.text
    assert "Nothing was written" in talk.text
    os.truncate(used.file, SIZE)
    assert used.untouched()


def test_mounted_meanwhile(used: Stick, ask: Ask, tmp_path: Path) -> None:
    tool("mkfs.ext4", "-q", "-F", used.node, "64M")
    talk = ask(str(used.iso), "--device", used.node)
    talk.see(QUESTION)
    with mounted(used.node, tmp_path / "mnt"):
        talk.press(f"{used.file}\n".encode())
        assert talk.end() == 3, talk.text
    assert used.untouched()
    tool("fsck.ext4", "-n", used.node)


def test_the_iso_changes_meanwhile(used: Stick, ask: Ask, tmp_path: Path) -> None:
    used.iso = copy_of(used.iso, tmp_path, digest=True)
    talk = ask(str(used.iso), "--device", used.node)
    talk.see(QUESTION)
    with used.iso.open("r+b") as file:
        file.seek(17 * MIB)
        file.write(b"another")
    talk.press(f"{used.file}\n".encode())
    assert talk.end() == 2, talk.text
    assert "changed while it was read" in talk.text
    assert "not a usable stick now" in talk.text
    assert first_sector(used.node)[510:] == bytes(2)
