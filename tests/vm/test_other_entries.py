"""The start menu's other entries: by ear and by braille, and on the serial port."""

from __future__ import annotations

import codecs
import re
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from vm.media import extract, kernel_and_initrd
from vm.qemu import Disk, Pc, Vm, running
from vm.screen import Console, Font, Reader
from vm.shell import Shell
from vm.surfaces import MIB
from vm.technician import SLOW

GREETING = "Reprise, ligne à ligne."
_LOUD = 1000  # of 32767: above whatever a mixer hums
_SPOKEN_S = 2.0


def sound(wav: Path) -> list[str]:
    """QEMU's end of the loudspeakers' wire."""
    sink = f"wav,id=ear,path={wav},out.frequency=44100,out.channels=2,out.format=s16"
    return ["-audiodev", sink, "-device", "intel-hda", "-device", "hda-output,audiodev=ear"]


def spoken_s(wav: Path) -> float:
    """How many seconds of a recording are loud: counted in tenths of a second."""
    samples = wav.read_bytes()[44:]
    tenth = 44100 // 10 * 4
    loud = 0
    for at in range(0, len(samples) - tenth, tenth):
        values = struct.unpack(f"<{tenth // 2}h", samples[at : at + tenth])
        loud += max(map(abs, values)) > _LOUD
    return loud / 10


def drive(image: Path) -> Disk:
    with image.open("wb") as out:
        out.truncate(64 * MIB)
    return Disk(image, "sata", "HDD-EAR")


def chooses(vm: Vm, key: str) -> None:
    """Presses a hotkey of the start menu once its picture is there, and twice more: the first one
    may fall into the menu's tone, which a key ends."""
    end = time.monotonic() + 60 * SLOW
    while time.monotonic() < end:
        with Image.open(vm.picture(vm.pc.folder / "menu.ppm")) as picture:
            if picture.width == 1024:  # of grub.cfg's gfxmode
                for _again in range(3):
                    vm.press(key)
                    time.sleep(0.5)
                return
        time.sleep(0.2)
    raise AssertionError("no start menu")


@dataclass
class ByEar:
    first: str
    drives: str
    wav: Path


@pytest.fixture(scope="module")
def by_ear(iso: Path, font: Font, bench: Path) -> ByEar:
    """A person who presses B, and then Enter only."""
    folder = bench / "by-ear"
    disks = [Disk(iso, "cdrom", boot_index=0), drive(bench / "by-ear.img")]
    wav = folder / "spoken.wav"
    with running(Pc(folder, disks, extra=sound(wav))) as vm:
        chooses(vm, "b")
        console = Console(vm, Reader(font))
        first = console.wait_for("1 sur 4.", 150 * SLOW)
        console.keep("first-question")
        for question in ("2 sur 4.", "3 sur 4.", "4 sur 4.", "D : tous les détails"):
            vm.press("ret")
            console.wait_for(question, 30 * SLOW)
        vm.press("ret")
        drives = console.wait_for("N : nouvelle lecture", 60 * SLOW)
        console.keep("drives")
        time.sleep(10)  # of speech
    return ByEar(first, drives, wav)


def test_b_brings_the_station_line_by_line_in_french(by_ear: ByEar) -> None:
    assert GREETING in by_ear.first
    assert "REPRISE   " not in by_ear.first, "the screens came instead"
    assert not set("│─█") & set(by_ear.first)


def test_enter_leads_to_the_drives(by_ear: ByEar) -> None:
    assert "HDD-EAR" in by_ear.drives
    assert "SERA EFFACÉ" in by_ear.drives


def test_it_is_spoken(by_ear: ByEar) -> None:
    assert spoken_s(by_ear.wav) >= _SPOKEN_S


class Wire:
    """A terminal at the other end of the serial cable."""

    def __init__(self, plug: socket.socket) -> None:
        self._plug, self.said = plug, ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # letters come in halves
        self._plug.settimeout(0.5)

    def hears(self, words: str, timeout_s: float) -> str:
        """What came up to these words; it is not heard again."""
        end = time.monotonic() + timeout_s
        while words not in self.said:
            assert time.monotonic() < end, f"no “{words}” on the serial port:\n{self.said[-2000:]}"
            try:
                self.said += self._decoder.decode(self._plug.recv(65536))
            except TimeoutError:
                continue
        before, _, self.said = self.said.partition(words)
        return before

    def types(self, text: str) -> None:
        self._plug.sendall(text.encode() + b"\r")


@dataclass
class OnTheWire:
    wire: Wire
    shell: Shell


@pytest.fixture(scope="module")
def on_the_wire(
    iso: Path, bench: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OnTheWire]:
    """The serial entry's own words, those of speech and braille, and a root shell on a second
    port."""
    folder = tmp_path_factory.mktemp("boot")
    kernel, initrd = kernel_and_initrd(iso, folder)
    menu = extract(iso, "/boot/grub/grub.cfg", folder / "grub.cfg").read_text()
    found = re.search(r"--hotkey=t \{\s+linux \S+ (.*)", menu)
    assert found
    words = f"{found[1]} reprise.speech reprise.braille systemd.debug_shell=ttyS1"
    bench = bench / "on-the-wire"
    extra = [*sound(bench / "spoken.wav"), "-serial", f"unix:{bench}/shell,server=on,wait=off"]
    disks = [Disk(iso, "cdrom"), drive(bench.with_suffix(".img"))]
    pc = Pc(bench, disks, kernel=(kernel, initrd, words), extra=extra)
    with running(pc) as vm:
        wire, shell = Wire(vm.serial()), Shell(vm, "shell")
        yield OnTheWire(wire, shell)


def test_the_serial_port_asks_and_takes_answers(on_the_wire: OnTheWire) -> None:
    wire = on_the_wire.wire
    wire.hears(GREETING, 150 * SLOW)
    said = ""
    questions = ("1 sur 4.", "2 sur 4.", "3 sur 4.", "4 sur 4.", "D : tous", "N : nouvelle lecture")
    for question in questions:
        said += wire.hears(question, 60 * SLOW)
        if question != questions[-1]:
            wire.types("")
    assert "HDD-EAR" in said
    assert "SERA EFFACÉ" in said
    assert "\x1b" not in said, "plain lines move no cursor"


def test_the_screen_stands_beside_it_and_speech_and_braille_run(on_the_wire: OnTheWire) -> None:
    shell = on_the_wire.shell
    shell.wait_ready(60 * SLOW)
    for unit in ("station", "serial", "speech", "braille", "engine"):
        status, said = shell.run(f"systemctl is-active reprise-{unit}", 30 * SLOW)
        assert (status, said) == (0, "active"), unit
    status, processes = shell.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '", 30 * SLOW)
    assert "station run --linear" in processes
    assert re.search(r"station run (?!--linear)", processes), "the screens on the console"
    assert "espeakup --default-voice=fr" in processes
    assert shell.run("lsmod | grep -q ^speakup_soft")[0] == 0


def test_no_port_listens_for_speech_and_braille(on_the_wire: OnTheWire) -> None:
    _status, sockets = on_the_wire.shell.run("ss -Hltnu")
    assert [row for row in sockets.splitlines() if ":68 " not in row] == []
    _status, unix = on_the_wire.shell.run("ss -Hlx | grep -i brl")
    assert unix == ""
