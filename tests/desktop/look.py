"""What the desktop tests look at: whether the picture on the screen stands still, and memory."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from vm.qemu import Vm
from vm.shell import Shell

IDLE_S = 60.0  # after the desktop is drawn, before memory is read
_STILL_S = 15.0  # a picture that long unchanged is mostly a finished one
_BARE = 0.015  # of all pixels: less is the background alone, and a pointer
_CHANGED = 0.004  # of all pixels: less is a clock or a pointer


@dataclass(frozen=True)
class Idle:
    """MemTotal less MemAvailable, and what lies in swap (zram); MiB."""

    used_mib: float
    swapped_mib: float


def screen(vm: Vm) -> Image.Image:
    with Image.open(vm.picture(vm.pc.folder / "screen.ppm")) as picture:
        return picture.convert("L")


def keep(vm: Vm, path: Path) -> Path:
    """A picture of the screen for people to look at, as PNG."""
    with Image.open(vm.picture(vm.pc.folder / "screen.ppm")) as picture:
        picture.save(path)
    return path


def changed(one: Image.Image, other: Image.Image) -> float:
    """Share of the pixels that differ visibly, 0 to 1; 1 where the size differs."""
    if one.size != other.size:
        return 1.0
    counts = ImageChops.difference(one, other).histogram()
    return sum(counts[16:]) / (one.width * one.height)


@dataclass(frozen=True)
class Drawn:
    """When the picture stood as it then stays. `seconds` by the clock, counted from the call;
    `processor_s` of QEMU since power-on: the same on a busy host, where the clock is not."""

    seconds: float
    processor_s: float


def wait_drawn(
    vm: Vm,
    shell: Shell,
    program: str,
    timeout_s: float = 1800.0,
    bare: Image.Image | None = None,
) -> Drawn:
    """The picture must stand still for 15 s, with `program` running; a `bare` background is none.

    Raises AssertionError where that does not come."""
    started = time.monotonic()
    last, since, worked = screen(vm), started, 0.0
    while True:
        time.sleep(0.5)
        now = time.monotonic()
        if now - started > timeout_s:
            kept = keep(vm, vm.pc.folder / "timeout.png")
            raise AssertionError(f"no desktop within {timeout_s:.0f} s; picture {kept}")
        picture = screen(vm)
        if changed(last, picture) > _CHANGED:
            last, since, worked = picture, now, _processor_s(vm)
        elif now - since > _STILL_S and _drawn(picture, bare) and _runs(shell, program):
            return Drawn(since - started, worked)


def _drawn(picture: Image.Image, bare: Image.Image | None) -> bool:
    return not blank(picture) and (bare is None or changed(picture, bare) > _BARE)


def blank(picture: Image.Image) -> bool:
    """One colour with perhaps a pointer or a cursor on it: a screen between two programs."""
    return max(picture.histogram()) > 0.98 * picture.width * picture.height


def _processor_s(vm: Vm) -> float:
    fields = Path(f"/proc/{vm.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # proc(5): utime, stime


def _runs(shell: Shell, program: str) -> bool:
    """False also while the serial shell does not answer yet."""
    try:
        return shell.run(f"pgrep -x {program}", 20)[0] == 0
    except AssertionError:
        return False


def idle_memory(shell: Shell) -> Idle:
    """After a minute in which nobody touches anything."""
    shell.wait_ready(60)
    time.sleep(IDLE_S)
    status, text = shell.run("cat /proc/meminfo", 30)
    assert status == 0, text
    facts = {
        words[0].rstrip(":"): int(words[1]) / 1024
        for words in (line.split() for line in text.splitlines())
        if len(words) >= 2 and words[1].isdigit()
    }
    return Idle(facts["MemTotal"] - facts["MemAvailable"], facts["SwapTotal"] - facts["SwapFree"])
