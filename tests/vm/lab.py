"""The emulated drives' lab in a guest: the image's own kernel and tools, this checkout's code.

    .venv/bin/python tests/vm/lab.py [--iso PATH] [--time-limit S] [pytest arguments …]

boots the image's kernel with a root shell on the serial port, mounts a disk that holds the tests,
pytest and `app/reprise` of the checkout, and runs the tests in there (default: all of `tests/lab`;
paths count from the checkout). Its output is pytest's, its exit code is pytest's (3 where the guest
gave no result). The wheels with C extensions come from the image.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tarfile
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

if not __package__:  # run as a script: its own folder would make this file the package `lab`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from lab import cases, table
from vm.lab_disk import MIB, lab_disk
from vm.media import ISO, ROOT, kernel_and_initrd, start_words
from vm.qemu import Disk, Pc, acceleration, running
from vm.shell import Shell

LAB_SERIAL, RESULTS_SERIAL = "REPRISE-LAB", "REPRISE-RESULTS"
RESULTS_BYTES = 64 * MIB
SLOW = 1.0 if acceleration() == "kvm" else 4.0
NO_RESULT = 3
Row = cases.Case


@dataclass(frozen=True)
class Case:
    """One guest test. `outcome`: "passed", "failed" or "skipped"; `file`: its name only."""

    file: str
    name: str
    outcome: str
    seconds: float
    words: str = ""

    @property
    def function(self) -> str:
        return self.name.partition("[")[0]


@dataclass(frozen=True)
class LabRun:
    """`status` is pytest's exit code. Times in seconds; `boot_s`: power-on to shell."""

    status: int
    cases: tuple[Case, ...]
    output: str
    boot_s: float
    tests_s: float
    kernel_log: str = ""
    rows: tuple[Row, ...] = ()


@dataclass
class Lab:
    """What to run. `arguments`: pytest's, paths relative to the checkout."""

    iso: Path
    folder: Path
    arguments: Sequence[str] = ()
    time_limit_s: float = 3600.0
    hear: Callable[[str], object] = field(default=lambda _text: None)


class LoudShell(Shell):
    """A serial shell that lets somebody listen while a command runs."""

    hear: Callable[[str], object] | None = None
    _told = 0

    def _read_until(self, mark: bytes, timeout_s: float) -> bytes:
        """The same as in Shell, in slices, so that what came so far can be told."""
        end = time.monotonic() + timeout_s
        self._told = 0
        while True:
            try:
                before = super()._read_until(mark, 1.0)
            except AssertionError:
                self._tell(self._seen[: max(0, len(self._seen) - len(mark))])
                if time.monotonic() > end:
                    raise
                continue
            self._tell(before.rpartition(b"\n")[0])
            return before

    def _tell(self, seen: bytes) -> None:
        if self.hear is not None and len(seen) > self._told:
            self.hear(seen[self._told :].decode("utf-8", "replace").replace("\r", ""))
            self._told = len(seen)


def command_line(iso: Path, folder: Path) -> str:
    """The start menu's first kernel line, with a root shell and no service beside it: the station
    would probe the lab's drives in the middle of a test. Nothing is copied to memory first."""
    alone = ["systemd.unit=sysinit.target", "systemd.debug_shell=ttyS0", "notoram"]
    return " ".join([*start_words(iso, folder), *alone])


def _node(serial: str) -> str:
    find = f'while read n s; do [ "$s" = {serial} ] && echo /dev/$n; done'
    return f'"$(lsblk -dno NAME,SERIAL | {find})"'


def parse_cases(junit: str) -> tuple[Case, ...]:
    """pytest's junit XML (family xunit2)."""
    return tuple(_case(node) for node in ET.fromstring(junit).iter("testcase"))  # noqa: S314 (ours)


def _case(node: ET.Element) -> Case:
    outcome, words = "passed", ""
    for kind, means in (("skipped", "skipped"), ("failure", "failed"), ("error", "failed")):
        result = node.find(kind)
        if result is not None:
            outcome, words = means, (result.get("message") or "") + "\n" + (result.text or "")
    file = node.get("classname", "").split(".")
    name = next((part for part in file if part.startswith("test_")), file[-1])
    return Case(name, node.get("name", ""), outcome, float(node.get("time", "0")), words.strip())


def _prepare(shell: LoudShell) -> None:
    steps = (
        "mkdir -p /lab /run/lab-results",
        f"mount -o noatime {_node(LAB_SERIAL)} /lab",
        "ip link set lo up",
        "test -d /lab/tests/lab",
    )
    for step in steps:
        status, text = shell.run(step, 30 * SLOW)
        if status:
            raise RuntimeError(f"the guest could not prepare ({step}): {text}")


def _pytest(lab: Lab) -> str:
    words = ["timeout", "-k", "30", str(int(lab.time_limit_s)), "python3", "-m", "pytest"]
    words += ["-c", "/lab/pytest.ini", "--rootdir=/lab", "-o", "junit_family=xunit2"]
    words += ["--junitxml=/run/lab-results/junit.xml", *lab.arguments]
    paths = "PYTHONPATH=/lab/app:/lab/site:/usr/lib/reprise/site"
    size = "TERM=dumb COLUMNS=120 LC_ALL=C.UTF-8 REPRISE_LAB=1"
    size += " REPRISE_LAB_CASES=/run/lab-results/cases.jsonl"
    return f"cd /lab && {size} {paths} {shlex.join(words)} </dev/null 2>&1"


