"""How long the image takes to the station's first screen, against the same image's plain log-in
prompt, in one run.

    python tests/bench/boot_time.py [--iso FILE] [--rounds 3] [--json FILE] [--why]        (root)

Both start in a virtual PC with 1 GiB from a new stick, the kernel being started directly with the
command line of the image's own menu. Time runs on the guest's clock, from kernel start to the
picture that a person sees. The two take turns; the best of each counts. Nothing is copied to
memory (`notoram`) on either side. Exit code 1 where the promise is not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vm.media import ISO, console_fonts, extract, kernel_and_initrd
from vm.qemu import Disk, Pc, Vm, acceleration, running
from vm.screen import Console, Fonts, Reader
from vm.shell import Shell
from vm.surfaces import MIB, make_stick
from vm.technician import SLOW, START, on

MOST = 1.3
POLL_S = 0.2
STICK_MIB = 1536
# Equal for both: nothing is copied to memory, and a root shell on the serial port tells the time.
BOTH = ("notoram", "systemd.debug_shell=ttyS0")
# The image without its programs, and the log-in prompt that any Debian shows on its first console.
PLAIN = (
    *(f"systemd.mask=reprise-{name}.service" for name in ("station", "engine", "stick", "uplink")),
    "systemd.wants=getty@tty1.service",
)


@dataclass(frozen=True)
class Boot:
    """One start. Seconds from kernel start to the awaited picture, on the guest's clock;
    `off_s`: by how much that clock may have been read wrong; `cpu_s`: what QEMU had computed by
    then, which other work on this machine changes little."""

    what: str
    seconds: float
    off_s: float
    cpu_s: float


@dataclass(frozen=True)
class Image:
    """What a start needs, taken out of the ISO once."""

    iso: Path
    kernel: Path
    initrd: Path
    words: tuple[str, ...]
    fonts: Fonts


@dataclass(frozen=True)
class Goal:
    """What is started and which picture is awaited. `unit`: shows it."""

    name: str
    unit: str
    extra: tuple[str, ...]
    reached: Callable[[str], bool]


STATION = Goal("station", "reprise-station.service", (), lambda text: on(START, text))
LOG_IN = Goal("log-in prompt", "getty@tty1.service", PLAIN, lambda text: " login:" in text)


def open_image(iso: Path, folder: Path) -> Image:
    """Raises StopIteration where the menu of the ISO has no entry."""
    kernel, initrd = kernel_and_initrd(iso, folder)
    menu = extract(iso, "/boot/grub/grub.cfg", folder / "grub.cfg").read_text()
    line = next(row for row in menu.splitlines() if row.strip().startswith("linux"))
    return Image(iso, kernel, initrd, tuple(line.split()[2:]), console_fonts(iso, folder))


def guest_start(shell: Shell) -> tuple[float, float]:
    """When the guest's clock began, on this machine's monotonic clock, and how far that may be
    wrong: the answer came at some moment between question and reply, so the quickest one counts."""
    best = (0.0, float("inf"))
    for _try in range(5):
        asked = time.monotonic()
        # the shell's own words only: starting a program takes a while on a busy machine
        status, text = shell.run("read up idle < /proc/uptime && echo $up", 60 * SLOW)
        took = time.monotonic() - asked
        if status == 0 and took / 2 < best[1]:
            # the line's last word: a slow terminal echoes the question before it
            best = (asked + took / 2 - float(text.split()[-1]), took / 2)
    return best


@dataclass
class Watch(Console):
    """A console that knows when, on this machine's monotonic clock, it last took a picture."""

    taken: float = 0.0

    def text(self) -> str:
        self.taken = time.monotonic()
        return super().text()


