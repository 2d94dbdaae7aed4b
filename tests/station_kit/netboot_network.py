"""A bench as network namespaces of this machine: a router that gives addresses, the technician's
PC, and a plug for the PC to start, on one switch. Nothing reaches the machine's own network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from station_kit.processes import until

ROUTER, SERVER, PLUG = "10.77.0.1", "10.77.0.2", "10.77.0.9"
_GIVEN = "10.77.0.100,10.77.0.150,255.255.255.0,1h"


def missing() -> str:
    """Why no such bench can be made here; "" where it can."""
    if os.geteuid() != 0:
        return "needs root for network namespaces"
    for tool in ("ip", "dnsmasq"):
        if shutil.which(tool) is None:
            return f"needs {tool}: make deps"
    name = f"rp{os.getpid()}try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return f"no network namespaces here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "delete", name], check=True, capture_output=True)
    return ""


@dataclass(frozen=True)
class Bench:
    """`name`: the namespace of the technician's PC, whose card is `card`; its switch has a plug
    `tap` for QEMU. `plug`: a namespace that stands in the place of a PC to start, on `plug0`."""

    name: str
    plug: str
    card: str = "card0"
    tap: str = "tap0"

    def inside(self, *argv: str | Path, where: str = "") -> list[str]:
        """The command line that runs another one on the technician's PC, or at the plug."""
        return ["ip", "netns", "exec", where or self.name, *map(str, argv)]

    def reprise(self, *words: str | Path) -> list[str]:
        return self.inside(sys.executable, "-m", "reprise", "--lang", "en", *words)


def _ip(*words: str, inside: str = "") -> None:
    where = ["-n", inside] if inside else []
    subprocess.run(["ip", *where, *words], check=True, capture_output=True, text=True)


@contextmanager
def _namespace(name: str) -> Iterator[str]:
    _ip("netns", "add", name)
    try:
        _ip("link", "set", "lo", "up", inside=name)
        yield name
    finally:
        _ip("netns", "delete", name)


def _cable(switch: str, end: str, name: str, address: str) -> None:
    """From the switch to a card `name` in the namespace `end`."""
    port = f"p-{name}"
    _ip("link", "add", port, "type", "veth", "peer", "name", name, "netns", end, inside=switch)
    _ip("link", "set", port, "master", "switch", "up", inside=switch)
    _ip("address", "add", f"{address}/24", "dev", name, inside=end)
    _ip("link", "set", name, "up", inside=end)


@contextmanager
def _running(argv: Sequence[str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(argv, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def netboot_network(scratch: Path, *, router: bool = True) -> Iterator[Bench]:
    """`router`: whether the network has a DHCP server of its own (dnsmasq as any router has it,
    which knows nothing of network starts)."""
    base = f"rp{os.getpid()}"
    with ExitStack() as stack:
        server, far, plug = (
            stack.enter_context(_namespace(f"{base}{kind}")) for kind in ("s", "r", "p")
        )
        _ip("link", "add", "switch", "type", "bridge", inside=server)
        _ip("link", "set", "switch", "up", inside=server)
        _cable(server, server, "card0", SERVER)
        _cable(server, far, "router0", ROUTER)
        _cable(server, plug, "plug0", PLUG)
        bench = Bench(server, plug)
        if router:
            argv = bench.inside(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=0",
                "--interface=router0",
                "--bind-interfaces",
                f"--dhcp-range={_GIVEN}",
                f"--dhcp-leasefile={scratch}/router-leases",
                "--pid-file=",
                "--log-facility=-",
                "--user=root",
                where=far,
            )
            stack.enter_context(_running(argv, scratch / "router.log"))
        yield bench


def add_tap(bench: Bench) -> None:
    """A plug of the switch for QEMU. Raises CalledProcessError where the kernel has no TUN/TAP."""
    _ip("tuntap", "add", bench.tap, "mode", "tap", inside=bench.name)
    _ip("link", "set", bench.tap, "master", "switch", "up", inside=bench.name)


class Serving:
    """`reprise netboot` while it runs. It says on standard error what it does."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    def said(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def hears(self, words: str) -> None:
        until(lambda: words in self.said() or self.process.poll() is not None, words)
        assert words in self.said(), self.said()

    def ends(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def serving(bench: Bench, scratch: Path, *words: str | Path) -> Iterator[Serving]:
    log = scratch / "netboot.log"
    argv = bench.reprise("netboot", *words, "--interface", bench.card)
    with log.open("wb") as out:
        process = subprocess.Popen(argv, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        yield Serving(process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