def run_lab(lab: Lab) -> LabRun:
    """Boot, run, bring back. Raises AssertionError or RuntimeError where the guest is silent."""
    lab.folder.mkdir(parents=True, exist_ok=True)
    kernel, initrd = kernel_and_initrd(lab.iso, lab.folder)
    line = command_line(lab.iso, lab.folder)
    results = lab.folder / "results.img"
    with results.open("wb") as out:
        out.truncate(RESULTS_BYTES)
    disks = [
        Disk(lab.iso, "cdrom"),
        Disk(lab_disk(lab.folder / "lab.img", lab.folder), "sata", LAB_SERIAL),
        Disk(results, "sata", RESULTS_SERIAL),
    ]
    pc = Pc(lab.folder, disks, kernel=(kernel, initrd, line))
    began = time.monotonic()
    with running(pc) as vm:
        shell = LoudShell(vm)
        shell.wait_ready(120 * SLOW)
        shell.run("systemctl is-system-running --wait", 120 * SLOW)
        _prepare(shell)
        booted = time.monotonic()
        shell.hear = lab.hear
        status, output = shell.run(_pytest(lab), lab.time_limit_s + 120)
        shell.hear = None
        ended = time.monotonic()
        shell.run("dmesg >/run/lab-results/dmesg.txt", 60)
        shell.run(f"tar -C /run/lab-results -cf {_node(RESULTS_SERIAL)} . && sync", 60 * SLOW)
    with tarfile.open(results) as tar:
        tar.extractall(lab.folder, filter="data")
    junit = lab.folder / "junit.xml"
    ran = parse_cases(junit.read_text()) if junit.exists() else ()
    log = (lab.folder / "dmesg.txt").read_text(errors="replace")
    rows = cases.read(lab.folder / "cases.jsonl")
    return LabRun(status, ran, output, booted - began, ended - booted, log, rows)


def lab_files(folder: Path = ROOT / "tests" / "lab") -> list[Path]:
    return sorted(folder.glob("test_*.py"))


# Tests of the emulated drives themselves, with real tools: `make lab` runs these, too.
_OF_THE_DRIVES = ("_drive", "_nvme_sanitize")


def of_the_product() -> list[Path]:
    """The lab's files that try Reprise, not only the drives it is tried on."""
    return [path for path in lab_files() if not any(part in path.stem for part in _OF_THE_DRIVES)]


def shards(files: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """The test files by the drives they are about, paths from the checkout. Each part has a guest
    of its own: a guest's tests use one processor."""
    parts: dict[str, list[str]] = {"nvme": [], "scsi": [], "ata": []}
    for path in files:
        kind = next((part for part in parts if f"_{part}_" in path.name), "ata")
        parts[kind].append(f"tests/lab/{path.name}")
    return {kind: tuple(names) for kind, names in parts.items()}


def _lines_of(kind: str, hear: Callable[[str], object]) -> Callable[[str], None]:
    """Guests talk at once: whole lines, each with its guest's name."""
    held = ""

    def take(text: str) -> None:
        nonlocal held
        *lines, held = (held + text).split("\n")
        for line in lines:
            hear(f"[{kind}] {line}\n")

    return take


def run_side_by_side(lab: Lab) -> LabRun:
    """All lab tests, two guests at once. Raises what run_lab raises."""
    parts = [
        replace(
            lab,
            folder=lab.folder / kind,
            arguments=(*lab.arguments, *names),
            hear=_lines_of(kind, lab.hear),
        )
        for kind, names in shards(lab_files()).items()
    ]
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(run_lab, parts))
    return LabRun(
        status=max(run.status for run in runs),
        cases=tuple(case for run in runs for case in run.cases),
        output="\n".join(run.output for run in runs),
        boot_s=max(run.boot_s for run in runs),
        tests_s=max(run.tests_s for run in runs),
        kernel_log="\n".join(run.kernel_log for run in runs),
        rows=tuple(sorted({row for run in runs for row in run.rows})),
    )


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--iso", type=Path, default=ISO)
    parser.add_argument("--time-limit", type=float, default=3600.0, help="seconds, for the tests")
    parser.add_argument("--docs", action="store_true", help="write the table of cases: docs/")
    parser.add_argument("--dmesg", action="store_true", help="print the guest's kernel log too")
    options, rest = parser.parse_known_args(argv)
    if not options.iso.exists():
        print(f"{options.iso} is missing: make image, or --iso PATH", file=sys.stderr)
        return NO_RESULT
    with tempfile.TemporaryDirectory(prefix="reprise-lab-") as folder:
        lab = Lab(
            options.iso.resolve(), Path(folder), tuple(rest), options.time_limit, _print_lines()
        )
        some = any(_names_tests(word) for word in rest)
        try:
            run = run_lab(lab) if some else run_side_by_side(lab)
        except (AssertionError, RuntimeError, OSError, tarfile.TarError) as error:
            print(f"the guest gave no result: {error}", file=sys.stderr)
            return NO_RESULT
    if options.dmesg:
        print(run.kernel_log)
    if options.docs and run.status == 0:
        table.write(run.rows)
    print(f"\nguest up after {run.boot_s:.0f} s, tests took {run.tests_s:.0f} s, exit {run.status}")
    return run.status


def _names_tests(word: str) -> bool:
    return word.startswith("tests/")


def _print_lines() -> Callable[[str], None]:
    def show(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    return show


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