def cpu_seconds(process: int) -> float:
    """User and system time of a process and its threads so far (proc_pid_stat(5), 14 and 15)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def explain(shell: Shell, unit: str) -> str:
    """What systemd knows of the time before `unit`."""
    shell.run("systemctl is-system-running --wait", 180 * SLOW)
    commands = (
        "systemd-analyze time",
        f"systemd-analyze critical-chain {unit}",
        "systemd-analyze blame | head -n 25",
    )
    return "\n\n".join(
        shell.run(f"SYSTEMD_PAGER= SYSTEMD_COLORS=0 {one}", 60 * SLOW)[1] for one in commands
    )


def boot(image: Image, goal: Goal, folder: Path, *, why: bool) -> Boot:
    """Start the PC once, keep the picture as PNG, switch it off. Raises ScreenTimeoutError."""
    folder.mkdir(parents=True, exist_ok=True)
    stick = make_stick(image.iso, folder / "stick.img", STICK_MIB * MIB)
    line = " ".join((*image.words, *BOTH, *goal.extra))
    pc = Pc(
        folder,
        [Disk(stick, "usb", "STICK-BENCH")],
        memory_mib=1024,
        kernel=(image.kernel, image.initrd, line),
    )
    try:
        with running(pc) as vm:
            return _measure(vm, image.fonts, goal, why=why)
    finally:
        stick.unlink()


def _measure(vm: Vm, fonts: Fonts, goal: Goal, *, why: bool) -> Boot:
    console = Watch(vm, Reader(fonts))
    console.wait_until(goal.reached, goal.name, 300 * SLOW, POLL_S)
    seen, computed = console.taken, cpu_seconds(vm.process.pid)
    console.keep(goal.name)
    shell = Shell(vm)
    shell.wait_ready(60 * SLOW)
    began, off = guest_start(shell)
    if why:
        print(explain(shell, goal.unit), file=sys.stderr, flush=True)
    return Boot(goal.name, round(seen - began, 2), round(off, 2), round(computed, 1))


def table(boots: Sequence[Boot], rounds: int) -> str:
    heads = "".join(f"{f'round {number + 1}':>10}" for number in range(rounds))
    lines = [f"{'kernel start to':20}{heads}{'best':>10}{'CPU':>10}"]
    for goal in (LOG_IN, STATION):
        found = [one.seconds for one in boots if one.what == goal.name]
        cpu = min(one.cpu_s for one in boots if one.what == goal.name)
        cells = "".join(f"{seconds:8.1f} s" for seconds in (*found, min(found), cpu))
        lines.append(f"{goal.name:20}{cells}")
    return "\n".join(lines)


def best(boots: Sequence[Boot], goal: Goal) -> float:
    return min(one.seconds for one in boots if one.what == goal.name)


def main() -> int:
    parser = argparse.ArgumentParser(description="Start of the station against a log-in prompt.")
    parser.add_argument("--iso", type=Path, default=ISO)
    parser.add_argument("--rounds", type=int, default=3, help="starts of each")
    parser.add_argument("--json", type=Path, default=Path("build/boot_time.json"))
    parser.add_argument("--why", action="store_true", help="say where systemd spends the time")
    args = parser.parse_args()
    if not args.iso.exists():
        raise SystemExit(f"boot_time: no {args.iso}: run `make image` first")
    if os.geteuid() != 0:
        raise SystemExit("boot_time: the image is taken apart as root")
    pictures = args.json.parent / "vm" / "boot_time"
    boots: list[Boot] = []
    with tempfile.TemporaryDirectory(prefix="reprise-boot-") as made:
        image = open_image(args.iso, Path(made))
        for number in range(1, args.rounds + 1):
            for goal in (LOG_IN, STATION):
                say = f"round {number} of {args.rounds}: {goal.name} …"
                print(say, file=sys.stderr, flush=True)
                folder = pictures / f"{number}-{goal.name[:7]}"
                boots.append(boot(image, goal, folder, why=args.why))
    ratio = round(best(boots, STATION) / best(boots, LOG_IN), 2)
    kept = ratio <= MOST
    print(table(boots, args.rounds))
    print(f"station / log-in prompt: {ratio} (at most {MOST}; {acceleration()})")
    args.json.parent.mkdir(parents=True, exist_ok=True)
    found = {"boots": [asdict(one) for one in boots], "ratio": ratio, "most": MOST}
    args.json.write_text(json.dumps({**found, "acceleration": acceleration()}, indent=2) + "\n")
    print("promise kept" if kept else "THE PROMISE IS NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
