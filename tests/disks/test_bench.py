"""The bench itself: it measures what it says it measures, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.processors import ALL, NO_AES_NI, NO_SSSE3, PROCESSORS, Processor
from disks.rig import tool
from station_kit.places import TOP

BENCH = TOP / "tests" / "bench"
IN_GIT = (TOP / ".git").exists()  # else there is no earlier commit
# What bench.py does, without what comes before in it: the part that makes a cgroup.
THROTTLED = """
import signal, sys
from pathlib import Path
from bench.result import Result
from bench.throttled import on_throttled
signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
on_throttled(Result(), Path(sys.argv[1]), 9, [16 << 20, 160 << 20])
"""
# CPUID.(EAX=1):ECX (Intel SDM volume 2A, CPUID, table 3-10)
PCLMULQDQ, SSSE3, AES_NI = 1 << 1, 1 << 9, 1 << 25
SINCE_SSSE3 = SSSE3 | 1 << 19 | 1 << 20 | 1 << 23  # SSE4.1, SSE4.2, POPCNT
AVX = 1 << 28


def _openssl(processor: Processor) -> int:
    """ECX of CPUID.(EAX=1) as OpenSSL uses it."""
    told = subprocess.run(
        ["openssl", "info", "-cpusettings"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **processor.variables},
    ).stdout
    return int(told.split("OPENSSL_ia32cap=")[1].split(":")[0], 16) >> 32


def _glibc(processor: Processor) -> int:
    """The same register as the C library uses it."""
    told = subprocess.run(
        ["/lib64/ld-linux-x86-64.so.2", "--list-diagnostics"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **processor.variables},
    ).stdout
    key = "x86.cpu_features.features[0x0].active[0x2]="
    return int(next(line for line in told.splitlines() if line.startswith(key))[len(key) :], 16)


def test_a_processor_lacks_what_its_name_says() -> None:
    assert not ALL.variables, "as it is"
    assert not _openssl(NO_AES_NI) & (AES_NI | PCLMULQDQ)
    assert _openssl(NO_AES_NI) & SSSE3 == _openssl(ALL) & SSSE3
    assert not _openssl(NO_SSSE3) & (AES_NI | PCLMULQDQ | SSSE3)
    assert not _glibc(NO_AES_NI) & AVX
    assert _glibc(NO_AES_NI) & SINCE_SSSE3 == _glibc(ALL) & SINCE_SSSE3
    assert not _glibc(NO_SSSE3) & (AVX | SINCE_SSSE3)


def test_no_variable_is_empty() -> None:
    """An empty OPENSSL_ia32cap would take everything away."""
    assert all(value for one in PROCESSORS for value in one.variables.values())


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, object]]]:
    """All but nwipe, on devices too small for a promise to mean anything."""
    file = tmp_path_factory.mktemp("bench") / "bench.json"
    options = ["--quick", "--mib", "320", "--turns", "1", "--json", str(file)]
    options += ["--against", "HEAD"] if IN_GIT else []
    done = subprocess.run(
        [sys.executable, str(BENCH / "bench.py"), *options],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    whole: dict[str, list[dict[str, object]]] = json.loads(file.read_text())
    return whole


@pytest.mark.parametrize("name", ["all features", "without AES-NI", "without SSSE3"])
def test_each_processor_is_measured(name: str, found: dict[str, list[dict[str, object]]]) -> None:
    claims = {str(claim["name"]) for claim in found["claims"]}
    if IN_GIT:
        git = ("git", "-c", f"safe.directory={TOP}", "-C", str(TOP))
        assert f"{name}: reprise erase / {tool(*git, 'rev-parse', '--short', 'HEAD')}" in claims
    assert {
        f"{name}: reprise erase / shred + cmp",
        f"{name}: CPU, reprise / (openssl + dd)",
    } <= claims


def test_throttled_drives_are_measured(found: dict[str, list[dict[str, object]]]) -> None:
    claims = {str(claim["name"]) for claim in found["claims"]}
    assert {
        f"without AES-NI, {drives} x 500 MB/s: reprise {ours} / dd {theirs}"
        for drives in (1, 2)
        for ours, theirs in (("write", "write"), ("verify", "read"))
    } <= claims


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("part", ["in memory", "throttled"])
def test_a_killed_bench_leaves_nothing(part: str, number: signal.Signals, tmp_path: Path) -> None:
    argv = {
        "in memory": ["bench/bench.py", "--quick", "--mib", "320", "--json", f"{tmp_path}/json"],
        "throttled": ["-c", THROTTLED, str(tmp_path)],
    }[part]
    bench = subprocess.Popen(
        [sys.executable, *argv],
        cwd=BENCH.parent,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert bench.stderr is not None
    with bench.stderr:
        for line in bench.stderr:
            if "reprise write + verify" in line:
                break
        else:
            assert part == "throttled", "the bench ended by itself"
            pytest.skip("this kernel throttles no device")
        assert _left(bench.pid, tmp_path)
        bench.send_signal(number)
        bench.wait(30)
    assert not _left(bench.pid, tmp_path)


def _left(bench: int, folder: Path) -> list[str]:
    """Its loop devices, folders in memory, cgroup."""
    loops = tool("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE").splitlines()
    name = f"reprise-bench-{bench}"
    return [
        *(line for line in loops if str(folder) in line or name in line),
        *map(str, Path("/sys/fs/cgroup").glob(f"**/{name}")),
        *map(str, Path("/dev/shm").glob(f"{name}-*")),
    ]
